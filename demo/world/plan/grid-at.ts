/** Which grid of the city holds a place. */
import type { Point } from '../origin.ts';
import { gridId } from './areas.ts';
import { COLUMNS, ROWS, ringAround } from './lattice.ts';

/** In the city's metres; undefined outside of the city. */
export function gridAt(at: Point): string | undefined {
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      if (isInside(ringAround([column, row, column + 1, row + 1]), at)) return gridId(column, row);
    }
  }
  return undefined;
}

/** Crossings of a ray to the east with the sides: odd inside. */
function isInside(ring: readonly Point[], [x, y]: Point): boolean {
  let inside = false;
  for (let index = 0; index + 1 < ring.length; index++) {
    const [[ax, ay], [bx, by]] = [ring[index]!, ring[index + 1]!];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}
