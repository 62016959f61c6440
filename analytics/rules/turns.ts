/**
 * The order in which looks of one camera are taken in, whichever stream brings them: by their numbers. A look that was told
 * at once is taken when it is the very next; one that is ahead of others *waits*, until they have come by the detections
 * stream, which has all. So a look that was lost on the quick way costs time, and changes nothing.
 */
import type { Look } from './look.ts';

/** Loss rule: of more than this the first go; they come by the detections stream. */
const WAITING_MAX = 64;

type Place = { revision: number; sequence: number };

export type Turns = {
  /** Of a look that was told at once: those whose turn it is, in order; none while it has to wait. */
  early: (look: Look) => Iterable<Look>;
  /** Of a look of the detections stream: itself, and those that waited for it. */
  whole: (look: Look) => Iterable<Look>;
  /** Whether it was taken in before. */
  isKnown: (look: Look) => boolean;
  waiting: () => number;
};

/** `lastOf`: the look of a camera that was taken in last; asked again after each that was given. */
export function createTurns(lastOf: (camera: string) => Place): Turns {
  const waiting = new Map<string, Look[]>();

  const isKnown = (look: Look) => compare(look, lastOf(look.camera)) <= 0;

  function* next(camera: string): Generator<Look> {
    for (;;) {
      const last = lastOf(camera);
      const left = (waiting.get(camera) ?? []).filter((look) => compare(look, last) > 0);
      const [first] = left;
      if (first === undefined || !isNext(first, last)) {
        if (left.length === 0) waiting.delete(camera);
        else waiting.set(camera, left);
        return;
      }
      waiting.set(camera, left.slice(1));
      yield first;
    }
  }

  return {
    isKnown,
    *early(look) {
      const last = lastOf(look.camera);
      if (compare(look, last) <= 0) return;
      if (isNext(look, last)) {
        yield look;
        yield* next(look.camera);
        return;
      }
      const own = waiting.get(look.camera) ?? [];
      own.push(look);
      own.sort(compare);
      waiting.set(look.camera, own.slice(-WAITING_MAX));
    },
    *whole(look) {
      yield look;
      yield* next(look.camera);
    },
    waiting: () => [...waiting.values()].reduce((sum, { length }) => sum + length, 0),
  };
}

const compare = (a: Place, b: Place) => a.revision - b.revision || a.sequence - b.sequence;

/** The first look of a new lease waits as well: what the old one still has to tell comes before it. */
const isNext = (look: Place, last: Place) => look.revision === last.revision && look.sequence === last.sequence + 1;
