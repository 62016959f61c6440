/** One reader of the alerts stream per API process, for all subscribers of it. */
import type { JsMsg } from '@nats-io/jetstream';
import { EVENT_TYPES, type StreamEvent } from '#models/schema/alert.ts';
import { areaPathOf, decodeStreamEvent, kindOf } from '#models/wire/events.ts';
import { ALERTS_STREAM } from '#models/wire/streams.ts';
import { type Broker, ensureStream } from '#system/broker.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { createRing, type HubEvent, type Ring } from './ring.ts';

/**
 * States: *reading*, or, while the broker is away, *waiting* to go on where it stopped. Where the stream was made anew
 * its sequences begin again: then everybody is told by `onReset`.
 */
export type AlertHub = {
  ring: Ring;
  /** `wake` is called after events came; returns how to stop. */
  listen: (listener: Listener) => () => void;
};

export type Listener = { wake: () => void; onReset: () => void };

type Options = { logger: Logger; signal: AbortSignal };

export async function openAlertHub(broker: Broker, options: Options): Promise<AlertHub> {
  await ensureStream(broker, ALERTS_STREAM);
  const { state } = await broker.manager.streams.info(ALERTS_STREAM.name);
  const ring = createRing(state.last_seq);
  const listeners = new Set<Listener>();
  let isWakePlanned = false;
  const wakeAll = () => {
    isWakePlanned = false;
    for (const { wake } of listeners) wake();
  };
  void keepReading(broker, ring, {
    ...options,
    // Many that come at once wake everybody once.
    onEvent() {
      if (isWakePlanned) return;
      isWakePlanned = true;
      setImmediate(wakeAll);
    },
    onReset() {
      for (const { onReset } of listeners) onReset();
    },
  });
  return {
    ring,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

type Reading = Options & { onEvent: () => void; onReset: () => void };

async function keepReading(broker: Broker, ring: Ring, reading: Reading): Promise<void> {
  const { logger, signal } = reading;
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      const { state } = await broker.manager.streams.info(ALERTS_STREAM.name);
      if (state.last_seq < ring.head()) {
        logger.warn({ lastSequence: state.last_seq, head: ring.head() }, 'stream of alerts begun anew');
        ring.reset(0);
        reading.onReset();
      }
      const onRead = () => {
        attempt = 0;
      };
      await read(broker, ring, { ...reading, onRead });
    } catch (error) {
      if (!signal.aborted) logger.warn({ error: (error as Error).message }, 'reading of alerts broke');
      await ensureStream(broker, ALERTS_STREAM).catch(() => {});
    }
    await pause(backoffMs(attempt, { baseMs: 200, capMs: 5000 }), signal);
  }
}

const FETCHED_AHEAD = 2000;

async function read(broker: Broker, ring: Ring, reading: Reading & { onRead: () => void }): Promise<void> {
  const consumer = await broker.stream.consumers.get(ALERTS_STREAM.name, { opt_start_seq: ring.head() + 1 });
  const messages = await consumer.consume({ max_messages: FETCHED_AHEAD, expires: 10_000, idle_heartbeat: 2000 });
  const stop = () => messages.stop();
  reading.signal.addEventListener('abort', stop, { once: true });
  try {
    if (reading.signal.aborted) return;
    for await (const message of messages) {
      reading.onRead();
      if (message.seq <= ring.head()) continue;
      const event = readHubEvent(message, reading.logger);
      if (event === undefined) continue;
      ring.push(event);
      reading.onEvent();
    }
  } finally {
    reading.signal.removeEventListener('abort', stop);
    messages.stop();
  }
}

/** undefined for what is no event of ours: logged, and passed over. */
export function readHubEvent(message: Pick<JsMsg, 'seq' | 'data' | 'string'>, logger: Logger): HubEvent | undefined {
  try {
    const event: StreamEvent = decodeStreamEvent(message.data);
    return {
      sequence: message.seq,
      kind: kindOf(event),
      areaPath: areaPathOf(event),
      severity: event.severity,
      json: message.string(),
      ...(event.type === EVENT_TYPES.incident || event.type === EVENT_TYPES.alert ? { id: event.data.id } : {}),
    };
  } catch (error) {
    logger.warn({ sequence: message.seq, error: (error as Error).message }, 'event not readable');
    return undefined;
  }
}
