/**
 * When a finding is raised and cleared, and what it is called as a reason. Thresholds were fixed on the views `crossing`,
 * `shops`, `square`, `parking`, `riverside` and `market`; docs/diagnosis.md has what came out on the others and on real
 * footage.
 */
import type { FaultCode } from '#models/schema/fault.ts';
import type { FindingName } from '#models/schema/picture-finding.ts';
import type { Score } from './alarm.ts';
import type { Light } from './light.ts';
import type { Stillness } from './stillness.ts';
import type { Match } from './view-memory.ts';

export type Timings = { raiseS: number; clearS: number };

/** Patient where something harmless looks alike: a bus stands before the camera, a lamp shines in, wipers pass. */
export const TIMINGS: Readonly<Record<FindingName, Timings>> = {
  black: { raiseS: 5, clearS: 3 },
  white: { raiseS: 10, clearS: 5 },
  covered: { raiseS: 15, clearS: 10 },
  blurred: { raiseS: 20, clearS: 10 },
  frozen: { raiseS: 0, clearS: 2 },
  moved: { raiseS: 10, clearS: 8 },
  'infra-red': { raiseS: 10, clearS: 10 },
  noisy: { raiseS: 30, clearS: 20 },
};

/** A view that is hidden in part only: traffic may stand there for a while. */
export const PARTLY_COVERED_RAISE_S = 60;

/** In the order in which one of them is the camera's reason. */
export const REASONS = {
  black: 'picture-black',
  white: 'picture-white',
  covered: 'picture-covered',
  frozen: 'picture-frozen',
  blurred: 'picture-blurred',
  moved: 'view-moved',
} as const satisfies Partial<Record<FindingName, FaultCode>>;

/** What the camera's state says of it. */
export const MESSAGES: Readonly<Record<keyof typeof REASONS, string>> = {
  black: 'the stream is well, but its pictures are black',
  white: 'the stream is well, but most of its pictures is burnt out to white',
  covered: 'something hides the view that the camera has had so far',
  frozen: 'the stream is well, but shows the same picture all the time',
  blurred: 'the pictures are out of focus',
  moved: 'the view is not the one that was known: the camera was turned, or its zoom changed',
};

/** Lost structure above which nothing that matters can be seen past what hides the view. */
export const BLIND_LOST = 0.6;

/**
 * Out of focus above which a detector is as good as blind: eyes-nano finds 81 % of what it finds in focus when pictures
 * are blurred by 4 pixels of 1280, 29 % at 8 (a score of 0.67), 4 % at 12 (292 things on four of the city's views).
 */
export const BLIND_BLURRED = 0.67;

/** `structure`: mean squared length of the edges' vectors per cell. */
export type Seen = { light: Light; stillness: Stillness; match: Match | undefined; structure: number };

type Scores = Readonly<Record<FindingName, Score | undefined>>;

const clamp = (value: number) => Math.min(1, Math.max(0, value));

/** undefined where it cannot be told from what is seen: in a black picture nothing is blurred. */
export function scoresOf(seen: Seen): Scores {
  const { light, stillness } = seen;
  const black = { score: clamp(1 - (light.highest - 16) / 48), threshold: 0.5 };
  const white = { score: light.burnt, threshold: 0.6 };
  const canSee = black.score < black.threshold && white.score < white.threshold;
  const covered = canSee ? coveredScore(seen) : undefined;
  const isCovered = covered !== undefined && covered.score >= Math.max(BLIND_LOST, covered.threshold);
  return {
    black,
    white,
    covered,
    blurred: canSee && !isCovered ? blurredScore(light) : undefined,
    frozen: canSee ? frozenScore(stillness) : undefined,
    moved: canSee && !isCovered ? movedScore(seen) : undefined,
    'infra-red': canSee ? { score: clamp(1 - light.colour / 2), threshold: 0.65 } : undefined,
    noisy: canSee ? noisyScore(seen) : undefined,
  };
}

/** The rendered city in fog has 0.1 and more, something that hangs before the lens 0.07 and less. */
const STRUCTURE_MIN = 0.1;
/** Of the reference's structure: fog leaves 0.4. */
const STRUCTURE_SHARE_MIN = 0.3;
/** Views of different places are less alike than this. */
const STRANGE_BELOW = 0.22;

function isHidden({ match, structure }: Seen): boolean {
  if (match === undefined) return structure < 0.4 * STRUCTURE_MIN;
  return match.likeness < STRANGE_BELOW && match.structure < STRUCTURE_SHARE_MIN;
}

/** Of the structure that is not hidden, how much must be where it was for the rest to be missed. */
const KEPT_MIN = 0.45;

/** Hidden as a whole: structure is gone. In part: it is gone there, and the rest lies where it should. */
function coveredScore(seen: Seen): Score | undefined {
  const { match, structure, light } = seen;
  const threshold = 0.25;
  if (isHidden(seen)) return { score: clamp(1 - structure / STRUCTURE_MIN / 2), threshold };
  if (match === undefined) return { score: 0, threshold };
  if (match.likeness < STRANGE_BELOW || isBlurred(light)) return undefined;
  return { score: match.kept >= KEPT_MIN ? match.lost : 0, threshold };
}

const BLURRED_FROM = 0.6;

function isBlurred({ sharpness = 1 }: Light): boolean {
  return 1 - sharpness >= BLURRED_FROM;
}

function blurredScore({ sharpness }: Light): Score | undefined {
  return sharpness === undefined ? undefined : { score: clamp(1 - sharpness), threshold: BLURRED_FROM };
}

function frozenScore({ alike, forS, keyframes, isBytewise }: Stillness): Score {
  const isLongEnough = keyframes >= 3 && forS >= (isBytewise ? 8 : 20);
  return { score: isLongEnough ? alike : 0, threshold: 0.99 };
}

/** How alike a view is to itself at least: in a light that is known, and in another. */
const USUAL = { known: 0.6, other: 0.24 };

function movedScore({ match }: Seen): Score | undefined {
  if (match === undefined || match.structure < STRUCTURE_SHARE_MIN) return undefined;
  const { likeness, shift, isKnownLight } = match;
  const elsewhere = shift === undefined || shift.likeness < 0.25 ? 0 : shift.likeness;
  const best = Math.max(likeness, elsewhere, isKnownLight ? USUAL.known : USUAL.other);
  return { score: clamp(1 - likeness / best), threshold: 0.5 };
}

/** Of what lies between the darkest and the brightest; a dense junction’s traffic has 0.03, the demo’s night-noise 0.043. */
const NOISE_SHARE = 0.036;

function noisyScore({ stillness, light }: Seen): Score | undefined {
  if (stillness.noise === undefined) return undefined;
  const share = stillness.noise / Math.max(1, light.highest - light.lowest);
  return { score: share / (share + NOISE_SHARE), threshold: 0.5 };
}
