/** One subscriber's way through the stream of alerts: what is older than the ring by fetches, then live; nothing twice. */
import { AckPolicy, type Consumer, DeliverPolicy, type JsMsg } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import type { Severity } from '#models/schema/severity.ts';
import type { EventKind } from '#models/wire/events.ts';
import { ALERTS_STREAM } from '#models/wire/streams.ts';
import type { Broker } from '#system/broker.ts';
import type { Logger } from '#system/logs.ts';
import { type AlertHub, readHubEvent } from './hub.ts';
import type { HubEvent } from './ring.ts';

export type EventFilter = {
  /** Of these areas or below them; empty: everywhere. */
  areas: readonly string[];
  severities: readonly Severity[] | undefined;
  kinds: readonly EventKind[] | undefined;
  /** As narrow as one subject can be: what the broker need not send. */
  subject: string;
};

export function isWanted(event: HubEvent, { areas, severities, kinds }: EventFilter): boolean {
  if (kinds !== undefined && !kinds.includes(event.kind)) return false;
  if (severities !== undefined && !severities.includes(event.severity)) return false;
  return areas.length === 0 || areas.some((area) => event.areaPath.includes(area));
}

export type Follower = AsyncDisposable & {
  /** What comes next and is there, at most so many; none: wait. Throws what the broker throws. */
  take: () => Promise<HubEvent[]>;
  /** Everything up to here was given, or was not wanted. */
  after: () => number;
};

type Parts = { broker: Broker; hub: AlertHub; filter: EventFilter; logger: Logger };

/** Also how much one write holds, so that a slow subscriber holds no more. */
const TAKEN_MAX = 64;
const FETCHED_MAX = 200;
/** The broker forgets a replay that nobody goes on with. */
const FORGOTTEN_AFTER_MS = 60_000;

export function followAlerts(after: number, parts: Parts): Follower {
  const { hub, filter } = parts;
  let cursor = after;
  let replay: Replay | undefined;
  const waiting: HubEvent[] = [];

  function takeLive(): HubEvent[] {
    const taken: HubEvent[] = [];
    let index = hub.ring.indexAfter(cursor);
    for (
      let event = hub.ring.at(index);
      event !== undefined && taken.length < TAKEN_MAX;
      event = hub.ring.at(++index)
    ) {
      if (isWanted(event, filter)) taken.push(event);
      cursor = event.sequence;
    }
    return taken;
  }

  async function fetchOlder(): Promise<void> {
    while (waiting.length === 0 && cursor < hub.ring.floor()) {
      const headBefore = hub.ring.head();
      replay ??= await openReplay(cursor + 1, parts);
      const messages = await replay.fetch().catch(async (error: Error) => {
        await replay?.[Symbol.asyncDispose]();
        replay = undefined;
        throw error;
      });
      for (const message of messages) {
        const event = readHubEvent(message, parts.logger);
        if (event !== undefined && isWanted(event, filter)) waiting.push(event);
        cursor = Math.max(cursor, message.seq);
      }
      // All that the broker had of it was sent: what the ring held before the fetch is behind us.
      if (replay.pending() === 0) cursor = Math.max(cursor, headBefore);
    }
    if (cursor >= hub.ring.floor()) {
      await replay?.[Symbol.asyncDispose]();
      replay = undefined;
    }
  }

  return {
    after: () => cursor,
    async take() {
      if (waiting.length === 0 && cursor < hub.ring.floor()) await fetchOlder();
      return waiting.length > 0 ? waiting.splice(0, TAKEN_MAX) : takeLive();
    },
    async [Symbol.asyncDispose]() {
      await replay?.[Symbol.asyncDispose]();
    },
  };
}

type Replay = AsyncDisposable & { fetch: () => Promise<JsMsg[]>; pending: () => number };

async function openReplay(startSequence: number, { broker, filter }: Parts): Promise<Replay> {
  const info = await broker.manager.consumers.add(ALERTS_STREAM.name, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: startSequence,
    filter_subject: filter.subject,
    inactive_threshold: nanos(FORGOTTEN_AFTER_MS),
    mem_storage: true,
  });
  const consumer: Consumer = broker.stream.consumers.getConsumerFromInfo(info);
  let pending = info.num_pending;
  return {
    pending: () => pending,
    async fetch() {
      if (pending === 0) return [];
      const messages: JsMsg[] = [];
      const fetched = await consumer.fetch({ max_messages: Math.min(FETCHED_MAX, pending), expires: 5000 });
      for await (const message of fetched) messages.push(message);
      const last = messages.at(-1);
      if (last === undefined) throw new Error('the broker did not send what it has');
      pending = last.info.pending;
      return messages;
    },
    async [Symbol.asyncDispose]() {
      await broker.manager.consumers.delete(ALERTS_STREAM.name, info.name).catch(() => {});
    },
  };
}
