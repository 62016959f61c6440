/** How wide each panel is so that every row is full: the order stays, the last of a row grows into what is left of it. */
import type { PanelAnswer } from '#models/schema/dashboard.ts';

type Size = PanelAnswer['size'];
export type Spans = Record<Size, number>;

/** Of six columns: on a desk, in a window half as wide, on a wall. */
export const DESK: Spans = { third: 2, half: 3, full: 6 };
export const SMALL: Spans = { third: 3, half: 3, full: 6 };
export const WALL: Spans = { third: 2, half: 2, full: 4 };

const COLUMNS = 6;

export function rowSpans(sizes: readonly Size[], spans: Spans): number[] {
  const made = sizes.map((size) => spans[size]);
  let left = COLUMNS;
  made.forEach((span, index) => {
    if (span > left) {
      made[index - 1]! += left;
      left = COLUMNS;
    }
    left -= span;
    if (left === 0) left = COLUMNS;
  });
  if (left < COLUMNS && made.length > 0) made[made.length - 1]! += left;
  return made;
}
