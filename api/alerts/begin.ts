/** Where a subscriber begins: behind a sequence it names, at a time, or now. */
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import type { StreamQuery } from '#models/schema/alert-query.ts';
import { FaultError } from '#models/schema/fault.ts';
import { ALERTS_STREAM } from '#models/wire/streams.ts';
import type { Broker } from '#system/broker.ts';
import { readPeriod } from '../figures/period.ts';
import type { AlertHub } from './hub.ts';

export type Beginning = {
  after: number;
  /** What was asked for is there no more: the stream keeps a week, and begins anew where it was lost. */
  missing?: { from: number; to: number };
};

type Parts = { hub: AlertHub; broker: Broker };

/** `lastEventId` is what a browser sends when it comes back; it wins. Throws FaultError `invalid-value`. */
export async function beginAt(query: StreamQuery, lastEventId: string | undefined, parts: Parts): Promise<Beginning> {
  if (lastEventId !== undefined && !/^\d{1,15}$/.test(lastEventId)) {
    throw new FaultError('invalid-value', `Last-Event-ID should be a number, but is "${lastEventId.slice(0, 40)}"`);
  }
  const head = parts.hub.ring.head();
  const named = lastEventId ?? query.since;
  if (named === undefined) return { after: head };
  // A time has more digits than a sequence can reach.
  if (!/^\d{1,12}$/.test(named)) return { after: await sequenceBefore(named, parts.broker) };
  const asked = Number(named);
  // Most come back within what is in memory: nothing needs to be asked for them.
  if (asked >= parts.hub.ring.floor() && asked <= head) return { after: asked };
  const { state } = await parts.broker.manager.streams.info(ALERTS_STREAM.name);
  if (asked > state.last_seq) return { after: 0, missing: { from: state.first_seq, to: state.last_seq } };
  const first = Math.max(1, state.first_seq);
  return asked + 1 >= first ? { after: asked } : { after: first - 1, missing: { from: asked + 1, to: first - 1 } };
}

/** The sequence before the first event that the broker got since then. */
async function sequenceBefore(since: string, { manager }: Broker): Promise<number> {
  const { fromMs } = readPeriod({ from: since }, undefined, ['since', 'now']);
  const info = await manager.consumers.add(ALERTS_STREAM.name, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartTime,
    opt_start_time: new Date(fromMs).toISOString(),
    inactive_threshold: nanos(5000),
    mem_storage: true,
  });
  await manager.consumers.delete(ALERTS_STREAM.name, info.name).catch(() => {});
  return info.delivered.stream_seq;
}
