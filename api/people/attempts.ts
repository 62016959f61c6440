/** Slows guessing: so many failed sign-ins a minute per user, and per address, whichever is used up first. */
import { FaultError } from '#models/schema/fault.ts';

const WINDOW_MS = 60_000;
const PER_USER_MAX = 8;
const PER_ADDRESS_MAX = 24;
/** Beyond this many keys the oldest is forgotten: memory is bounded, and a guesser must keep 20,000 of them busy. */
const KEYS_MAX = 20_000;

export type Attempts = {
  /**
   * Counts an attempt before it is checked, so that many at once cannot slip through, and returns how to take it back
   * when it succeeded. Throws FaultError `too-many-attempts`.
   */
  begin: (user: string, address: string) => () => void;
};

export function limitAttempts(now: () => number = Date.now): Attempts {
  const counts = new Map<string, { count: number; untilMs: number }>();

  function find(key: string) {
    const found = counts.get(key);
    if (found !== undefined && found.untilMs > now()) return found;
    const fresh = { count: 0, untilMs: now() + WINDOW_MS };
    counts.delete(key);
    counts.set(key, fresh);
    if (counts.size > KEYS_MAX) counts.delete(counts.keys().next().value ?? '');
    return fresh;
  }

  return {
    begin(user, address) {
      const limits = [
        { counted: find(`user ${user}`), max: PER_USER_MAX },
        { counted: find(`address ${address}`), max: PER_ADDRESS_MAX },
      ];
      const full = limits.find(({ counted, max }) => counted.count >= max);
      if (full !== undefined) {
        const waitS = Math.ceil((full.counted.untilMs - now()) / 1000);
        throw new FaultError(
          'too-many-attempts',
          `too many failed sign-ins; the next is possible in ${waitS} seconds`,
          {
            about: { waitS },
          },
        );
      }
      for (const { counted } of limits) counted.count++;
      return () => {
        for (const { counted } of limits) counted.count--;
      };
    },
  };
}
