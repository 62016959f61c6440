/** Long work on a thread that also answers requests: it gives way every few milliseconds. */
import { setImmediate } from 'node:timers/promises';

/** Awaited between small pieces of work; throws the signal's reason once it is aborted. */
export type Breathe = () => Promise<void>;

const TURN_MS = 12;

export function breatheBetween(signal?: AbortSignal): Breathe {
  let sinceMs = performance.now();
  return async () => {
    if (performance.now() - sinceMs < TURN_MS) return;
    await setImmediate();
    signal?.throwIfAborted();
    sinceMs = performance.now();
  };
}
