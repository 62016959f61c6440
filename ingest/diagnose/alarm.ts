/** Raised after a score has stood at its threshold for a while, cleared after it has lain below for a while. */

export type Score = { score: number; threshold: number };

export type Alarm = {
  /** undefined: this cannot be judged now, and all stays as it is. True where it is raised. */
  judge: (score: Score | undefined, options: { atS: number; raiseS: number; clearS: number }) => boolean;
  isRaised: () => boolean;
  /** Not raised yet, but the score stands at its threshold. */
  isDoubtful: () => boolean;
  /** The last score that could be judged. */
  last: () => Score | undefined;
  /** Not raised, and nothing is waited for. */
  reset: () => void;
};

/** Below the threshold by this share of it: between the two nothing begins to clear. */
const CLEAR_SHARE = 0.9;

export function createAlarm(): Alarm {
  let isRaised = false;
  let last: Score | undefined;
  /** Since when the score has said the opposite of `isRaised`. */
  let otherwiseSinceS: number | undefined;
  return {
    judge(score, { atS, raiseS, clearS }) {
      if (score === undefined) {
        otherwiseSinceS = undefined;
        return isRaised;
      }
      last = score;
      const limit = isRaised ? score.threshold * CLEAR_SHARE : score.threshold;
      if (score.score >= limit === isRaised) {
        otherwiseSinceS = undefined;
        return isRaised;
      }
      otherwiseSinceS = Math.min(atS, otherwiseSinceS ?? atS);
      if (atS - otherwiseSinceS < (isRaised ? clearS : raiseS)) return isRaised;
      isRaised = !isRaised;
      otherwiseSinceS = undefined;
      return isRaised;
    },
    isRaised: () => isRaised,
    isDoubtful: () => !isRaised && otherwiseSinceS !== undefined,
    last: () => last,
    reset() {
      isRaised = false;
      last = undefined;
      otherwiseSinceS = undefined;
    },
  };
}
