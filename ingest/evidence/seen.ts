/** What was seen where in the last seconds of a camera: boxes only, to know what a clip must not show. */
import type { Box, Detection, TrackedDetection } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import type { Watch } from '../pipeline/compose.ts';
import { createMoments } from './moments.ts';

/** Somebody sits on two wheels as well. */
const PEOPLE: readonly Kind[] = ['person', 'bicycle', 'motorcycle'];

/**
 * Down to here what the detector found is blurred. Most of that is nobody, and some of it is somebody half hidden: rather
 * too much is blurred than too little. Nothing else hears of it.
 */
export const COVER_SCORE_MIN = 0.02;

export type SeenLook = {
  atMs: number;
  /** The gate says that nothing moved since the last one; what stood still stands still. */
  isQuiet: boolean;
  tracked: { track: string; box: Box }[];
  /** All that the detector gave, however unsure, and whether or not a track came of it. */
  loose: Box[];
};

export type Seen = {
  /** The stage: hands on every watch as it is. */
  follow: (watches: AsyncIterable<Watch>) => AsyncIterable<Watch>;
  /** What the detector gave for a frame, before the tracker. */
  found: (detections: readonly Detection[], capturedAtMs: number) => void;
  reached: (atMs: number, signal: AbortSignal) => Promise<void>;
  looks: () => readonly SeenLook[];
};

/** Loss rule: looks older than that go, and the oldest beyond so many. */
export function createSeen({ maxMs, looksMax = 4000 }: { maxMs: number; looksMax?: number }): Seen {
  let looks: SeenLook[] = [];
  let loose: { atMs: number; boxes: Box[] } | undefined;
  const moments = createMoments();

  function add(look: SeenLook): void {
    looks.push(look);
    const kept = looks.findIndex(({ atMs }) => atMs >= look.atMs - maxMs);
    const surplus = Math.max(kept, looks.length - looksMax);
    // Seldom, so that not every look copies all.
    if (surplus > looksMax / 8 || looks.length > looksMax) looks = looks.slice(surplus);
    moments.tell(look.atMs);
  }

  const boxesOf = (detections: readonly Detection[]) =>
    detections.filter(({ kind }) => PEOPLE.includes(kind)).map(({ box }) => box);

  async function* follow(watches: AsyncIterable<Watch>): AsyncGenerator<Watch> {
    for await (const watch of watches) {
      if (watch.type === 'look') {
        const { capturedAtMs: atMs, isHeld, detections } = watch.look;
        add({
          atMs,
          isQuiet: isHeld,
          tracked: detections.filter(isPerson).map(({ track, box }) => ({ track, box })),
          loose: loose?.atMs === atMs ? loose.boxes : [],
        });
        loose = undefined;
      }
      yield watch;
    }
  }

  return {
    follow,
    found(detections, atMs) {
      loose = { atMs, boxes: boxesOf(detections) };
    },
    reached: moments.reached,
    looks: () => looks,
  };
}

const isPerson = ({ kind }: TrackedDetection) => PEOPLE.includes(kind);
