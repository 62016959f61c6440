/** Cells as corners for the graphics card: six corners each, in fractions of the Mercator square, from a common origin. */
import { cellToBoundary } from 'h3-js';

export type CellMesh = {
  /** Mercator x and y that the corners are counted from, so that single precision is enough: a cell of 8 m stays round. */
  origin: [x: number, y: number];
  /** Twelve numbers a cell. */
  corners: Float32Array<ArrayBuffer>;
};

const CORNERS = 6;
const NUMBERS = CORNERS * 2;
const KEPT_MAX = 250_000;
const kept = new Map<bigint, Float64Array>();

export const mercatorX = (lon: number): number => (lon + 180) / 360;
export const mercatorY = (lat: number): number => (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;

/** Kept, since the same cells come every few seconds. Pentagons and distorted cells are brought to six corners. */
function cornersOf(id: bigint): Float64Array {
  const known = kept.get(id);
  if (known !== undefined) return known;
  if (kept.size >= KEPT_MAX) kept.clear();
  const boundary = cellToBoundary(id.toString(16), false);
  const corners = new Float64Array(NUMBERS);
  for (let corner = 0; corner < CORNERS; corner++) {
    const [lat, lon] = boundary[Math.floor((corner * boundary.length) / CORNERS)]!;
    corners.set([mercatorX(lon), mercatorY(lat)], corner * 2);
  }
  kept.set(id, corners);
  return corners;
}

export function meshOf(cells: BigUint64Array): CellMesh {
  const first = cells.length === 0 ? undefined : cornersOf(cells[cells.length >> 1]!);
  const origin: [number, number] = [first?.[0] ?? 0, first?.[1] ?? 0];
  const corners = new Float32Array(cells.length * NUMBERS);
  for (let index = 0; index < cells.length; index++) {
    const own = cornersOf(cells[index]!);
    for (let at = 0; at < NUMBERS; at++) corners[index * NUMBERS + at] = own[at]! - origin[at & 1]!;
  }
  return { origin, corners };
}
