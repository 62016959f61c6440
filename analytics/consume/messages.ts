/** A stream as an AsyncIterable of messages to acknowledge, kept alive through restarts of the broker. */
import { AckPolicy, type Consumer, type ConsumerMessages, DeliverPolicy, type JsMsg } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import {
  ALERTS_CONSUMER,
  ALERTS_STREAM,
  ANALYTICS_CONSUMER,
  DETECTIONS_STREAM,
  HEALTH_CONSUMER,
  HEALTH_STREAM,
} from '#models/wire/streams.ts';
import { type Broker, ensureStream, type WantedStream } from '#system/broker.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { createGapCounter, type GapCounter } from './gaps.ts';

/** Messages handed out and not acknowledged, of all analytics processes together; the broker holds the rest back. */
export const MAX_ACK_PENDING = 20_000;
/** Messages fetched ahead into this process. */
const PREFETCH = 5000;
/**
 * An unacknowledged message comes again after this: so long does a crash delay what the process had in hand. A batch
 * that waits for the store says "working" in time.
 */
export const ACK_WAIT_MS = 15_000;
/** Silence after which the broker is asked whether something is pending. */
const SILENCE_MS = 5000;

/** A stream, and the durable consumer of it that all analytics processes share. */
export type Source = { stream: WantedStream; consumer: string; ackWaitMs?: number };

export const DETECTIONS: Source = { stream: DETECTIONS_STREAM, consumer: ANALYTICS_CONSUMER };
export const HEALTH: Source = { stream: HEALTH_STREAM, consumer: HEALTH_CONSUMER };
export const ALERTS: Source = { stream: ALERTS_STREAM, consumer: ALERTS_CONSUMER, ackWaitMs: 5000 };

type Options = {
  signal: AbortSignal;
  logger: Logger;
  onLost: (messages: number) => void;
  onRecreated: (reason: string) => void;
};

/** Makes the stream and the shared durable consumer where they are missing. */
export async function ensureConsumer(
  broker: Broker,
  { stream, consumer, ackWaitMs = ACK_WAIT_MS }: Source,
): Promise<void> {
  const { manager } = broker;
  await ensureStream(broker, stream);
  const config = {
    durable_name: consumer,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWaitMs),
    max_ack_pending: MAX_ACK_PENDING,
    max_deliver: -1,
  };
  const exists = await manager.consumers.info(stream.name, consumer).then(
    () => true,
    () => false,
  );
  if (exists) await manager.consumers.update(stream.name, consumer, config);
  else await manager.consumers.add(stream.name, config);
}

/** Ends, without throwing, when the signal aborts. Every other end is followed by a new beginning. */
export async function* readMessages(broker: Broker, source: Source, options: Options): AsyncGenerator<JsMsg> {
  const { signal, logger } = options;
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      await ensureConsumer(broker, source);
      const consumer = await broker.stream.consumers.get(source.stream.name, source.consumer);
      const gaps = await gapsOf(broker, { ...source, consumer }, options);
      for await (const message of consumeOnce(consumer, options)) {
        attempt = 0;
        gaps.see(message.info);
        yield message;
      }
    } catch (error) {
      if (!signal.aborted) logger.warn({ error: (error as Error).message }, 'consumer failed');
    }
    await pause(backoffMs(attempt, { baseMs: 250, capMs: 5000 }), signal);
  }
}

type Consumed = Pick<Source, 'stream'> & { consumer: Consumer };

/** What the stream dropped while nobody consumed it is lost before the first message comes. */
async function gapsOf(broker: Broker, { stream, consumer }: Consumed, { onLost }: Options): Promise<GapCounter> {
  const [{ delivered }, { state }] = await Promise.all([consumer.info(), broker.manager.streams.info(stream.name)]);
  const last = { streamSequence: delivered.stream_seq, deliverySequence: delivered.consumer_seq };
  return createGapCounter(last, state.first_seq, onLost);
}

/** One subscription, until it fails, the signal aborts, or the watchdog finds it silent while messages are pending. */
async function* consumeOnce(consumer: Consumer, options: Options): AsyncGenerator<JsMsg> {
  const messages = await consumer.consume({ max_messages: PREFETCH, expires: 10_000, idle_heartbeat: 2000 });
  const stop = () => messages.stop();
  options.signal.addEventListener('abort', stop, { once: true });
  const watch = watchSilence(consumer, messages, options);
  try {
    if (options.signal.aborted) return;
    for await (const message of messages) {
      watch.busy();
      yield message;
      watch.waiting();
    }
  } finally {
    watch.end();
    options.signal.removeEventListener('abort', stop);
    messages.stop();
  }
}

/** nats.node#570: a consumer can go silent after a restart of the broker and stay so. */
function watchSilence(consumer: Consumer, messages: ConsumerMessages, { logger, onRecreated }: Options) {
  let waitingSinceMs: number | undefined = Date.now();
  let isAsking = false;
  const timer = setInterval(() => {
    if (isAsking || waitingSinceMs === undefined || Date.now() - waitingSinceMs < SILENCE_MS) return;
    isAsking = true;
    void consumer
      .info()
      .then((info) => {
        const isSilent = waitingSinceMs !== undefined && Date.now() - waitingSinceMs >= SILENCE_MS;
        if (!isSilent || info.num_pending === 0 || info.num_ack_pending >= MAX_ACK_PENDING) return;
        logger.warn({ pending: info.num_pending }, 'consumer silent');
        onRecreated('silent');
        messages.stop();
      })
      .catch((error: Error) => {
        // The broker is away (its client reconnects by itself) or the consumer is gone (it is made anew).
        if (/not found/i.test(error.message)) {
          onRecreated('gone');
          messages.stop(error);
        }
      })
      .finally(() => {
        isAsking = false;
      });
  }, 1000);
  return {
    busy: () => {
      waitingSinceMs = undefined;
    },
    waiting: () => {
      waitingSinceMs = Date.now();
    },
    end: () => clearInterval(timer),
  };
}
