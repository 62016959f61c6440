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

/** What the picture shows whole, or nearly. */
export const CLEAR: Readonly<Record<Kind, FootError>> = {
  person: { alongShare: 0.035, acrossShare: 0.035, doubt: 3.5, alongM: 0, acrossM: 0.08 },
  bicycle: { alongShare: 0.049, acrossShare: 0, doubt: 0, alongM: 0.15, acrossM: 0.064 },
  motorcycle: { alongShare: 0.033, acrossShare: 0.05, doubt: 0, alongM: 0.126, acrossM: 0.067 },
  car: { alongShare: 0.03, acrossShare: 0.02, doubt: 3.2, alongM: 0, acrossM: 0.125 },
  bus: { alongShare: 0.029, acrossShare: 0, doubt: 3.8, alongM: 0, acrossM: 0.64 },
  truck: { alongShare: 0, acrossShare: 0.06, doubt: 0, alongM: 0.27, acrossM: 0.1 },
};

/** Where the picture's edge or something nearer hides where it stands. */
export const HIDDEN: Readonly<Record<Kind, FootError>> = {
  person: { alongShare: 0.052, acrossShare: 0, doubt: 2.3, alongM: 0.4, acrossM: 0.083 },
  bicycle: { alongShare: 0, acrossShare: 0.044, doubt: 1.3, alongM: 0.44, acrossM: 0.05 },
  motorcycle: { alongShare: 0, acrossShare: 0.03, doubt: 0, alongM: 0.59, acrossM: 0.09 },
  car: { alongShare: 0, acrossShare: 0, doubt: 0, alongM: 0.6, acrossM: 0.33 },
  bus: { alongShare: 0.064, acrossShare: 0, doubt: 1.25, alongM: 0.8, acrossM: 0.77 },
  truck: { alongShare: 0.006, acrossShare: 0, doubt: 22, alongM: 0.88, acrossM: 0.37 },
};

/** People stand `heightM` high, give or take `spreadM`; the other numbers are those of the head in the picture. */
export const HEAD = {
  heightM: 1.7,
  spreadM: 0.12,
  error: { alongShare: 0.022, acrossShare: 0, doubt: 6.9, alongM: 0, acrossM: 0.147 },
} as const satisfies { heightM: number; spreadM: number; error: FootError };
