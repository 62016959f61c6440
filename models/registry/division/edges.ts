/**
 * Which sides of polygons have no partner. Where areas divide a parent without gap and overlap, each side of each area
 * is the reverse of a neighbour's side or the same as one of the parent's: the sum of the areas' borders is the parent's
 * border, so that no gap, no overlap and nothing outside is possible (a chain with the right border is the right chain).
 * Only what is left over has to be looked at by costly geometry. Time grows with the number of corners.
 */
import type { MultiPolygon, Polygon } from '../../schema/area.ts';

export type Box = [west: number, south: number, east: number, north: number];

/** Rings as numbers of corners, outer ones anticlockwise, holes clockwise; `places` are the corners by number. */
export type Corners = { ringsOf: (geometry: Polygon | MultiPolygon) => Int32Array[]; places: [number, number][] };

/** Corners are the same only where their numbers are exactly equal. */
export function numberCorners(): Corners {
  const byLon = new Map<number, Map<number, number>>();
  const places: [number, number][] = [];
  const numberOf = (lon: number, lat: number): number => {
    let byLat = byLon.get(lon);
    if (byLat === undefined) {
      byLat = new Map();
      byLon.set(lon, byLat);
    }
    let number = byLat.get(lat);
    if (number === undefined) {
      number = places.push([lon, lat]) - 1;
      byLat.set(lat, number);
    }
    return number;
  };
  return {
    places,
    ringsOf: (geometry) =>
      (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates).flatMap((rings) =>
        rings.map((ring, index) => {
          const numbers = Int32Array.from(ring, ([lon, lat]) => numberOf(lon!, lat!));
          const isAnticlockwise = turning(ring) > 0;
          return isAnticlockwise === (index === 0) ? numbers : numbers.reverse();
        }),
      ),
  };
}

/** Twice the signed area, measured from the first corner so that small rings keep their digits. */
function turning(ring: readonly (readonly number[])[]): number {
  const [x0 = 0, y0 = 0] = ring[0] ?? [];
  let sum = 0;
  for (let index = 1; index < ring.length; index++) {
    const [ax = 0, ay = 0] = ring[index - 1]!;
    const [bx = 0, by = 0] = ring[index]!;
    sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }
  return sum;
}

/** Numbers of corners stay below 2^26, so that two of them are one whole number. */
const SHIFT = 2 ** 26;

/** How often each side is walked, less how often it is walked back. */
export type Balance = Map<number, number>;

export function walk(balance: Balance, rings: readonly Int32Array[], times: 1 | -1): void {
  for (const ring of rings) {
    for (let index = 1; index < ring.length; index++) {
      const [a, b] = [ring[index - 1]!, ring[index]!];
      if (a === b) continue;
      const key = a < b ? a * SHIFT + b : b * SHIFT + a;
      balance.set(key, (balance.get(key) ?? 0) + (a < b ? times : -times));
    }
  }
}

/** Boxes around the sides of these rings that have no partner. */
export function looseSides(balance: Balance, rings: readonly Int32Array[], { places }: Corners): Box[] {
  const boxes: Box[] = [];
  for (const ring of rings) {
    for (let index = 1; index < ring.length; index++) {
      const [a, b] = [ring[index - 1]!, ring[index]!];
      if (a === b || !balance.get(a < b ? a * SHIFT + b : b * SHIFT + a)) continue;
      const [[ax, ay], [bx, by]] = [places[a]!, places[b]!];
      boxes.push([Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)]);
    }
  }
  return boxes;
}

export const isBalanced = (balance: Balance): boolean => {
  for (const count of balance.values()) if (count !== 0) return false;
  return true;
};
