/** Publishes events in their order, each until the broker has it; what an earlier run published already is left out. */
import { DeliverPolicy } from '@nats-io/jetstream';
import type { StreamEvent } from '#models/schema/alert.ts';
import { encodeMessage } from '#models/wire/codec.ts';
import { ALERTS_STREAM } from '#models/wire/streams.ts';
import type { Broker } from '#system/broker.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';

/** Events on their way; who has more waits. */
const IN_FLIGHT_MAX = 2000;

export type Publisher = {
  send: (subject: string, event: StreamEvent) => void;
  /** Resolves when there is room for more. */
  room: () => Promise<void>;
  /** Resolves when all that was sent before is published; rejects when that was given up, at the end of the process. */
  flushed: () => Promise<void>;
  /** Highest sequence that the broker gave. */
  sequence: () => number;
};

type Options = {
  signal: AbortSignal;
  logger: Logger;
  /** Ids of events that are on the stream already. */
  published: Set<string>;
  sequence: number;
  onPublished: (tookMs: number) => void;
};

export function createPublisher({ stream }: Broker, options: Options): Publisher {
  const { signal, logger, published, onPublished } = options;
  let highest = options.sequence;
  const flying = new Set<Promise<void>>();

  async function publish(subject: string, event: StreamEvent): Promise<void> {
    const bytes = encodeMessage(event);
    const sentAtMs = performance.now();
    for (let attempt = 0; ; attempt++) {
      try {
        const { seq } = await stream.publish(subject, bytes, { msgID: event.id });
        highest = Math.max(highest, seq);
        onPublished(performance.now() - sentAtMs);
        return;
      } catch (error) {
        if (signal.aborted) throw error;
        logger.warn({ event: event.id, error: (error as Error).message, attempt }, 'event not published yet');
        await pause(backoffMs(attempt, { baseMs: 100, capMs: 5000 }), signal);
      }
    }
  }

  return {
    send(subject, event) {
      if (published.delete(event.id)) return;
      const work = publish(subject, event);
      flying.add(work);
      void work.then(
        () => flying.delete(work),
        () => {},
      );
    },
    async room() {
      while (flying.size >= IN_FLIGHT_MAX) await Promise.race(flying);
    },
    async flushed() {
      await Promise.all(flying);
    },
    sequence: () => highest,
  };
}

const READ_WITHIN_MS = 30_000;

/** Ids of all events after `sequence`: what an engine published after its last snapshot, and may publish again. */
export async function idsAfter(
  { stream, manager }: Broker,
  sequence: number,
): Promise<{ ids: Set<string>; last: number }> {
  const { state } = await manager.streams.info(ALERTS_STREAM.name);
  const ids = new Set<string>();
  if (state.last_seq <= sequence || state.messages === 0) return { ids, last: state.last_seq };
  const consumer = await stream.consumers.get(ALERTS_STREAM.name, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: Math.max(sequence + 1, state.first_seq),
  });
  const messages = await consumer.consume({ max_messages: 1000 });
  const deadline = setTimeout(() => messages.stop(), READ_WITHIN_MS);
  try {
    for await (const message of messages) {
      const id = message.headers?.get('Nats-Msg-Id') ?? '';
      if (id !== '') ids.add(id);
      if (message.info.pending === 0 || message.seq >= state.last_seq) break;
    }
  } finally {
    clearTimeout(deadline);
    messages.stop();
  }
  return { ids, last: state.last_seq };
}
