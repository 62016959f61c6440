/** What analytics does beside the stream: closes hours, writes coverage, learns of other processes, looks at the lag. */
import type { ClickHouseClient } from '@clickhouse/client';
import { readTermLimit } from '#models/registry/term-limit.ts';
import { ANALYTICS_CONSUMER, DETECTIONS_STREAM } from '#models/wire/streams.ts';
import type { Broker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import type { Fence } from './consume/fence.ts';
import type { Stages } from './metrics.ts';
import type { CellAreas } from './place/cell-areas.ts';
import type { Placer } from './place/placer.ts';
import { createBackfill } from './store/backfill.ts';
import { closeBuckets } from './store/close.ts';
import { writeSettings } from './store/dialect.ts';
import { readRevisions } from './store/revisions.ts';
import { fillTotals } from './store/totals.ts';
import type { Writer } from './store/writer.ts';

type Parts = {
  client: ClickHouseClient;
  broker: Broker;
  config: Config;
  placer: Placer;
  cellAreas: CellAreas;
  fence: Fence;
  writer: Writer;
  stages: Stages;
  logger: Logger;
  signal: AbortSignal;
};

/** One hour each time, so that a month of them does not keep live rows waiting: it is done in two hours. */
const BACKFILL_EVERY_MS = 10_000;

/** A week of hours each time: 1.4 s of CPU where a hundred cameras are. */
const FILL_TOTALS_EVERY_MS = 10_000;

/** Each task at its own pace, one after the other in each; a failure is logged and tried again at the next turn. */
export async function keepUp(parts: Parts): Promise<void> {
  const { client, config, fence, stages, cellAreas, signal } = parts;
  const settings = writeSettings(config);
  const backfillOne = createBackfill(client, { settings });
  await Promise.all([
    repeat(1000, parts, 'coverage not written', () => writeCoverage(parts)),
    repeat(2000, parts, 'cells not divided', async () => {
      const cells = await cellAreas.write(signal);
      if (cells > 0) parts.logger.info({ cells }, 'cells divided');
    }),
    repeat(5000, parts, 'revisions not read', async () => fence.learn(await readRevisions(client))),
    repeat(2000, parts, 'lag not known', () => readLag(parts)),
    repeat(5000, parts, 'terms not compared', () => compareTerms(parts)),
    repeat(10_000, parts, 'minutes and hours not closed', async () => {
      const done = stages.time('close');
      const closed = await closeBuckets(client, { settings, signal });
      done();
      if (closed.hours > 0) parts.logger.info(closed, 'hours closed');
    }),
    repeat(BACKFILL_EVERY_MS, parts, 'hours of a former version not closed anew', async () => {
      const hour = await backfillOne();
      if (hour !== undefined) parts.logger.info({ hour: new Date(hour).toISOString() }, 'hour closed anew');
    }),
    repeat(FILL_TOTALS_EVERY_MS, parts, 'totals not filled in', async () => {
      const hours = await fillTotals(client, { settings, signal, onLacking: stages.totalsLacking });
      if (hours > 0) parts.logger.info({ hours }, 'totals filled in');
    }),
  ]);
}

async function repeat(
  everyMs: number,
  { signal, logger }: Parts,
  failure: string,
  work: () => Promise<void>,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await work();
      failures = 0;
    } catch (error) {
      // The first of a row, and then one a minute: an outage is one event, not a line a second.
      if (!signal.aborted && failures++ % Math.ceil(60_000 / everyMs) === 0)
        logger.warn({ error: (error as Error).message }, failure);
    }
    await pause(everyMs, signal);
  }
}

async function writeCoverage({ placer, writer }: Parts): Promise<void> {
  const rows = placer.takeCoverage();
  if (rows.length === 0) return;
  try {
    await writer.writeCoverage(rows);
  } catch (error) {
    placer.returnCoverage(rows);
    throw error;
  }
}

async function readLag({ broker, client, stages }: Parts): Promise<void> {
  const [info, ping] = await Promise.all([
    broker.manager.consumers.info(DETECTIONS_STREAM.name, ANALYTICS_CONSUMER),
    client.ping(),
  ]);
  stages.lag({ pending: info.num_pending, unacknowledged: info.num_ack_pending });
  stages.storeReached(ping.success);
}

/** Where leases give lower terms than the store knows (an old copy of the bucket, a clock that was ahead), all is stale. */
async function compareTerms({ broker, fence, stages }: Parts): Promise<void> {
  const top = fence.highest();
  const limit = await readTermLimit(broker.manager);
  stages.termsBehind(limit !== undefined && top !== undefined && top.revision > limit ? { ...top, limit } : undefined);
}
