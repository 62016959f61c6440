/** What a process remembers of logins to devices, so that nobody is locked out: one at a time, and none after a refusal. */
import { createHmac, randomBytes } from 'node:crypto';
import type { FaultError } from '#models/schema/fault.ts';
import type { Target } from './target.ts';

export type LoginMethod = 'none' | 'wsse-digest' | 'wsse-text' | 'http-digest' | 'http-basic';

/** Passwords are kept as keyed hashes only, to see whether they have changed. */
export type LoginMemory = {
  /** What let this user in the last time. */
  method?: LoginMethod;
  /** The password that was right. */
  goodSecret?: string;
  /** The password that was refused, with what was said, and when. */
  refused?: { secret: string; fault: FaultError; atMs: number };
};

export type Logins = {
  of(target: Target, user: string): LoginMemory;
  hash(password: string): string;
  /** Runs when nobody else signs in to the device. */
  alone<T>(target: Target, work: () => Promise<T>): Promise<T>;
};

const REMEMBERED_MAX = 4096;

/** One for each process. */
export function createLogins(): Logins {
  const key = randomBytes(32);
  const memories = new Map<string, LoginMemory>();
  const waiting = new Map<string, Promise<unknown>>();
  return {
    of({ address, port }, user) {
      const id = `${address} ${port} ${user}`;
      const memory = memories.get(id) ?? {};
      memories.delete(id);
      memories.set(id, memory);
      const [oldest] = memories.keys();
      if (memories.size > REMEMBERED_MAX && oldest !== undefined) memories.delete(oldest);
      return memory;
    },
    hash: (password) => createHmac('sha256', key).update(password).digest('base64'),
    async alone({ address }, work) {
      const before = waiting.get(address);
      const done = (before ?? Promise.resolve()).then(work, work);
      const settled = done.then(
        () => undefined,
        () => undefined,
      );
      waiting.set(address, settled);
      try {
        return await done;
      } finally {
        if (waiting.get(address) === settled) waiting.delete(address);
      }
    },
  };
}
