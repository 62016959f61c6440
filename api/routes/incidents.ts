/** Incidents: what a duty officer sees and works on. */
import Type from 'typebox';
import { type IncidentsQuestion, readAlerts, readIncidents } from '#analytics/store/alerts/read.ts';
import { AlertId } from '#models/schema/alert.ts';
import {
  IncidentDetails,
  IncidentPage,
  IncidentQuery,
  IncidentView,
  type IncidentQuery as Query,
  WorkInput,
} from '#models/schema/alert-query.ts';
import { findIncident, storedUpTo, viewIncidents } from '../alerts/find.ts';
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
      response: { 200: IncidentPage },
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
        touched: justTouched(context),
      };
      return askFigure({ request, reply, context }, async (signal) => {
        const upTo = await storedUpTo(context);
        const found = await readIncidents(context.reader, question, { signal });
        const next = cursorOf(found.length < asked.limit ? undefined : found.at(-1), ({ lastAtMs }) => lastAtMs);
        const views = await viewIncidents(found, context);
        return { incidents: views.filter((view) => isMeant(view, query)), next, upTo };
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
        const [[incident], alerts] = await Promise.all([
          viewIncidents([found], context),
          readAlerts(context.reader, question, { signal }),
        ]);
        return { incident: incident ?? { ...found, work: null, workRevision: 0 }, alerts };
      });
    },
  });

  app.post('/incidents/:id/work', {
    config: { action: 'alert.work' },
    schema: {
      tags,
      operationId: 'workOnIncident',
      summary: 'Acknowledge, mark (right, wrong, useless), close or note; everybody who watches is told',
      description: 'With `revision` (workRevision as it was read) it is refused where another was faster.',
      params: Params,
      body: WorkInput,
      response: { 200: IncidentView },
    },
    handler: async (request) => {
      const { state, mark } = request.body;
      request.auditNote = { incident: request.params.id, ...(state && { state }), ...(mark && { mark }) };
      return workOn(request.params.id, request.body, { principal: principalOf(request), context });
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
