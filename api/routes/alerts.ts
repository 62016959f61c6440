/** Alerts as they were raised: listed, one by one, why, and for public warning systems. */
import Type from 'typebox';
import { readEvidence } from '#analytics/store/alerts/incidents.ts';
import { readAlerts, readDeliveries } from '#analytics/store/alerts/read.ts';
import { alertSql, lookSql, readAlertTracks } from '#analytics/store/alerts/why.ts';
import { Alert, AlertId } from '#models/schema/alert.ts';
import { AlertPage, AlertQuery } from '#models/schema/alert-query.ts';
import { AlertWhy } from '#models/schema/alert-view.ts';
import { CAP_TYPE, writeCap } from '#models/wire/cap.ts';
import { findAlert, storedUpTo } from '../alerts/find.ts';
import { cursorOf, readPage } from '../alerts/page.ts';
import { severitiesOf } from '../alerts/scope.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { askFigure } from '../figures/ask.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['alerts'];
const Params = Type.Object({ id: AlertId });

export function addAlertRoutes(app: App, context: Context): void {
  app.get('/alerts', {
    config: { action: 'alert.read' },
    schema: {
      tags,
      operationId: 'listAlerts',
      summary: 'Alerts of a time, latest first, a page at a time',
      querystring: AlertQuery,
      response: { 200: AlertPage },
    },
    handler: async (request, reply) => {
      const { kind, incident, ...query } = request.query;
      const asked = readPage(query, { principal: principalOf(request), context });
      const severities = severitiesOf(query.severity);
      return askFigure({ request, reply, context }, async (signal) => {
        const sequence = await storedUpTo(context);
        const alerts = await readAlerts(context.reader, { ...asked, severities, kind, incident }, { signal });
        const cursor = cursorOf(alerts.length < asked.limit ? undefined : alerts.at(-1), ({ atMs }) => atMs);
        return { alerts, cursor, sequence };
      });
    },
  });

  app.get('/alerts/:id', {
    config: { action: 'alert.read' },
    schema: { tags, operationId: 'readAlert', summary: 'One alert', params: Params, response: { 200: Alert } },
    handler: async (request) => findAlert(request.params.id, principalOf(request), context),
  });

  app.get('/alerts/:id/why', {
    config: { action: 'alert.explain' },
    schema: {
      tags,
      operationId: 'explainAlert',
      summary: 'Why it fired: from the alert to rule version, tracks and frames, and to each delivery with its delay',
      params: Params,
      response: { 200: AlertWhy },
    },
    handler: async (request, reply) => {
      const alert = await findAlert(request.params.id, principalOf(request), context);
      return askFigure({ request, reply, context }, (signal) => explain(alert, { context, signal }));
    },
  });

  app.get('/alerts/:id/cap', {
    config: { action: 'alert.export' },
    schema: {
      tags,
      operationId: 'exportAlert',
      summary: 'The alert as OASIS Common Alerting Protocol 1.2 (XML)',
      params: Params,
      produces: ['application/cap+xml'],
    },
    handler: async (request, reply) => {
      const alert = await findAlert(request.params.id, principalOf(request), context);
      const areas = alert.areaPath.flatMap((id) => context.areas.get(id)?.name ?? []);
      const web = `${context.config.publicUrl || `${request.protocol}://${request.host}`}/#/alerts/${alert.incident}`;
      return reply.type(CAP_TYPE).send(writeCap(alert, { areas, web }));
    },
  });
}

async function explain(
  alert: Alert,
  { context, signal }: { context: Context; signal: AbortSignal },
): Promise<AlertWhy> {
  const { reader, alerting } = context;
  const [versions, tracks, evidence, deliveries] = await Promise.all([
    alerting.rules.versions(alert.rule),
    readAlertTracks(reader, alert, { signal }),
    readEvidence(reader, alert.id, { signal }),
    readDeliveries(reader, { alert: alert.id }, { signal }),
  ]);
  const { receivedAtMs, publishedAtMs = receivedAtMs } = alert.cause;
  return {
    alert,
    rule: versions.find(({ version }) => version === alert.ruleVersion) ?? null,
    tracks,
    evidence: evidence ?? null,
    deliveries,
    delays: { detectMs: publishedAtMs - receivedAtMs, decideMs: alert.raisedAtMs - publishedAtMs },
    sql: [
      { title: 'The sightings of its tracks', query: alertSql(alert) },
      { title: 'The looks that decided', query: lookSql(alert) },
    ],
  };
}
