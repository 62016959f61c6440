/** A stream from a sequence on, in order, without a pause between message and reader, through restarts of the broker. */
import { DeliverPolicy, type JsMsg } from '@nats-io/jetstream';
import type { Broker } from '#system/broker.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';

const PREFETCH = 2000;
/** Silence after which the consumer is made anew: nats.node#570. An ordered consumer costs the broker little. */
const SILENCE_MS = 20_000;

type Options = {
  /** The first that is wanted. */
  from: number;
  signal: AbortSignal;
  logger: Logger;
  /** Messages that the stream dropped before they were read. */
  onLost: (messages: number) => void;
};

/** Ends, without throwing, when the signal aborts. */
export async function* readFrom(broker: Broker, stream: string, options: Options): AsyncGenerator<JsMsg> {
  const { signal, logger, onLost } = options;
  let next = options.from;
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      const { state } = await broker.manager.streams.info(stream);
      if (state.first_seq > next) {
        onLost(state.first_seq - next);
        next = state.first_seq;
      }
      // A stream that was made anew counts from 1 again.
      if (state.last_seq + 1 < next) next = state.first_seq;
      for await (const message of consumeOnce(broker, stream, { next, signal })) {
        attempt = 0;
        if (message.seq > next) onLost(message.seq - next);
        next = message.seq + 1;
        yield message;
      }
    } catch (error) {
      if (!signal.aborted) logger.warn({ stream, error: (error as Error).message }, 'stream not read');
    }
    await pause(backoffMs(attempt, { baseMs: 100, capMs: 5000 }), signal);
  }
}

async function* consumeOnce(
  broker: Broker,
  stream: string,
  { next, signal }: { next: number; signal: AbortSignal },
): AsyncGenerator<JsMsg> {
  const consumer = await broker.stream.consumers.get(stream, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: Math.max(1, next),
  });
  const messages = await consumer.consume({ max_messages: PREFETCH, expires: 10_000, idle_heartbeat: 2000 });
  const stop = () => messages.stop();
  let heardAtMs = Date.now();
  const watch = setInterval(() => {
    if (Date.now() - heardAtMs > SILENCE_MS) stop();
  }, 1000);
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) return;
    for await (const message of messages) {
      yield message;
      heardAtMs = Date.now();
    }
  } finally {
    clearInterval(watch);
    signal.removeEventListener('abort', stop);
    messages.stop();
    await consumer.delete().catch(() => {});
  }
}
