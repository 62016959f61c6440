/** Opens the store for writing: waits for it, brings its schema up to date, and reads what must be known at start. */
import type { ClickHouseClient } from '@clickhouse/client';
import { FaultError } from '#models/schema/fault.ts';
import type { Broker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { openStoreClient, storeUrl } from '#system/store-client.ts';
import { withLock } from '../lock.ts';
import { readFloor } from './retention.ts';
import { readRevisions } from './revisions.ts';
import type { RevisionRow } from './rows.ts';
import { migrate } from './schema.ts';

export type AnalyticsStore = AsyncDisposable & {
  client: ClickHouseClient;
  revisions: RevisionRow[];
  /** The time before which figures are no longer whole (ms). */
  floorMs: () => number;
};

type Options = { broker: Broker; logger: Logger; signal: AbortSignal; timeoutMs?: number };

/** Throws FaultError `store-unreachable` when the store does not answer within `timeoutMs`. */
export async function openAnalyticsStore(config: Config, options: Options): Promise<AnalyticsStore> {
  const { broker, logger, signal } = options;
  const client = openStoreClient(config, 'writer');
  try {
    await waitForStore(client, config, options);
    await migrate(client, {
      config,
      logger,
      exclusively: (work) =>
        withLock(broker.connection, 'migrations', { holder: `analytics-${process.pid}`, signal, work }),
    });
    const floor = await readFloor(client);
    return {
      client,
      revisions: await readRevisions(client),
      floorMs: () => floor(Date.now()),
      [Symbol.asyncDispose]: () => client.close(),
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function waitForStore(
  client: ClickHouseClient,
  config: Config,
  { signal, timeoutMs = 60_000 }: Options,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (let attempt = 0; ; attempt++) {
    const ping = await client.ping({ select: true });
    if (ping.success) return;
    if (Date.now() > deadline || signal.aborted) {
      const place = new URL(storeUrl(config)).host;
      throw new FaultError('store-unreachable', `ClickHouse at ${place} does not answer: ${ping.error.message}`, {
        cause: ping.error,
      });
    }
    await pause(backoffMs(attempt, { baseMs: 100, capMs: 2000 }), signal);
  }
}
