/** The rules process: looks → firings → alerts. One leads, others stand by and go on where it ended. */
import { openAlertRegistry, openRegistry } from '#models/registry/registry.ts';
import { ALERTS_STREAM, DETECTIONS_STREAM, HEALTH_STREAM, LOOKS_STREAM } from '#models/wire/streams.ts';
import { ensureStream, openBroker } from '#system/broker.ts';
import { loadConfig } from '#system/config.ts';
import { answerControl } from '#system/control.ts';
import { type Life, sayReady, startLife } from '#system/lifecycle.ts';
import { createLogger, type Logger } from '#system/logs.ts';
import { createMetrics } from '#system/metrics.ts';
import { openStoreClient } from '#system/store-client.ts';
import { keepNormals } from './keep-normals.ts';
import { lead } from './leader.ts';
import { createGauges } from './metrics.ts';
import { runSession } from './session.ts';
import { openSnapshots } from './snapshots.ts';
import { serveTries } from './try/serve.ts';

async function main(logger: Logger, life: Life): Promise<void> {
  const config = loadConfig();
  const { signal } = life;
  const metrics = createMetrics('rules');
  const gauges = createGauges(metrics);
  await using broker = await openBroker(config, 'analytics', { logger, name: 'rules', signal });
  await using stack = new AsyncDisposableStack();
  const client = stack.adopt(openStoreClient(config, 'reader'), (one) => one.close());
  for (const stream of [DETECTIONS_STREAM, LOOKS_STREAM, HEALTH_STREAM, ALERTS_STREAM])
    await ensureStream(broker, stream);
  const registry = await openRegistry(broker.connection);
  const alerts = await openAlertRegistry(broker.connection);
  const snapshots = await openSnapshots(broker.connection, logger);
  answerControl(broker.connection, { metrics, health: () => gauges.health(broker) });

  stack.use(serveTries(broker.connection, { config, logger }));

  const parts = { config, broker, registry, alerts, snapshots, gauges, logger };
  const normals = keepNormals({ client, zone: config.timeZone, logger });
  await lead(broker.connection, { signal, logger, onStandBy: sayReadyOnce }, (leading) =>
    runSession({ ...parts, keepNormals: normals, onLeading: sayReadyOnce }, leading),
  );
}

let isReady = false;
function sayReadyOnce(): void {
  if (!isReady) sayReady();
  isReady = true;
}

if (import.meta.main) {
  const config = loadConfig();
  const logger = createLogger('rules', config);
  try {
    await main(logger, startLife(logger, config));
    process.exit(0);
  } catch (error) {
    logger.fatal({ error: (error as Error).message, code: (error as { code?: string }).code }, 'rules failed');
    process.exit(1);
  }
}
