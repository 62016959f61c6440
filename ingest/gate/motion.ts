/** Whether something moved between two thumbnails, whatever the light and the sensor's noise did. */
import type { Thumbnail } from './thumbnail.ts';

/** Least and most grey levels by which a cell must differ; between them the picture's own noise decides. */
const LEAST_DIFFERENCE = 4;
const MOST_DIFFERENCE = 14;
/** Deviations of the noise beyond which a difference is no noise: 1 in 10 million cells of a quiet picture. */
const NOISE_DEVIATIONS = 5.5;
/** A change of the whole picture's light by more than this is worth a look. */
const LIGHT_CHANGE = 25;

const histogram = new Uint32Array(511);

/**
 * The median difference is what the light did; the median distance from it is the noise. A thing is at least two
 * changed cells side by side.
 */
export function hasMoved(before: Thumbnail, after: Thumbnail): boolean {
  const { columns, rows, cells } = after;
  if (before.columns !== columns || before.rows !== rows) return true;
  const count = cells.length;
  histogram.fill(0);
  for (let cell = 0; cell < count; cell++) histogram[cells[cell]! - before.cells[cell]! + 255]!++;
  const light = medianOf(count);
  if (Math.abs(light) > LIGHT_CHANGE) return true;
  const limit = Math.min(MOST_DIFFERENCE, Math.max(LEAST_DIFFERENCE, NOISE_DEVIATIONS * noiseOf(light, count)));
  const isChanged = (cell: number) => Math.abs(cells[cell]! - before.cells[cell]! - light) > limit;
  for (let cell = 0; cell < count; cell++) {
    if (!isChanged(cell)) continue;
    if ((cell + 1) % columns !== 0 && isChanged(cell + 1)) return true;
    if (cell + columns < count && isChanged(cell + columns)) return true;
  }
  return false;
}

/** Median of the differences in the histogram. */
function medianOf(count: number): number {
  let seen = 0;
  for (let bin = 0; bin < histogram.length; bin++) {
    seen += histogram[bin]!;
    if (seen * 2 >= count) return bin - 255;
  }
  return 0;
}

/** Standard deviation of the noise from the share of cells that hardly differ; whole grey levels are too coarse for a median. */
function noiseOf(light: number, count: number): number {
  let within = 0;
  for (let distance = 0; distance <= 255; distance++) {
    const low = light - distance + 255;
    const high = light + distance + 255;
    const added = (histogram[low] ?? 0) + (distance === 0 ? 0 : (histogram[high] ?? 0));
    // 68.3 % of a normal distribution lie within one deviation; between two whole levels the share is interpolated.
    if (within + added >= 0.683 * count) return distance - 0.5 + (0.683 * count - within) / Math.max(1, added);
    within += added;
  }
  return 255;
}
