/** Which devices are there: new ones, ones of which more is known, and, over rounds of questions, ones that went. */
import type { DiscoveryNews } from '#models/schema/discovered-device.ts';
import type { Book, Entry } from './book.ts';
import type { Heard } from './hearing.ts';

export type Presence = {
  note: (heard: Heard) => void;
  /** A round of questions is over: who has not answered for `ROUNDS_MISSED` of them is gone. */
  endRound: () => void;
  /** What is new since it was last asked for; a device that changed often comes once. */
  news: () => Generator<DiscoveryNews>;
};

/** One lost answer is nothing yet. */
export const ROUNDS_MISSED = 3;

export function createPresence(book: Book): Presence {
  const changed = new Set<Entry>();
  const left = new Map<Entry, 'bye' | 'silent'>();
  const gone = new Set<Entry>();
  const seenIn = new Map<Entry, number>();
  let round = 0;

  const leave = (entry: Entry, why: 'bye' | 'silent') => {
    if (gone.has(entry)) return;
    gone.add(entry);
    changed.delete(entry);
    left.set(entry, why);
  };
  return {
    note(heard) {
      if (heard.type === 'bye') {
        // Only from where the device answers: a good-bye for somebody else is a forgery, or a device that has moved.
        const entry = book.find(heard.announcement.endpoint, heard.host);
        if (entry !== undefined) leave(entry, 'bye');
        return;
      }
      if (heard.entry === undefined) return;
      const { entry, isNew, twins } = heard.entry;
      for (const twin of twins) if (!gone.has(twin)) changed.add(twin);
      seenIn.set(entry, round);
      if (gone.delete(entry) || isNew) changed.add(entry);
      left.delete(entry);
    },
    endRound() {
      for (const [entry, seen] of seenIn) if (round - seen >= ROUNDS_MISSED - 1 && round > seen) leave(entry, 'silent');
      round++;
    },
    *news() {
      for (const entry of changed) {
        changed.delete(entry);
        yield { type: 'device', device: book.describe(entry) };
      }
      for (const [entry, why] of left) {
        left.delete(entry);
        yield { type: 'gone', key: entry.id, host: entry.hosts[0] ?? '', why };
      }
    },
  };
}
