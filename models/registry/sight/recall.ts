/** How many of the people of a height in the picture one look of the detector finds, by day and by night: measured, not wished. */
import measured from './recall.json' with { type: 'json' };

export const LIGHTS = ['day', 'night'] as const;
export type Light = (typeof LIGHTS)[number];

/** Height in pixels of a picture 720 high → share of people in the clear that were found. */
type Step = { px: number; recall: number };

/** By test/bench/coverage.ts, which says of which model and clips; the shares rise with the height. */
export const RECALL: Readonly<Record<Light, readonly Step[]>> = measured.recall;
export const RECALL_MODEL: string = measured.model;

/** Ground counts as seen where one look finds at least every second person who stands there in the clear. */
export const SEEN_RECALL_MIN = 0.5;

/** Straight lines between the measured heights, none below the first, the last above it. */
export function recallAt(light: Light, px: number): number {
  const steps = RECALL[light];
  const next = steps.findIndex((step) => step.px > px);
  if (next === 0) return 0;
  const [before, after] = [steps.at(next === -1 ? -1 : next - 1)!, steps[next]];
  if (after === undefined) return before.recall;
  return before.recall + ((px - before.px) / (after.px - before.px)) * (after.recall - before.recall);
}

/** The least height at which people count as seen, pixels of a picture 720 high. */
export function leastPx(light: Light): number {
  for (let px = 1; px <= 720; px++) if (recallAt(light, px) >= SEEN_RECALL_MIN) return px;
  return Number.POSITIVE_INFINITY;
}
