/** How high a term the leases can have given so far. */
import type { JetStreamManager } from '@nats-io/jetstream';
import { BUCKETS } from '../wire/streams.ts';
import { microseconds } from './table.ts';

/** Undefined while there are no leases, or the broker does not say. */
export async function readTermLimit(manager: JetStreamManager): Promise<number | undefined> {
  const info = await manager.streams.info(`KV_${BUCKETS.leases.name}`).catch(() => undefined);
  return info === undefined ? undefined : microseconds(info.created) + info.state.last_seq;
}
