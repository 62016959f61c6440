/** Incidents: what a duty officer sees and works on. */
import Type from 'typebox';
import { type IncidentsQuestion, readIncidents } from '#analytics/store/alerts/incidents.ts';
import { readAlerts } from '#analytics/store/alerts/read.ts';
import { AlertId, IncidentWork } from '#models/schema/alert.ts';
import { IncidentDetails, IncidentQuery, type IncidentQuery as Query, WorkInput } from '#models/schema/alert-query.ts';
import { IncidentList, type IncidentView } from '#models/schema/alert-view.ts';
import { FaultError } from '#models/schema/fault.ts';
import { countStates, findIncident, storedUpTo, viewIncidents } from '../alerts/find.ts';
import { cursorOf, readPage } from '../alerts/page.ts';
import { severitiesOf } from '../alerts/scope.ts';
import { workOn } from '../alerts/work.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { askFigure } from '../figures/ask.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['alerts'];
const Params = Type.Object({ id: AlertId });
/** The store knows of work at the latest then; of what is newer the registry is asked. */
const TOUCHED_MS = 60_000;
const TOUCHED_MAX = 500;
const ALERTS_MAX = 200;

export function addIncidentRoutes(app: App, context: Context): void {
  app.get('/incidents', {
    config: { action: 'alert.read' },
    schema: {
      tags,
      operationId: 'listIncidents',
      summary: 'Incidents with what people did with them, latest first, a page at a time',
      querystring: IncidentQuery,
      response: { 200: IncidentList },
    },
    handler: async (request, reply) => {
      const { query } = request;
      const asked = readPage(query, { principal: principalOf(request), context });
      const question: IncidentsQuestion = {
        ...asked,
        severities: severitiesOf(query.severity),
        states: query.state?.split(','),
        marks: query.mark?.split(','),
        family: query.family,
        kind: query.kind,
        text: query.text,
        touched: justTouched(context),
      };
      return askFigure({ request, reply, context }, async (signal) => {
        const sequence = await storedUpTo(context);
        const found = await readIncidents(context.reader, question, { signal });
        const cursor = cursorOf(found.length < asked.limit ? undefined : found.at(-1), ({ lastAtMs }) => lastAtMs);
        const counts = await countStates(question, context, { signal });
        const views = await viewIncidents(found, context, { signal });
        return { incidents: views.filter((view) => isMeant(view, query)), cursor, counts, sequence };
      });
    },
  });

  app.get('/incidents/:id', {
    config: { action: 'alert.read' },
    schema: {
      tags,
      operationId: 'readIncident',
      summary: 'One incident with its latest alerts',
      params: Params,
      response: { 200: IncidentDetails },
    },
    handler: async (request, reply) => {
      const found = await findIncident(request.params.id, principalOf(request), context);
      const areas = principalOf(request).user.scope;
      return askFigure({ request, reply, context }, async (signal) => {
        const { id, firstAtMs, lastAtMs } = found;
        const period = { fromMs: firstAtMs - TOUCHED_MS, toMs: Math.max(lastAtMs, Date.now()) };
        const question = { areas, ...period, incident: id, limit: ALERTS_MAX };
        const [[view], alerts] = await Promise.all([
          viewIncidents([found], context, { signal }),
          readAlerts(context.reader, question, { signal }),
        ]);
        if (view === undefined) throw new FaultError('not-found', `the alerts of incident "${id}" are not stored yet`);
        return { ...view, alerts };
      });
    },
  });

  app.post('/incidents/:id/work', {
    config: { action: 'alert.work' },
    schema: {
      tags,
      operationId: 'workOnIncident',
      summary: 'Acknowledge, mark (right, wrong, useless), close or note; everybody who watches is told',
      description:
        'With `revision` (workRevision as it was read, x-work-revision of the answer before) it is refused where another was faster.',
      params: Params,
      body: WorkInput,
      response: { 200: IncidentWork },
    },
    handler: async (request, reply) => {
      const { state, mark } = request.body;
      request.auditNote = { incident: request.params.id, ...(state && { state }), ...(mark && { mark }) };
      const principal = principalOf(request);
      const { work, revision } = await workOn(request.params.id, request.body, { principal, context });
      return reply.header('x-work-revision', revision).send(work);
    },
  });
}

function justTouched({ alerting }: Context): string[] {
  const since = Date.now() - TOUCHED_MS;
  const touched = alerting.incidentWork.list().filter(({ changedAtMs }) => changedAtMs > since);
  return touched.slice(-TOUCHED_MAX).map(({ incident }) => incident);
}

/** What was just touched came whatever its state: the registry has the last word. */
function isMeant({ work }: IncidentView, { state, mark }: Query): boolean {
  const isState = state === undefined || state.split(',').includes(work?.state ?? 'open');
  return isState && (mark === undefined || mark.split(',').includes(work?.mark ?? 'none'));
}
