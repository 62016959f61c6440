/** Alerts as server-sent events: `id` is the stream's sequence, so that a browser that comes back misses nothing. */
import { Readable } from 'node:stream';
import { FAULTS, FaultError, faultCodeOf } from '#models/schema/fault.ts';
import type { Beginning } from './begin.ts';
import { deliverEvents, endingOf, type Sink } from './deliver.ts';
import type { Follower } from './follow.ts';
import type { AlertHub } from './hub.ts';
import type { HubEvent } from './ring.ts';

type Options = {
  hub: AlertHub;
  beginning: Beginning;
  /** Its reason says in words why it ended. */
  signal: AbortSignal;
  onSent: (events: number) => void;
  heartbeatMs?: number;
  patienceMs?: number;
};

/** What may wait in this process for one subscriber, beside what one write holds. */
const WAITING_MAX_BYTES = 64 * 1024;
/** A subscriber that takes nothing does not take a good-bye either. */
const GOODBYE_MS = 5000;

/** Each event is made once for all who get it. */
const texts = new WeakMap<HubEvent, string>();

function textOf(event: HubEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const text = `id: ${event.sequence}\ndata: ${event.json}\n\n`;
  texts.set(event, text);
  return text;
}

export function serveEvents(follower: Follower, options: Options): Readable {
  const { beginning } = options;
  let drain = () => {};
  const body = new Readable({
    highWaterMark: WAITING_MAX_BYTES,
    read() {
      drain();
    },
  });
  const push = (text: string) => !body.destroyed && body.push(Buffer.from(text));
  const sink: Sink = {
    write: (events) => ({ isFull: !push(events.map(textOf).join('')) }),
    drained: () =>
      new Promise<void>((resolve) => {
        drain = resolve;
        if (body.readableLength < WAITING_MAX_BYTES) resolve();
      }),
    stillHere: () => push(': still here\n\n'),
  };
  push('retry: 2000\n: listening\n\n');
  if (beginning.missing !== undefined) push(`event: gap\ndata: ${JSON.stringify(beginning.missing)}\n\n`);
  void run(follower, sink, options).then((end) => {
    push(`event: end\ndata: ${JSON.stringify({ ...end, sequence: follower.after() })}\n\n`);
    if (!body.destroyed) body.push(null);
    setTimeout(() => body.destroy(), GOODBYE_MS).unref();
  });
  return body;
}

type End = { code: string; detail: string; cure: string };

async function run(follower: Follower, sink: Sink, options: Options): Promise<End> {
  try {
    await deliverEvents(follower, sink, options);
    throw endingOf(options.signal);
  } catch (error) {
    const code = faultCodeOf(error);
    if (!(error instanceof FaultError)) return { code, detail: 'an error of ours', cure: FAULTS[code].cure };
    return { code, detail: error.message, cure: error.cure };
  } finally {
    await follower[Symbol.asyncDispose]();
  }
}
