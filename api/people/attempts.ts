/**
 * Slows guessing. So many failed sign-ins a minute lock an address, and a user at an address. All failures of a user
 * together, wherever they come from, lock nobody: beyond a number they delay, so that a stranger elsewhere can make the
 * right person wait some seconds, but not keep them out.
 */
import { isIPv6 } from 'node:net';
import { FaultError } from '#models/schema/fault.ts';
import { pause } from '#system/lifecycle.ts';

const WINDOW_MS = 60_000;
const PER_USER_AT_ADDRESS_MAX = 8;
const PER_ADDRESS_MAX = 24;
/** Failures of one user in a minute that delay nobody yet; each one more delays the next by a step. */
const UNDELAYED_MAX = 16;
const DELAY_STEP_MS = 100;
const DELAY_MAX_MS = 4000;
/** Beyond this many keys the oldest is forgotten: memory is bounded, and a guesser must keep 20,000 of them busy. */
const KEYS_MAX = 20_000;

export type Attempts = {
  /**
   * Counts an attempt before it is checked, so that many at once cannot slip through, waits where the user is under
   * attack, and returns how to take it back when it succeeded. Throws FaultError `too-many-attempts`.
   */
  begin: (user: string, address: string) => Promise<() => void>;
};

type Clock = { now: () => number; wait: (ms: number) => Promise<void> };

export function limitAttempts({ now, wait }: Clock = { now: Date.now, wait: pause }): Attempts {
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
    async begin(user, address) {
      const network = networkOf(address);
      const limits = [
        { counted: find(`user ${user} at ${network}`), max: PER_USER_AT_ADDRESS_MAX },
        { counted: find(`address ${network}`), max: PER_ADDRESS_MAX },
      ];
      const full = limits.find(({ counted, max }) => counted.count >= max);
      if (full !== undefined) throw tooMany(Math.ceil((full.counted.untilMs - now()) / 1000));
      const everywhere = find(`user ${user}`);
      const all = [...limits.map(({ counted }) => counted), everywhere];
      const delayMs = Math.min(DELAY_MAX_MS, (everywhere.count - UNDELAYED_MAX) * DELAY_STEP_MS);
      for (const counted of all) counted.count++;
      if (delayMs > 0) await wait(delayMs);
      return () => {
        for (const counted of all) counted.count--;
      };
    },
  };
}

function tooMany(waitS: number): FaultError {
  const said = `too many failed sign-ins from this address; the next is possible in ${waitS} seconds`;
  return new FaultError('too-many-attempts', said, { about: { waitS } });
}

/** One subscriber has a whole /64 of IPv6: all of it counts as one address. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const groups = (text: string | undefined) => (text === undefined || text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail)];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
