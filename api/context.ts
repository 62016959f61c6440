/** What every route needs: the registry in memory, who may what, the store's two accounts; opened and closed as one. */
import type { ClickHouseClient } from '@clickhouse/client';
import { openClosedDays, type ReadClosedDays } from '#analytics/store/closed-days.ts';
import { type AreaTree, buildAreaTree } from '#models/registry/area-tree.ts';
import { type ChangeLog, openChangeLog } from '#models/registry/change-log.ts';
import { openPublished, type Published } from '#models/registry/division/published.ts';
import { openPeople, openRegistry } from '#models/registry/registry.ts';
import { loadSealKey } from '#models/registry/seal.ts';
import type { Area } from '#models/schema/area.ts';
import type { BuildingTile } from '#models/schema/building.ts';
import type { CalendarDay } from '#models/schema/calendar-day.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import type { Camera, CameraState } from '#models/schema/camera.ts';
import type { KeptView } from '#models/schema/dashboard.ts';
import type { DeviceLogin } from '#models/schema/device-login.ts';
import type { KeyPlace } from '#models/schema/key-place.ts';
import type { Subscription } from '#models/schema/subscription.ts';
import type { AreaTotals } from '#models/schema/total.ts';
import type { User } from '#models/schema/user.ts';
import { CHANGES_STREAM } from '#models/wire/streams.ts';
import { type Broker, ensureStream } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import type { Logger } from '#system/logs.ts';
import type { Metrics } from '#system/metrics.ts';
import { openStoreClient, type StoreAccount } from '#system/store-client.ts';
import { type AlertHub, openAlertHub } from './alerts/hub.ts';
import { keepSubscribers } from './alerts/subscriptions.ts';
import { type Audit, openAudit } from './audit/audit.ts';
import { openTooLongCount } from './figures/too-long.ts';
import { openStreamLimits, type StreamLimits } from './live/stream-limits.ts';
import { type Attempts, limitAttempts } from './people/attempts.ts';
import { openSessions, type Sessions } from './people/sessions.ts';
import { type Alerting, mirrorAlerting } from './registry/alerting.ts';
import { allFilled, type Mirror, mirrorTable } from './registry/mirror.ts';

export type Context = {
  config: Config;
  logger: Logger;
  metrics: Metrics;
  broker: Broker;
  /** Aborts when the API is to stop; streams end with it, while other answers are still given. */
  signal: AbortSignal;
  cameras: Mirror<Camera>;
  areas: Mirror<Area>;
  /** Published versions of the division. */
  published: Published;
  calibrations: Mirror<Calibration>;
  /** Holidays and weather by day. */
  calendar: Mirror<CalendarDay>;
  states: Mirror<CameraState>;
  /** What stands between cameras and the ground, and what the plan wants watched. */
  buildings: Mirror<BuildingTile>;
  keyPlaces: Mirror<KeyPlace>;
  /** Totals of areas that others count. */
  totals: Mirror<AreaTotals>;
  /** Rules, quiet spans, channels and work on incidents. */
  alerting: Alerting;
  /** Who changed which camera, and what it was before. */
  changes: ChangeLog;
  /** What was raised lately, and who waits for more. */
  alerts: AlertHub;
  users: Mirror<User>;
  /** Remembered logins of devices. */
  logins: Mirror<DeviceLogin>;
  /** Users of the broker that read one area's alerts. */
  subscriptions: Mirror<Subscription>;
  /** Choices that people keep under a name. */
  keptViews: Mirror<KeptView>;
  sessions: Sessions;
  attempts: Attempts;
  audit: Audit;
  streams: StreamLimits;
  sealKey: Buffer;
  /** Figures are read as `reader`, people's own SQL runs as `analyst`: each has lanes of its own. */
  reader: ClickHouseClient;
  analyst: ClickHouseClient;
  closedDays: ReadClosedDays;
  /** One more figure was not there in time. */
  countTooLong: () => void;
  /** The tree of areas as it is now. */
  tree: () => AreaTree;
};

type Parts = Pick<Context, 'config' | 'logger' | 'metrics' | 'broker' | 'signal'>;

export async function openContext(parts: Parts): Promise<Context & AsyncDisposable> {
  const { config, logger, broker } = parts;
  const controller = new AbortController();
  const { signal } = controller;
  const [registry, people] = [await openRegistry(broker.connection), await openPeople(broker.connection)];
  const published = await openPublished(broker.connection);
  const cameras = mirrorTable(registry.cameras, { name: 'cameras', signal, logger });
  const areas = mirrorTable(registry.areas, { name: 'areas', signal, logger });
  const calibrations = mirrorTable(registry.calibrations, { name: 'calibrations', signal, logger });
  const calendar = mirrorTable(registry.calendar, { name: 'calendar', signal, logger });
  const states = mirrorTable(registry.states, { name: 'states', signal, logger });
  const buildings = mirrorTable(registry.buildings, { name: 'buildings', signal, logger });
  const keyPlaces = mirrorTable(registry.keyPlaces, { name: 'key places', signal, logger });
  const totals = mirrorTable(registry.totals, { name: 'totals', signal, logger });
  const alerting = await mirrorAlerting(broker.connection, { signal, logger });
  const users = mirrorTable(people.users, { name: 'users', signal, logger });
  const logins = mirrorTable(people.logins, { name: 'logins', signal, logger });
  const subscriptions = mirrorTable(people.subscriptions, { name: 'subscriptions', signal, logger });
  const keptViews = mirrorTable(people.keptViews, { name: 'kept views', signal, logger });
  const tokens = mirrorTable(people.tokens, { name: 'tokens', signal, logger });
  await ensureStream(broker, CHANGES_STREAM);
  const reader = openAccount(config, 'reader', config.figureTimeoutS);
  const analyst = openAccount(config, 'analyst', config.analystTimeoutS);

  let tree: AreaTree | undefined;
  areas.onChange(() => {
    tree = undefined;
  });
  const context: Context & AsyncDisposable = {
    ...parts,
    cameras,
    areas,
    published,
    calibrations,
    calendar,
    states,
    buildings,
    keyPlaces,
    totals,
    alerting,
    alerts: await openAlertHub(broker, { logger, signal }),
    changes: openChangeLog(broker),
    users,
    logins,
    subscriptions,
    keptViews,
    sessions: openSessions({ people, users, tokens }),
    attempts: limitAttempts(),
    audit: openAudit(config, logger),
    streams: openStreamLimits(),
    sealKey: loadSealKey(config.dataDir),
    reader,
    analyst,
    closedDays: openClosedDays(reader),
    countTooLong: openTooLongCount(parts.metrics),
    tree() {
      tree ??= buildAreaTree(areas.list());
      return tree;
    },
    async [Symbol.asyncDispose]() {
      controller.abort();
      context.audit[Symbol.dispose]();
      await Promise.all([reader.close(), analyst.close()]);
    },
  };
  try {
    await allFilled([
      cameras,
      areas,
      calibrations,
      calendar,
      states,
      buildings,
      keyPlaces,
      totals,
      ...Object.values(alerting),
      users,
      tokens,
      logins,
      subscriptions,
      keptViews,
    ]);
    keepSubscribers(context);
    return context;
  } catch (error) {
    await context[Symbol.asyncDispose]();
    throw error;
  }
}

/** Beyond its own limit a query gets this long to say so. */
const SAY_SO_MS = 5000;

function openAccount(config: Config, account: StoreAccount, timeoutS: number): ClickHouseClient {
  return openStoreClient(config, account, { timeoutMs: timeoutS * 1000 + SAY_SO_MS, maxExecutionS: timeoutS });
}
