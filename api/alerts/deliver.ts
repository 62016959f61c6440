/** Gives a subscriber its events until somebody goes: shared by server-sent events and WebSockets. */
import { FaultError } from '#models/schema/fault.ts';
import type { Follower } from './follow.ts';
import type { AlertHub } from './hub.ts';
import type { HubEvent } from './ring.ts';

/** Where events go; `isFull` after a write: nothing more until `drained`. */
export type Sink = {
  write: (events: readonly HubEvent[]) => { isFull: boolean };
  /** Resolves when there is room again. */
  drained: () => Promise<void>;
  stillHere: () => void;
};

type Options = {
  hub: AlertHub;
  signal: AbortSignal;
  onSent: (events: number) => void;
  heartbeatMs?: number;
  /** A subscriber that takes nothing for so long is let go: it resumes where it stopped. */
  patienceMs?: number;
};

const HEARTBEAT_MS = 15_000;
const PATIENCE_MS = 30_000;
/** The broker is away: what is older than the ring waits for it. */
const AGAIN_MS = 1000;

/**
 * Returns when the signal aborts. Throws FaultError `alert-stream-slow` for who takes too long, `alert-stream-reset`
 * where the stream was begun anew.
 */
export async function deliverEvents(follower: Follower, sink: Sink, options: Options): Promise<void> {
  const { hub, signal, onSent, heartbeatMs = HEARTBEAT_MS, patienceMs = PATIENCE_MS } = options;
  let wake = () => {};
  let isReset = false;
  let hasNews = true;
  const news = () => {
    hasNews = true;
    wake();
  };
  const stop = hub.listen({
    wake: news,
    onReset() {
      isReset = true;
      wake();
    },
  });
  const waitFor = (ms: number) =>
    new Promise<'woken' | 'late'>((resolve) => {
      const timer = setTimeout(() => resolve('late'), ms);
      wake = () => {
        clearTimeout(timer);
        resolve('woken');
      };
      if (signal.aborted || isReset || hasNews) wake();
    });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      if (isReset) throw new FaultError('alert-stream-reset', 'the stream of alerts was begun anew');
      hasNews = false;
      const events = await follower.take().catch(() => undefined);
      if (signal.aborted) return;
      if (events === undefined) await waitFor(AGAIN_MS);
      else if (events.length === 0) {
        if ((await waitFor(heartbeatMs)) === 'late') sink.stillHere();
      } else {
        const { isFull } = sink.write(events);
        onSent(events.length);
        hasNews = true;
        if (isFull) await withinPatience(sink, { signal, patienceMs });
      }
    }
  } finally {
    stop();
    signal.removeEventListener('abort', onAbort);
  }
}

/** Why a stream whose signal aborted is over: the sign-in, or we. */
export function endingOf({ reason }: AbortSignal): FaultError {
  if (reason instanceof FaultError) return reason;
  return new FaultError('api-unreachable', 'this process of the API stops', {
    cure: 'Come back with the last sequence you had: nothing is lost.',
  });
}

async function withinPatience(sink: Sink, { signal, patienceMs }: { signal: AbortSignal; patienceMs: number }) {
  const { promise, resolve } = Promise.withResolvers<'late' | 'gone'>();
  const timer = setTimeout(() => resolve('late'), patienceMs);
  const onAbort = () => resolve('gone');
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) return;
    const outcome = await Promise.race([sink.drained(), promise]);
    if (outcome === 'late')
      throw new FaultError('alert-stream-slow', `nothing was taken for ${patienceMs / 1000} seconds`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
