/** What one small picture says without knowing the view: how bright, how flat, how sharp and how coloured it is. */
import type { SmallPicture } from './small-picture.ts';

export type Light = {
  /** Grey levels that 1, 50 and 99 of a hundred pixels do not exceed. */
  lowest: number;
  median: number;
  highest: number;
  /** Share of pixels at the upper end, where nothing can be told apart. */
  burnt: number;
  /** Mean distance of the chroma from grey, levels. */
  colour: number;
  /**
   * How much of an edge's height its steepest step takes, at the better half of the edges: 0.4 and more in focus, less
   * than 0.2 out of focus. Undefined where too few edges stand out.
   */
  sharpness: number | undefined;
};

/** Names and clocks are burnt into the upper and lower edge, sharp also where the lens is not. */
export const OVERLAY_SHARE = 0.1;
const BURNT_LEVEL = 230;
/** An edge is looked for in runs of this many pixels. */
const RUN = 9;
const STEP = 4;
const HEIGHT_MIN = 24;
const EDGES_MIN = 30;

const histogram = new Uint32Array(256);

export function lightOf(picture: SmallPicture): Light {
  const { columns, rows, luma, colour } = picture;
  const edge = Math.round(rows * OVERLAY_SHARE);
  const middle = luma.subarray(edge * columns, (rows - edge) * columns);
  histogram.fill(0);
  for (const level of middle) histogram[level]!++;
  let burnt = 0;
  for (let level = BURNT_LEVEL; level < 256; level++) burnt += histogram[level]!;
  return {
    lowest: percentile(0.01, middle.length),
    median: percentile(0.5, middle.length),
    highest: percentile(0.99, middle.length),
    burnt: burnt / middle.length,
    colour,
    sharpness: sharpnessOf(middle, columns),
  };
}

function percentile(share: number, count: number): number {
  let seen = 0;
  for (let level = 0; level < 256; level++) {
    seen += histogram[level]!;
    if (seen >= share * count) return level;
  }
  return 255;
}

const steepness = new Uint32Array(101);

/** After the idea of Marziliano et al., "A no-reference perceptual blur metric", ICIP 2002: how wide edges are. */
function sharpnessOf(luma: Uint8Array, columns: number): number | undefined {
  steepness.fill(0);
  let edges = 0;
  const rows = luma.length / columns;
  for (let row = 0; row < rows; row += 4) {
    for (let from = 0; from + RUN <= columns; from += STEP) {
      const start = row * columns + from;
      let [low, high, step] = [255, 0, 0];
      let before = luma[start]!;
      for (let at = start; at < start + RUN; at++) {
        const level = luma[at]!;
        if (level < low) low = level;
        if (level > high) high = level;
        const change = level > before ? level - before : before - level;
        if (change > step) step = change;
        before = level;
      }
      if (high - low < HEIGHT_MIN) continue;
      edges++;
      steepness[Math.round((100 * step) / (high - low))]!++;
    }
  }
  if (edges < EDGES_MIN) return undefined;
  let seen = 0;
  for (let percent = 100; percent >= 0; percent--) {
    seen += steepness[percent]!;
    if (seen >= edges / 4) return percent / 100;
  }
  return 0;
}
