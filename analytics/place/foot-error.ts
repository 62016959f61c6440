/**
 * How far a box's foot lies from where the thing is: constants per kind, fitted to the truth of the demo's city.
 * `node demo/score/fit-foot.ts` fits them to its nine training views and prints them; docs/accuracy.md says how far
 * they hold, on the held-out views too.
 */
import type { Kind } from '#models/schema/kind.ts';

/** 1 sigma. Pixel errors are shares of the box, and grow by `doubt` times what its score lacks to 1. */
export type FootError = {
  alongShare: number;
  acrossShare: number;
  doubt: number;
  /** On the ground: along the line of sight, and across it. */
  alongM: number;
  acrossM: number;
  /**
   * Across, of how far the middle of a long thing that stands askew lies from the middle of its box: its near half looks
   * larger, by `lengthM ** 2 / 8` over its distance at most, and a box does not say which half is nearer.
   */
  askew?: number;
  /** Of the box: so far below its lower edge the foot is. */
  riseShare?: number;
};

/** What a kind stands on: its middle lies farther than its near edge, by `reach` of half its depth as it is turned. */
export type Footprint = { lengthM: number; widthM: number; reach: number };

export const FOOTPRINTS: Readonly<Record<Kind, Footprint>> = {
  person: { lengthM: 0.5, widthM: 0.5, reach: 0.5 },
  bicycle: { lengthM: 1.75, widthM: 0.6, reach: 0.73 },
  motorcycle: { lengthM: 1.9, widthM: 0.75, reach: 0.75 },
  car: { lengthM: 4.6, widthM: 1.85, reach: 0.68 },
  bus: { lengthM: 12, widthM: 2.55, reach: 0.77 },
  truck: { lengthM: 7, widthM: 2.4, reach: 0.63 },
};

/** As wide as on the training views would be too sure of the next view's lens: the city has few of them. */
const TWO_WHEELER: FootError = { alongShare: 0.031, acrossShare: 0.017, doubt: 0, alongM: 0.2, acrossM: 0.1 };
const HIDDEN_TWO_WHEELER: FootError = { alongShare: 0, acrossShare: 0.048, doubt: 0, alongM: 0.4, acrossM: 0.1 };
const CUT_TWO_WHEELER: FootError = { alongShare: 0.03, acrossShare: 0.03, doubt: 0.5, alongM: 0.45, acrossM: 0.1 };

const LONG: FootError = { alongShare: 0.025, acrossShare: 0.03, doubt: 5, alongM: 0.5, acrossM: 0.1, askew: 0.6 };
const HIDDEN_LONG: FootError = {
  alongShare: 0.03,
  acrossShare: 0.045,
  doubt: 5,
  alongM: 0.82,
  acrossM: 0.15,
  askew: 1.3,
};
/** Too few to fit: an edge that lies anywhere on a bus of 12 m. */
const CUT_LONG: FootError = { alongShare: 0.04, acrossShare: 0.085, doubt: 0, alongM: 3, acrossM: 0.6 };

/** What the picture shows whole, or nearly. */
export const CLEAR: Readonly<Record<Kind, FootError>> = {
  person: { alongShare: 0.036, acrossShare: 0.048, doubt: 3.5, alongM: 0, acrossM: 0.077 },
  bicycle: TWO_WHEELER,
  motorcycle: TWO_WHEELER,
  car: { alongShare: 0.044, acrossShare: 0.02, doubt: 4.6, alongM: 0.04, acrossM: 0.08, askew: 1 },
  bus: LONG,
  truck: LONG,
};

/** Where the picture's edge or something nearer hides where it stands. */
export const HIDDEN: Readonly<Record<Kind, FootError>> = {
  person: { alongShare: 0.038, acrossShare: 0.018, doubt: 3.3, alongM: 0.38, acrossM: 0.069 },
  bicycle: HIDDEN_TWO_WHEELER,
  motorcycle: HIDDEN_TWO_WHEELER,
  car: { alongShare: 0.041, acrossShare: 0, doubt: 4.9, alongM: 0.44, acrossM: 0.32, askew: 0.1 },
  bus: HIDDEN_LONG,
  truck: HIDDEN_LONG,
};

/** A vehicle of which the picture's lower edge cuts off the near side: the edge lies somewhere on it. */
export const CUT: Readonly<Record<Kind, FootError>> = {
  person: HIDDEN.person,
  bicycle: CUT_TWO_WHEELER,
  motorcycle: CUT_TWO_WHEELER,
  car: { alongShare: 0.04, acrossShare: 0.02, doubt: 0.5, alongM: 0.75, acrossM: 0.55 },
  bus: CUT_LONG,
  truck: CUT_LONG,
};

/**
 * Two-wheelers that stand among others: their wheels are lost in those of the others, and boxes end too high, by more in
 * one row than in the next. The training views have five rows: along is half as much again as was fitted to them, because the
 * next row is another.
 */
export const ROW: FootError = {
  alongShare: 0.12,
  acrossShare: 0.03,
  doubt: 0,
  alongM: 0.03,
  acrossM: 0.12,
  riseShare: 0.076,
};

/** People stand `heightM` high, give or take `spreadM`; the other numbers are those of the head in the picture. */
export const HEAD: { heightM: number; spreadM: number; error: FootError } = {
  heightM: 1.7,
  spreadM: 0.12,
  error: { alongShare: 0.076, acrossShare: 0.14, doubt: 5, alongM: 0.11, acrossM: 0.34 },
};
