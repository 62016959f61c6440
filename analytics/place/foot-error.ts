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

/** The city has few of them: what one view says of them would otherwise be too sure of the next one's lens. */
const TWO_WHEELER_ACROSS_M = 0.1;

const TWO_WHEELER: FootError = {
  alongShare: 0.031,
  acrossShare: 0.017,
  doubt: 0,
  alongM: 0.19,
  acrossM: TWO_WHEELER_ACROSS_M,
};
const HIDDEN_TWO_WHEELER: FootError = { alongShare: 0, acrossShare: 0.048, doubt: 0, alongM: 0.58, acrossM: 0.1 };
const LONG: FootError = { alongShare: 0.024, acrossShare: 0.018, doubt: 5, alongM: 0.015, acrossM: 0.48 };
const HIDDEN_LONG: FootError = { alongShare: 0.037, acrossShare: 0.046, doubt: 5, alongM: 0.98, acrossM: 0.52 };

/** What the picture shows whole, or nearly. */
export const CLEAR: Readonly<Record<Kind, FootError>> = {
  person: { alongShare: 0.036, acrossShare: 0.048, doubt: 3.5, alongM: 0, acrossM: 0.077 },
  bicycle: TWO_WHEELER,
  motorcycle: TWO_WHEELER,
  car: { alongShare: 0.037, acrossShare: 0.015, doubt: 4.2, alongM: 0, acrossM: 0.14 },
  bus: LONG,
  truck: LONG,
};

/** Where the picture's edge or something nearer hides where it stands. */
export const HIDDEN: Readonly<Record<Kind, FootError>> = {
  person: { alongShare: 0.038, acrossShare: 0.018, doubt: 3.3, alongM: 0.38, acrossM: 0.069 },
  bicycle: HIDDEN_TWO_WHEELER,
  motorcycle: HIDDEN_TWO_WHEELER,
  car: { alongShare: 0.046, acrossShare: 0, doubt: 4.9, alongM: 0.42, acrossM: 0.37 },
  bus: HIDDEN_LONG,
  truck: HIDDEN_LONG,
};

/** People stand `heightM` high, give or take `spreadM`; the other numbers are those of the head in the picture. */
export const HEAD: { heightM: number; spreadM: number; error: FootError } = {
  heightM: 1.7,
  spreadM: 0.12,
  error: { alongShare: 0.076, acrossShare: 0.14, doubt: 5, alongM: 0.11, acrossM: 0.34 },
};
