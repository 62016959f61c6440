/**
 * At which size of the model's input a camera is looked at: the smallest at which its people are tall enough to be found.
 *
 * A camera begins at the model's own size. While something moves, every so often one more look is taken at the largest size
 * (a *survey*), because what a small input misses it cannot measure. The people of the last surveys tell for each size which
 * share would be too small in it: the camera goes to a larger one where that is large, back where it is small in the smaller
 * one. Where frames were dropped because the detector lagged it *yields*: one size back at once, and none up for a while
 * that doubles each time. docs/decisions/008-input-by-object-height.md has what was measured.
 */
import type { Detector } from '#models/detectors/detector.ts';
import { fitPicture } from '#models/detectors/fit.ts';
import type { Camera } from '#models/schema/camera.ts';
import type { Detection } from '#models/schema/detection.ts';
import type { Lane } from './lane.ts';

export type SizingTimings = {
  /** Between two surveys. */
  surveyMs: number;
  /** A size is kept at least this long, unless the detector lags. */
  dwellMs: number;
  /** Frames dropped within this time are judged together. */
  lagMs: number;
  /** After a lag none is raised for this long; doubled with each further one, up to `yieldMaxMs`. */
  yieldMs: number;
  yieldMaxMs: number;
};

export const SIZING_TIMINGS: SizingTimings = {
  surveyMs: 20_000,
  dwellMs: 120_000,
  lagMs: 5000,
  yieldMs: 600_000,
  yieldMaxMs: 3_600_000,
};

/** Rows of the input below which a person is often missed: at 27 and more 86 of 100 were found, at 20 to 27 68, at 14 to 20 14. */
const TALL_ROWS = 27;
/** Share of people too small in the present size that raises it, and in a smaller one that lowers it. */
const RAISE_SHARE = 0.25;
const LOWER_SHARE = 0.15;
/** What the shares are taken of: five minutes of motion, and no less than this. */
const SURVEYS_KEPT = 15;
const SURVEYS_LEAST = 5;
const PEOPLE_LEAST = 12;
/** Frames dropped, and their share, that count as a lag. */
const DROPPED_LEAST = 3;
const DROPPED_SHARE = 0.05;

export type SizeChange = {
  from: number;
  to: number;
  why: 'small-people' | 'tall-people' | 'lag';
  tooSmallShare?: number;
};

export type InputSizing = {
  /** Index into the detector's sizes. */
  choose: (detector: Pick<Detector, 'sizes'>) => number;
  isSurveyDue: (detector: Pick<Detector, 'sizes'>, atMs: number) => boolean;
  /** What the largest size found in a picture. */
  survey: (found: readonly Detection[], about: Surveyed) => void;
  /** Counters of the camera's connection, as they are told every few seconds. */
  counted: (counts: { looked: number; dropped: number }, atMs: number) => void;
};

export type Surveyed = { lane: Pick<Lane, 'detector' | 'mayGrow'>; picture: Size; atMs: number };
type Size = { width: number; height: number };

export type SizingOptions = {
  setting: NonNullable<Camera['inputSize']>;
  timings?: Partial<SizingTimings>;
  onChange?: (change: SizeChange) => void;
};

const FIXED = { normal: 0, wide: 1, far: 2 } as const;

/** A size that the model does not have is its largest. */
export function createInputSizing(options: SizingOptions): InputSizing {
  const { setting } = options;
  const choose = (size: number) => (detector: Pick<Detector, 'sizes'>) => Math.min(size, detector.sizes.length - 1);
  if (setting === 'auto') return createAutomatic(options);
  return { choose: choose(FIXED[setting]), isSurveyDue: () => false, survey: () => {}, counted: () => {} };
}

function createAutomatic({ timings, onChange }: SizingOptions): InputSizing {
  const { surveyMs, dwellMs, lagMs, yieldMs, yieldMaxMs } = { ...SIZING_TIMINGS, ...timings };
  /** Heights as shares of the picture, one list a survey. */
  const surveys: number[][] = [];
  let size = 0;
  let surveyedAtMs = Number.NEGATIVE_INFINITY;
  let changedAtMs = Number.NEGATIVE_INFINITY;
  let yieldsUntilMs = Number.NEGATIVE_INFINITY;
  let nextYieldMs = yieldMs;
  let counts: { looked: number; dropped: number; atMs: number } | undefined;

  const change = (to: number, atMs: number, about: Omit<SizeChange, 'from' | 'to'>) => {
    onChange?.({ from: size, to, ...about });
    size = to;
    changedAtMs = atMs;
    // What was dropped before says nothing of the new size.
    counts = undefined;
  };
  const decide = ({ lane, picture, atMs }: Surveyed) => {
    const heights = surveys.flat();
    if (surveys.length < SURVEYS_LEAST || heights.length < PEOPLE_LEAST || atMs - changedAtMs < dwellMs) return;
    const { sizes, manifest } = lane.detector;
    const shares = sizes.map((input) => {
      const rows = fitPicture(picture, { ...input, resize: manifest.input.resize }).height;
      return heights.filter((height) => height * rows < TALL_ROWS).length / heights.length;
    });
    const share = shares[size] as number;
    const smaller = shares.findIndex((each) => each < LOWER_SHARE);
    if (smaller >= 0 && smaller < size) {
      change(smaller, atMs, { why: 'tall-people', tooSmallShare: shares[smaller] as number });
    } else if (share > RAISE_SHARE && size < sizes.length - 1 && atMs >= yieldsUntilMs && lane.mayGrow()) {
      const enough = shares.findIndex((each, index) => index > size && each <= RAISE_SHARE);
      change(enough < 0 ? sizes.length - 1 : enough, atMs, { why: 'small-people', tooSmallShare: share });
    }
  };
  return {
    choose({ sizes }) {
      size = Math.min(size, sizes.length - 1);
      return size;
    },
    isSurveyDue: ({ sizes }, atMs) => sizes.length > 1 && Math.abs(atMs - surveyedAtMs) >= surveyMs,
    survey(found, about) {
      surveyedAtMs = about.atMs;
      surveys.push(found.flatMap(({ kind, box }) => (kind === 'person' ? [box[3]] : [])));
      if (surveys.length > SURVEYS_KEPT) surveys.shift();
      decide(about);
    },
    counted(now, atMs) {
      const before = counts;
      if (before !== undefined && now.dropped >= before.dropped && atMs - before.atMs < lagMs) return;
      counts = { ...now, atMs };
      if (before === undefined || size === 0 || now.dropped < before.dropped) return;
      const dropped = now.dropped - before.dropped;
      const all = dropped + Math.max(0, now.looked - before.looked);
      if (dropped >= DROPPED_LEAST && dropped > DROPPED_SHARE * all) {
        yieldsUntilMs = atMs + nextYieldMs;
        nextYieldMs = Math.min(yieldMaxMs, nextYieldMs * 2);
        change(size - 1, atMs, { why: 'lag' });
      } else if (atMs - changedAtMs > yieldMaxMs) nextYieldMs = yieldMs;
    },
  };
}
