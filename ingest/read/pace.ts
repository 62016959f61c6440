/** Plays a file at its own speed. */
import { pause } from '#system/lifecycle.ts';

/** After a stall of this length the file goes on from there instead of catching up. */
const STALL_MS = 2000;

/** Returns a function that waits until it is time for the picture of `atS`. */
export function createPace(signal: AbortSignal): (atS: number) => Promise<void> {
  let startMs: number | undefined;
  return async (atS) => {
    const nowMs = performance.now();
    startMs ??= nowMs - atS * 1000;
    const waitMs = startMs + atS * 1000 - nowMs;
    if (waitMs < -STALL_MS) startMs = nowMs - atS * 1000;
    // A timer of Node's is late by a millisecond or so; frames of 25 fps are 40 ms apart.
    if (waitMs > 2) await pause(waitMs, signal);
  };
}
