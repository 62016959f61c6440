/** The alerts process: what the rule engine raised → rows, and channels. */
import { openAlertRegistry, openRegistry } from '#models/registry/registry.ts';
import { loadSealKey } from '#models/registry/seal.ts';
import type { Delivery } from '#models/schema/channel.ts';
import { openBroker } from '#system/broker.ts';
import { loadConfig } from '#system/config.ts';
import { answerControl } from '#system/control.ts';
import { type Life, sayReady, startLife } from '#system/lifecycle.ts';
import { createLogger, type Logger } from '#system/logs.ts';
import { createMetrics } from '#system/metrics.ts';
import { ALERTS, ensureConsumer, readMessages } from '../consume/messages.ts';
import { openAnalyticsStore } from '../store/open.ts';
import { answerTests } from './channels/answer-tests.ts';
import { keepChannels } from './channels/keep.ts';
import { keepRecords } from './channels/record.ts';
import { keepEvidence } from './evidence/keep.ts';
import { keepEvents } from './keep.ts';
import { createAlertStages } from './metrics.ts';

async function main(logger: Logger, life: Life): Promise<void> {
  const config = loadConfig();
  const { signal } = life;
  const metrics = createMetrics('alerts');
  const stages = createAlertStages(metrics);
  await using broker = await openBroker(config, 'analytics', { logger, name: 'alerts', signal });
  await using store = await openAnalyticsStore(config, { broker, logger, signal });
  await ensureConsumer(broker, ALERTS);
  answerControl(broker.connection, { metrics, health: () => stages.health(broker) });
  sayReady();
  logger.info('alerts ready');

  const { client } = store;
  const evidence = keepEvidence({ config, broker, metrics, logger, signal });
  const events = readMessages(broker, ALERTS, {
    signal,
    logger,
    onLost: stages.lost,
    onRecreated: stages.recreated,
  });
  const { record, done: recorded } = keepRecords({ client, config, lost: stages.deliveriesLost, logger, signal });
  const channelParts = {
    broker,
    registry: await openAlertRegistry(broker.connection),
    areas: (await openRegistry(broker.connection)).areas,
    sealKey: loadSealKey(config.dataDir),
    isInnerAllowed: config.webhookInnerAllowed,
    record(delivery: Delivery) {
      stages.delivered(delivery);
      record(delivery);
    },
    logger,
    signal,
  };
  using _tests = answerTests(channelParts);
  const channels = keepChannels(channelParts);
  await keepEvents(events, { client, config, stages, logger, signal });
  await evidence;
  await channels;
  await recorded;
}

if (import.meta.main) {
  const config = loadConfig();
  const logger = createLogger('alerts', config);
  try {
    await main(logger, startLife(logger, config));
    process.exit(0);
  } catch (error) {
    logger.fatal({ error: (error as Error).message, code: (error as { code?: string }).code }, 'alerts failed');
    process.exit(1);
  }
}
