/** Puts the HTTP server together: limits, headers, rights, audit, description, routes; in the order they take effect. */
import { randomUUID } from 'node:crypto';
import websocket from '@fastify/websocket';
import { fastify, LogController } from 'fastify';
import type { App } from './app.ts';
import { auditRequests } from './audit/audit.ts';
import type { Context } from './context.ts';
import { measureRequests } from './http/measure.ts';
import { describeApi } from './http/openapi.ts';
import { servePage } from './http/page.ts';
import { answerProblems } from './http/problem.ts';
import { setSecurityHeaders } from './http/security-headers.ts';
import { trustedProxies, warnOfUnnamedProxy } from './http/trusted-proxies.ts';
import { compileValidator } from './http/validation.ts';
import { enforceRights } from './rights/enforce.ts';
import { isWebSocket } from './rights/same-origin.ts';
import { addAlertStreamRoutes } from './routes/alert-stream.ts';
import { addAlertRoutes } from './routes/alerts.ts';
import { addAreaCheckRoutes, openDivisionCheck } from './routes/area-check.ts';
import { addAreaImportRoutes } from './routes/area-import.ts';
import { addAreaRemovalRoutes } from './routes/area-removal.ts';
import { addAreaRoutes } from './routes/areas.ts';
import { addAsyncApi } from './routes/asyncapi.ts';
import { addAuditRoutes } from './routes/audit.ts';
import { addCalendarRoutes } from './routes/calendar.ts';
import { addCalibrationRoutes } from './routes/calibration.ts';
import { addCalibrationCheckRoutes } from './routes/calibration-check.ts';
import { addCameraHealthRoutes } from './routes/camera-health.ts';
import { addCameraHistoryRoutes } from './routes/camera-history.ts';
import { addCameraSheetRoutes } from './routes/camera-sheets.ts';
import { addCameraRoutes } from './routes/cameras.ts';
import { addChannelTestRoute } from './routes/channel-tests.ts';
import { addChannelRoutes } from './routes/channels.ts';
import { addCoverageRoutes } from './routes/coverage.ts';
import { addDashboardRoutes } from './routes/dashboards.ts';
import { addDeadLetterRoutes } from './routes/dead-letters.ts';
import { addDeviceLoginRoutes } from './routes/device-logins.ts';
import { addDiscoveryRoutes } from './routes/discoveries.ts';
import { addDivisionRoutes } from './routes/divisions.ts';
import { addEvidenceRoutes } from './routes/evidence.ts';
import { addFigureExport } from './routes/figure-export.ts';
import { addFigureRoutes } from './routes/figures.ts';
import { addHealthRoutes, addProbes } from './routes/health.ts';
import { addHeatMapRoutes } from './routes/heat-map.ts';
import { addIncidentRoutes } from './routes/incidents.ts';
import { addKeptViewRoutes } from './routes/kept-views.ts';
import { addLiveRoutes } from './routes/live.ts';
import { addMetricsRoute } from './routes/metrics.ts';
import { addOperationsRoute } from './routes/operations.ts';
import { addProbeRoutes } from './routes/probes.ts';
import { addProviderSignInRoutes } from './routes/provider-sign-in.ts';
import { addPublicDivisionRoute } from './routes/public-division.ts';
import { addQuietRoutes } from './routes/quiets.ts';
import { addReconciliationRoute } from './routes/reconciliation.ts';
import { addRuleTryRoute } from './routes/rule-tries.ts';
import { addRuleRoutes } from './routes/rules.ts';
import { addSearchRoute } from './routes/search.ts';
import { addSignInRoutes } from './routes/sign-in.ts';
import { addSqlRoute } from './routes/sql.ts';
import { addSubscriptionRoutes } from './routes/subscriptions.ts';
import { addTableRoutes } from './routes/table.ts';
import { addTokenRoutes } from './routes/tokens.ts';
import { addUserRoutes } from './routes/users.ts';
import { addWhyRoutes } from './routes/why.ts';
import { type RecentCounts, watchRecentCounts } from './site/recent-counts.ts';
import { readVersion } from './site/site-view.ts';

const BODY_MAX_BYTES = 256 * 1024;
/** Nobody has anything to say over a WebSocket. */
const SOCKET_MESSAGE_MAX_BYTES = 1024;
/** Time to receive a whole request, which an import of areas over a slow line needs. */
const REQUEST_TIMEOUT_MS = 120_000;

export async function buildServer(context: Context): Promise<App> {
  const { config, logger } = context;
  const app: App = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies(config),
    routerOptions: { maxParamLength: 200 },
    // Java's client offers h2c with every request; without this Node would take that for a WebSocket.
    http: { shouldUpgradeCallback: isWebSocket },
  });
  app.setValidatorCompiler(compileValidator);
  answerProblems(app);
  setSecurityHeaders(app, config);
  warnOfUnnamedProxy(app, logger);
  measureRequests(app, context.metrics);
  auditRequests(app, context.audit);
  // Before the rights: it must know of an upgrade that they refuse, or it leaves the socket open.
  await app.register(websocket, { options: { maxPayload: SOCKET_MESSAGE_MAX_BYTES } });
  await enforceRights(app, { sessions: context.sessions, publicUrl: config.publicUrl });
  await describeApi(app, readVersion());
  const counts = watchRecentCounts(context);
  addProbes(app, context);
  addMetricsRoute(app, context);
  await app.register(async (routes: App) => addRoutes(routes, context, counts), { prefix: '/api/v1' });
  addDescription(app);
  addAsyncApi(app);
  await servePage(app);
  return app;
}

function addRoutes(app: App, context: Context, counts: RecentCounts): void {
  addSignInRoutes(app, context);
  addProviderSignInRoutes(app, context);
  addUserRoutes(app, context);
  addTokenRoutes(app, context);
  addCameraRoutes(app, context);
  addCameraSheetRoutes(app, context);
  addCameraHistoryRoutes(app, context);
  addDeviceLoginRoutes(app, context);
  addDiscoveryRoutes(app, context);
  addCameraHealthRoutes(app, context);
  addProbeRoutes(app, context);
  addCalibrationRoutes(app, context);
  const check = openDivisionCheck(context);
  addCalibrationCheckRoutes(app, context);
  addAreaRoutes(app, context);
  addAreaImportRoutes(app, context);
  addAreaRemovalRoutes(app, context);
  addAreaCheckRoutes(app, context, check);
  addDivisionRoutes(app, context, check);
  addPublicDivisionRoute(app, context);
  addFigureRoutes(app, context);
  addCoverageRoutes(app, context);
  addTableRoutes(app, context);
  addDashboardRoutes(app, context);
  addKeptViewRoutes(app, context);
  addSearchRoute(app, context);
  addHeatMapRoutes(app, context);
  addFigureExport(app, context);
  addWhyRoutes(app, context);
  addCalendarRoutes(app, context);
  addLiveRoutes(app, context);
  addAlertRoutes(app, context);
  addIncidentRoutes(app, context);
  addAlertStreamRoutes(app, context);
  addChannelRoutes(app, context);
  addDeadLetterRoutes(app, context);
  addChannelTestRoute(app, context);
  addSubscriptionRoutes(app, context);
  addEvidenceRoutes(app, context);
  addAuditRoutes(app, context);
  addSqlRoute(app, context);
  addHealthRoutes(app, context);
  addReconciliationRoute(app, context);
  addOperationsRoute(app, context, counts);
  addRuleRoutes(app, context);
  addQuietRoutes(app, context);
  addRuleTryRoute(app, context);
}

function addDescription(app: App): void {
  app.get('/api/openapi.json', { config: { action: 'public' }, schema: { hide: true } }, async () => app.swagger());
}
