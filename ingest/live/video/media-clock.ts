/** Puts the pictures of a camera on one time line that only grows, whatever the camera's own clock does. */
import { TIMESCALE } from './init-segment.ts';

/** In ticks of the track; `showAfter` counts from `decodeAt`. */
export type Placed = { decodeAt: number; showAfter: number; duration: number };

export type MediaClock = {
  /** For each packet in the order of decoding; `ptsS`: when it is shown, in seconds of the stream. */
  place: (ptsS: number) => Placed;
  /** Another connection begins, whose clock has nothing to do with the one before: here, or after what was there. */
  restart: (atS: number) => void;
};

const STEP_FIRST_S = 0.04;
const STEP_MIN_S = 0.005;
/** A longer step is a jump of the camera's clock; so is one back by more than pictures are reordered. */
const STEP_MAX_S = 10;
const REORDER_MAX_S = 1;
/** Packets in order after which a stream counts as one without B-pictures. */
const ORDERED_AFTER = 100;
/**
 * Players take a step of more than twice the stated duration for a cut, and wait for the next keyframe (Chromium's
 * FrameProcessor): for a camera that leaves out pictures that is seconds. So durations are stated twice as long as the
 * last step, and what is still longer is shortened.
 */
const STANDS_STEPS = 2;
const STEPS_MAX = 1.9;

/**
 * libav's decoding times are not used: over RTSP it has none for H.264 with B-pictures, and wrong ones for H.265. In
 * order of showing, a picture is decoded when it is shown; with B-pictures decoding goes on evenly, before showing.
 */
export function createMediaClock(): MediaClock {
  let decodeS = 0;
  let stepS = STEP_FIRST_S;
  let standsS = STANDS_STEPS * STEP_FIRST_S;
  let startS = 0;
  let behind = 0;
  let orderedFor = ORDERED_AFTER;
  let depthS = 0;
  /** Latest picture so far in the stream's time, and what leads from there to the time line; none before the first. */
  let highest: { atS: number; offsetS: number } | undefined;

  function goAhead(ptsS: number, last: { atS: number; offsetS: number }): number {
    const rawS = ptsS - last.atS;
    const isJump = rawS <= 0 || rawS > STEP_MAX_S;
    if (!isJump) stepS = Math.max(STEP_MIN_S, rawS / (behind + 1));
    const isOrdered = ++orderedFor > ORDERED_AFTER;
    const aheadS = isJump ? stepS : isOrdered ? Math.min(rawS, STEPS_MAX * standsS) : rawS;
    behind = 0;
    highest = { atS: ptsS, offsetS: last.offsetS + aheadS - rawS };
    const shownS = ptsS + highest.offsetS;
    decodeS = isOrdered ? Math.max(decodeS + STEP_MIN_S, shownS) : decodeS + Math.min(stepS, STEPS_MAX * standsS);
    return shownS;
  }

  function fallBehind(ptsS: number, last: { atS: number; offsetS: number }): number {
    behind++;
    if (orderedFor >= ORDERED_AFTER) depthS = 0;
    orderedFor = 0;
    depthS = Math.max(depthS, last.atS - ptsS);
    // The deepest of them is decoded just when it is shown.
    const errorS = last.atS + last.offsetS - depthS - decodeS;
    decodeS += Math.min(Math.max(stepS + 0.2 * errorS, 0.2 * stepS), STEPS_MAX * standsS);
    return ptsS + last.offsetS;
  }

  function shownAt(ptsS: number): number {
    if (highest === undefined) {
      decodeS = startS;
      highest = { atS: ptsS, offsetS: decodeS - ptsS };
      return decodeS;
    }
    const isBehind = ptsS <= highest.atS && ptsS >= highest.atS - REORDER_MAX_S;
    return isBehind ? fallBehind(ptsS, highest) : goAhead(ptsS, highest);
  }

  return {
    place(ptsS) {
      const shownS = shownAt(ptsS);
      standsS = STANDS_STEPS * stepS;
      const decodeAt = Math.round(decodeS * TIMESCALE);
      return {
        decodeAt,
        showAfter: Math.round(shownS * TIMESCALE) - decodeAt,
        duration: Math.round(standsS * TIMESCALE),
      };
    },
    restart(atS) {
      highest = undefined;
      behind = 0;
      startS = Math.max(atS, decodeS + REORDER_MAX_S);
    },
  };
}
