/** Detections as they happen, from NATS to one listener as server-sent events. */
import type { NatsConnection } from '@nats-io/nats-core';
import { decodeDetectionMessage } from '#models/wire/codec.ts';

export type DetectionCounts = { received: () => void; sent: () => void; dropped: (count: number) => void };

type Options = {
  subjects: readonly string[];
  /** Subjects may be wider than what the listener may see. */
  isWanted: (subject: string) => boolean;
  signal: AbortSignal;
  counts: DetectionCounts;
  capacity?: number;
  heartbeatMs?: number;
};

/** About eight seconds of one busy camera at 25 looks a second. */
const CAPACITY = 200;
const HEARTBEAT_MS = 15_000;

/**
 * States: *listening* → *ended* when the signal aborts. A listener that reads too slowly loses the oldest messages
 * first, and is told how many by an event `dropped` before the next one: received = sent + dropped.
 */
export async function* streamDetections(connection: NatsConnection, options: Options): AsyncGenerator<string> {
  const { subjects, isWanted, signal, counts, capacity = CAPACITY, heartbeatMs = HEARTBEAT_MS } = options;
  const waiting: Uint8Array[] = [];
  let dropped = 0;
  let wake = () => {};
  const callback = (error: Error | null, message: { subject: string; data: Uint8Array }) => {
    if (error !== null || !isWanted(message.subject)) return;
    counts.received();
    waiting.push(message.data);
    if (waiting.length > capacity) {
      waiting.shift();
      dropped++;
      counts.dropped(1);
    }
    wake();
  };
  const arrival = () =>
    new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), heartbeatMs);
      wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  const subscriptions = subjects.map((subject) => connection.subscribe(subject, { callback }));
  try {
    await connection.flush();
    yield 'retry: 2000\n: listening\n\n';
    while (!signal.aborted) {
      if (dropped > 0) {
        const told = dropped;
        dropped = 0;
        yield `event: dropped\ndata: {"count":${told}}\n\n`;
      }
      const next = waiting.shift();
      if (next !== undefined) {
        const event = asEvent(next);
        if (event === undefined) counts.dropped(1);
        else {
          counts.sent();
          yield event;
        }
      } else if (!(await arrival())) yield ': still here\n\n';
    }
    yield `event: end\ndata: ${JSON.stringify({ reason: (signal.reason as Error).message })}\n\n`;
  } finally {
    signal.removeEventListener('abort', onAbort);
    for (const subscription of subscriptions) subscription.unsubscribe();
    counts.dropped(waiting.length);
  }
}

/** One line of JSON; undefined for bytes that are no message of ours. */
function asEvent(bytes: Uint8Array): string | undefined {
  try {
    const message = decodeDetectionMessage(bytes);
    return `event: detections\nid: ${message.id}\ndata: ${JSON.stringify(message)}\n\n`;
  } catch {
    return undefined;
  }
}
