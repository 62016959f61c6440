/** Alerts as they were raised: listed, one by one, why, and for public warning systems. */
import Type from 'typebox';
import { stringify } from 'yaml';
import { readAlerts, readDeliveries } from '#analytics/store/alerts/read.ts';
import { alertSql, readAlertSightings } from '#analytics/store/alerts/why.ts';
import { Alert, AlertId } from '#models/schema/alert.ts';
import { AlertPage, AlertQuery, AlertWhy } from '#models/schema/alert-query.ts';
import { CAP_TYPE, writeCap } from '../alerts/cap.ts';
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
        const upTo = await storedUpTo(context);
        const alerts = await readAlerts(context.reader, { ...asked, severities, kind, incident }, { signal });
        const next = cursorOf(alerts.length < asked.limit ? undefined : alerts.at(-1), ({ atMs }) => atMs);
        return { alerts, next, upTo };
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
  const { rules } = context.alerting;
  const versions = await rules.versions(alert.rule);
  const rule = versions.find(({ version }) => version === alert.ruleVersion);
  const { capturedAtMs, receivedAtMs } = alert.cause;
  return {
    alert,
    ruleText: rule === undefined ? null : stringify(rule),
    isRuleCurrent: rules.get(alert.rule)?.version === alert.ruleVersion,
    sightings: await readAlertSightings(context.reader, alert, { signal }),
    times: { capturedAtMs, receivedAtMs, raisedAtMs: alert.raisedAtMs, decidedMs: alert.raisedAtMs - receivedAtMs },
    deliveries: await readDeliveries(context.reader, { alert: alert.id }, { signal }),
    sql: alertSql(alert),
  };
}
