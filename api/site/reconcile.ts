/** One time reconciled: what was published, stored and rolled up. */
import { reconcileStore } from '#analytics/store/reconcile.ts';
import { MINUTE_MS } from '#analytics/store/time-ranges.ts';
import type { Reconciliation } from '#models/schema/reconciliation.ts';
import { ANALYTICS_CONSUMER, DETECTIONS_STREAM } from '#models/wire/streams.ts';
import type { Broker } from '#system/broker.ts';
import type { Context } from '../context.ts';

/** What is younger may still be on its way from a worker. */
export const SETTLED_MS = 2 * MINUTE_MS;

type Time = { fromMs: number; toMs: number; signal: AbortSignal };

export async function reconcileTime(
  { broker, reader }: Pick<Context, 'broker' | 'reader'>,
  { fromMs, toMs, signal }: Time,
): Promise<Reconciliation> {
  const published = await countPublished(broker);
  const store = await reconcileStore(reader, { fromMs, toMs }, { signal });
  const isWhole = store.discrepancies.length === 0 && published.dropped === 0;
  return { fromMs, toMs, isWhole, broker: published, ...store };
}

/** What went before the consumer's floor was stored, or dropped by the stream's limits before it was consumed. */
async function countPublished({ manager }: Broker): Promise<Reconciliation['broker']> {
  const [{ state }, consumer] = await Promise.all([
    manager.streams.info(DETECTIONS_STREAM.name),
    manager.consumers.info(DETECTIONS_STREAM.name, ANALYTICS_CONSUMER),
  ]);
  const published = state.last_seq;
  const waiting = consumer.num_pending + consumer.num_ack_pending;
  const dropped = Math.max(0, state.first_seq - 1 - consumer.delivered.stream_seq);
  return { published, waiting, dropped, acknowledged: Math.max(0, published - waiting - dropped) };
}
