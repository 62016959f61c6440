/** The analytics process: message → row → cell. Reads the detections stream and keeps the store's figures right. */
import { openPublished } from '#models/registry/division/published.ts';
import { openRegistry } from '#models/registry/registry.ts';
import { openBroker } from '#system/broker.ts';
import { loadConfig } from '#system/config.ts';
import { answerControl } from '#system/control.ts';
import { type Life, sayReady, startLife } from '#system/lifecycle.ts';
import { createLogger, type Logger } from '#system/logs.ts';
import { createMetrics } from '#system/metrics.ts';
import { batches } from './consume/batches.ts';
import { createFence } from './consume/fence.ts';
import { DETECTIONS, ensureConsumer, HEALTH, readMessages } from './consume/messages.ts';
import { createRepeats } from './consume/repeats.ts';
import { createHealth } from './health.ts';
import { keepHistory } from './history/keep.ts';
import { createStages } from './metrics.ts';
import { storeBatches } from './pipeline.ts';
import { createCellAreas } from './place/cell-areas.ts';
import { keepNames } from './place/names.ts';
import { createPlacer } from './place/placer.ts';
import { watchDivisions, watchPlaces } from './place/watch.ts';
import { writeSettings } from './store/dialect.ts';
import { openAnalyticsStore } from './store/open.ts';
import { createWriter } from './store/writer.ts';
import { keepTotals } from './totals/keep.ts';
import { keepUp } from './upkeep.ts';

async function main(logger: Logger, life: Life): Promise<void> {
  const config = loadConfig();
  const { signal } = life;
  const metrics = createMetrics('analytics');
  const stages = createStages(metrics);
  await using broker = await openBroker(config, 'analytics', { logger, name: 'analytics', signal });
  await using store = await openAnalyticsStore(config, { broker, logger, signal });
  const registry = await openRegistry(broker.connection);
  const [placer, fence, repeats] = [createPlacer({ errorMaxM: config.placeErrorMaxM }), createFence(), createRepeats()];
  const writer = createWriter(store.client, config);
  const cellAreas = createCellAreas(store.client, writeSettings(config));
  fence.learn(store.revisions);
  await watchPlaces(registry, { placer, cellAreas }, { signal, logger });
  await watchDivisions(await openPublished(broker.connection), cellAreas, { signal, logger });
  await ensureConsumer(broker, DETECTIONS);
  await ensureConsumer(broker, HEALTH);
  answerControl(broker.connection, { metrics, health: createHealth(stages, { broker, config }) });
  sayReady();
  logger.info('analytics ready');

  const { client, floorMs } = store;
  const upkeep = keepUp({ client, broker, config, placer, cellAreas, fence, writer, stages, logger, signal });
  const reading = { signal, logger, onRecreated: stages.recreated };
  const said = readMessages(broker, HEALTH, { ...reading, onLost: stages.statesLost });
  const history = keepHistory(said, { client, config, cameras: registry.cameras, stages, logger, signal });
  const totals = keepTotals({ client, totals: registry.totals, logger, signal });
  const names = keepNames({ client, registry, settings: writeSettings(config), signal, logger });
  const messages = readMessages(broker, DETECTIONS, { ...reading, onLost: stages.lost });
  const weigh = (message: { data: Uint8Array }) => 1 + message.data.length / BYTES_PER_SIGHTING;
  const batched = batches(messages, { weigh, weightMax: config.batchRows, everyMs: config.batchMs });
  await storeBatches(batched, {
    placer,
    fence,
    repeats,
    writer,
    stages,
    logger,
    signal,
    floorMs,
    quarantineMs: config.quarantineHours * 3_600_000,
  });
  await Promise.all([upkeep, history, names, totals]);
}

/** A sighting takes about this many bytes of a message; a batch is weighed before it is read. */
const BYTES_PER_SIGHTING = 150;

if (import.meta.main) {
  const config = loadConfig();
  const logger = createLogger('analytics', config);
  try {
    await main(logger, startLife(logger, config));
    process.exit(0);
  } catch (error) {
    logger.fatal({ error: (error as Error).message, code: (error as { code?: string }).code }, 'analytics failed');
    process.exit(1);
  }
}
