/** What became of each delivery: rows for those who ask later, written a second after another. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Counter } from 'prom-client';
import type { Delivery } from '#models/schema/channel.ts';
import type { Config } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { writeDeliveries } from '../../store/alerts/write.ts';

export type Record = (delivery: Delivery) => void;

/** Loss rule: while the store is away the oldest go, counted; what was delivered stays delivered. */
const WAITING_MAX = 20_000;
const EVERY_MS = 1000;

type Parts = { client: ClickHouseClient; config: Config; lost: Counter; logger: Logger; signal: AbortSignal };

export function keepRecords({ client, config, lost, logger, signal }: Parts): { record: Record; done: Promise<void> } {
  const waiting: Delivery[] = [];
  async function flush(): Promise<void> {
    const batch = waiting.splice(0);
    try {
      await writeDeliveries(client, config, batch);
    } catch (error) {
      logger.warn({ error: (error as Error).message, deliveries: batch.length }, 'deliveries not recorded');
      waiting.unshift(...batch);
    }
  }
  async function run(): Promise<void> {
    while (!signal.aborted) {
      await pause(EVERY_MS, signal);
      if (waiting.length > 0) await flush();
    }
    if (waiting.length > 0) await flush();
  }
  return {
    record(delivery) {
      waiting.push(delivery);
      if (waiting.length <= WAITING_MAX) return;
      waiting.shift();
      lost.inc();
    },
    done: run(),
  };
}
