/** Wakes a loop before its pause is over; a nudge that comes while nobody waits is kept, many of them count as one. */
import { pause } from '#system/lifecycle.ts';

export type Nudge = { give: () => void; wait: (timeoutMs: number, signal: AbortSignal) => Promise<void> };

export function createNudge(): Nudge {
  let coming = Promise.withResolvers<void>();
  return {
    give: () => coming.resolve(),
    async wait(timeoutMs, signal) {
      const over = new AbortController();
      await Promise.race([coming.promise, pause(timeoutMs, AbortSignal.any([signal, over.signal]))]);
      over.abort();
      coming = Promise.withResolvers();
    },
  };
}
