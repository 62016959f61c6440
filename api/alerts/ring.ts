/** The latest events of the stream in memory, each once for all subscribers; who is further behind reads the stream. */

import type { Severity } from '#models/schema/severity.ts';
import type { EventKind } from '#models/wire/events.ts';

export type HubEvent = {
  /** Of the stream: rises, and is what a subscriber resumes from. */
  sequence: number;
  kind: EventKind;
  areaPath: readonly string[];
  severity: Severity;
  /** The CloudEvent as it came. */
  json: string;
  /** Set where it is an alert or an incident itself: its id. */
  id?: string;
};

export type Ring = {
  push: (event: HubEvent) => void;
  /** Everything with a sequence above the floor is here. */
  floor: () => number;
  head: () => number;
  /** Index of the first event above `sequence`. */
  indexAfter: (sequence: number) => number;
  at: (index: number) => HubEvent | undefined;
  /** The last event of an alert or an incident itself, where it is still here. */
  find: (kind: EventKind, id: string) => HubEvent | undefined;
  /** Forgets all and begins at `sequence`. */
  reset: (sequence: number) => void;
};

type Limits = { eventsMax: number; bytesMax: number };

/** Some minutes of a busy city; loss rule: the oldest go first, and are read from the stream by whoever needs them. */
const LIMITS: Limits = { eventsMax: 20_000, bytesMax: 32 * 1024 ** 2 };
/** Leaving a few each time would move the rest each time. */
const DROP_SHARE = 0.25;

export function createRing(startSequence: number, { eventsMax, bytesMax }: Limits = LIMITS): Ring {
  let events: HubEvent[] = [];
  let bytes = 0;
  let [floor, head] = [startSequence, startSequence];
  const latest = new Map<string, HubEvent>();

  function drop(): void {
    const count = Math.max(1, Math.floor(events.length * DROP_SHARE));
    const gone = events.slice(0, count);
    events = events.slice(count);
    for (const event of gone) {
      bytes -= event.json.length;
      if (latest.get(keyOf(event)) === event) latest.delete(keyOf(event));
    }
    floor = gone.at(-1)?.sequence ?? floor;
  }

  function indexAfter(sequence: number): number {
    let [low, high] = [0, events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((events[middle]?.sequence ?? 0) > sequence) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  return {
    push(event) {
      events.push(event);
      bytes += event.json.length;
      head = event.sequence;
      if (event.id !== undefined) latest.set(keyOf(event), event);
      while (events.length > eventsMax || (bytes > bytesMax && events.length > 1)) drop();
    },
    floor: () => floor,
    head: () => head,
    indexAfter,
    at: (index) => events[index],
    find: (kind, id) => latest.get(keyOf({ kind, id })),
    reset(sequence) {
      [events, bytes, floor, head] = [[], 0, sequence, sequence];
      latest.clear();
    },
  };
}

const keyOf = ({ kind, id }: Pick<HubEvent, 'kind' | 'id'>) => `${kind} ${id}`;
