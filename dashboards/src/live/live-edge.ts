/** Keeps a playing video a chosen time behind the newest picture: by speed where it is near, by a jump where it is not. */

/** Further behind than this is not caught up, but jumped. */
const JUMP_BEHIND_S = 2;
/** A cushion against the unevenness of the line, at least and at most. */
const CUSHION_MIN_S = 0.2;
const CUSHION_MAX_S = 0.8;
/** No correction for less than this. */
const SLACK_S = 0.04;

export type Steering = { rate: number; isJump: boolean };

/** `behindS`: from the picture shown to the newest there is; less than nothing when the video ran dry. */
export function steer(behindS: number, targetS: number): Steering {
  const errorS = behindS - targetS;
  if (behindS > JUMP_BEHIND_S || behindS < -JUMP_BEHIND_S) return { rate: 1, isJump: true };
  if (Math.abs(errorS) <= SLACK_S) return { rate: 1, isJump: false };
  // Nobody sees a tenth; a second is caught up in four.
  const most = errorS > 0.5 ? 0.25 : 0.1;
  const rate = 1 + Math.min(Math.max(errorS * 0.4, -0.15), most);
  return { rate: Math.round(rate * 100) / 100, isJump: false };
}

export type Cushion = {
  /** For every picture that arrives. */
  add: (shownAtS: number, arrivedAtS: number) => void;
  /** Seconds that the video should stay behind; `boxesS` is how long boxes come after their pictures. */
  targetS: (boxesS: number) => number;
};

/** Learns how unevenly pictures arrive: the video waits a little longer than the latest of the last ones was late. */
export function createCushion(): Cushion {
  let earliestS = Number.POSITIVE_INFINITY;
  let latenessS = 0;
  return {
    add(shownAtS, arrivedAtS) {
      const travelS = arrivedAtS - shownAtS;
      // Clocks drift apart, and a jump of the time line is no lateness.
      earliestS = Math.abs(travelS - earliestS) > JUMP_BEHIND_S ? travelS : Math.min(travelS, earliestS + 0.0005);
      const lateS = travelS - earliestS;
      latenessS = Math.max(lateS, latenessS * 0.995);
    },
    targetS: (boxesS) => Math.min(CUSHION_MAX_S, Math.max(CUSHION_MIN_S, boxesS, latenessS + 0.08)),
  };
}
