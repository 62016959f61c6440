/** One event to one channel: tried again while that can help, given up with its reason, each attempt on record. */
import { EVENT_TYPES } from '#models/schema/alert.ts';
import type { Delivery } from '#models/schema/channel.ts';
import { faultCodeOf } from '#models/schema/fault.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Letter, Outlet } from './outlet.ts';

type Options = {
  channel: string;
  record: (delivery: Delivery) => void;
  onError: (message: string) => void;
  signal: AbortSignal;
  /** An event this old is given up; what is refused is at once. */
  deadlineMs?: number;
  firstAttempt?: number;
  backoff?: { baseMs: number; capMs: number };
};

/** A receiver may be away for a night. */
const DEADLINE_MS = 24 * 3600_000;
const BACKOFF = { baseMs: 1000, capMs: 60_000 };
const MESSAGE_MAX = 500;

export type Outcome = { isDelivered: true } | { isDelivered: false; attempts: number; message: string };

/** undefined: the signal aborted before it was decided. */
export async function deliverLetter(outlet: Outlet, letter: Letter, options: Options): Promise<Outcome | undefined> {
  const { signal, deadlineMs = DEADLINE_MS, firstAttempt = 1, backoff = BACKOFF } = options;
  const { raisedAtMs, alert } = factsOf(letter);
  for (let attempt = firstAttempt; !signal.aborted; attempt++) {
    const failure = await outlet.send(letter, { signal }).then(
      () => undefined,
      (error: Error) => error,
    );
    if (signal.aborted && failure !== undefined) return undefined;
    const atMs = Date.now();
    const message = failure?.message.slice(0, MESSAGE_MAX);
    const isAgain = failure !== undefined && isRetryable(failure) && atMs - raisedAtMs < deadlineMs;
    options.record({
      channel: options.channel,
      event: letter.event.id,
      alert,
      attempt,
      outcome: failure === undefined ? 'delivered' : isAgain ? 'retry' : 'dead',
      atMs,
      delayMs: Math.max(0, atMs - raisedAtMs),
      ...(message === undefined ? {} : { message }),
    });
    if (message === undefined) return { isDelivered: true };
    options.onError(message);
    if (!isAgain) return { isDelivered: false, attempts: attempt, message };
    await pause(backoffMs(attempt - firstAttempt, backoff), signal);
  }
  return undefined;
}

/** Refused is refused; whatever else is wrong may pass. */
const isRetryable = (error: Error) => !['channel-refused', 'channel-inner'].includes(faultCodeOf(error));

function factsOf({ event }: Letter): { raisedAtMs: number; alert: string | null } {
  if (event.type === EVENT_TYPES.alert) return { raisedAtMs: event.data.raisedAtMs, alert: event.data.id };
  return { raisedAtMs: Date.parse(event.time), alert: null };
}
