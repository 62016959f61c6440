/** Which grid of the city holds a place. */
import type { Point } from '../origin.ts';
import { gridId } from './areas.ts';
import { COLUMNS, ROWS, ringAround } from './lattice.ts';

type Face = { id: string; ring: readonly Point[]; west: number; south: number; east: number; north: number };

const FACES: readonly Face[] = Array.from({ length: COLUMNS * ROWS }, (_, index) => {
  const [column, row] = [index % COLUMNS, Math.floor(index / COLUMNS)];
  const ring = ringAround([column, row, column + 1, row + 1]);
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
  const box = { west: Math.min(...xs), south: Math.min(...ys), east: Math.max(...xs), north: Math.max(...ys) };
  return { id: gridId(column, row), ring, ...box };
});

/** In the city's metres; undefined outside of the city. */
export function gridAt([x, y]: Point): string | undefined {
  for (const { id, ring, west, south, east, north } of FACES) {
    if (x >= west && x <= east && y >= south && y <= north && isInside(ring, x, y)) return id;
  }
  return undefined;
}

/** Crossings of a ray to the east with the sides: odd inside. */
function isInside(ring: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  for (let index = 0; index + 1 < ring.length; index++) {
    const [ax, ay] = ring[index]!;
    const [bx, by] = ring[index + 1]!;
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}
