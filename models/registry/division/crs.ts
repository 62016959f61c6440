/** Coordinates of files brought to WGS-84: GCJ-02 and BD-09 (which move a place by 100 to 1200 m in China), and swapped axes. */
import gcoordPackage from 'gcoord';
import type { CrsName } from '../../schema/division.ts';

export type Place = [lon: number, lat: number];

// Its types describe an ES module, but what Node loads is CommonJS, whose exports are the default itself.
const gcoord = gcoordPackage as unknown as typeof gcoordPackage.default;

const TYPES = { wgs84: gcoord.WGS84, gcj02: gcoord.GCJ02, bd09: gcoord.BD09 } as const;

/** Digits that are left after a conversion: 1e-9 degrees are a tenth of a millimetre, and keep shared corners shared. */
const DIGITS = 1e9;

export function toWgs84([lon, lat]: readonly number[], crs: CrsName): Place {
  if (crs === 'wgs84' || lon === undefined || lat === undefined) return [lon ?? Number.NaN, lat ?? Number.NaN];
  const [x, y] = gcoord.transform([lon, lat], TYPES[crs], TYPES.wgs84) as Place;
  return [Math.round(x * DIGITS) / DIGITS, Math.round(y * DIGITS) / DIGITS];
}

/**
 * The same coordinates, each position given through `change`; what is no list of numbers stays as it came, so that the
 * check of polygons can say what is wrong with it.
 */
export function mapPositions(coordinates: unknown, change: (position: readonly number[]) => number[]): unknown {
  if (!Array.isArray(coordinates)) return coordinates;
  if (typeof coordinates[0] === 'number') {
    const isPosition = Number.isFinite(coordinates[0]) && Number.isFinite(coordinates[1]);
    return isPosition ? change(coordinates as number[]) : coordinates;
  }
  return coordinates.map((inner) => mapPositions(inner, change));
}

/** Visits every position of a geometry, whatever its depth. */
export function eachPosition(coordinates: unknown, visit: (lon: number, lat: number) => void): void {
  if (!Array.isArray(coordinates)) return;
  if (typeof coordinates[0] === 'number') visit(coordinates[0], coordinates[1] ?? 0);
  else for (const inner of coordinates) eachPosition(inner, visit);
}

/** West, south, east, north; infinite where there is no position. */
export function boundsOf(coordinates: unknown): [west: number, south: number, east: number, north: number] {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  eachPosition(coordinates, (lon, lat) => {
    if (lon < west) west = lon;
    if (lat < south) south = lat;
    if (lon > east) east = lon;
    if (lat > north) north = lat;
  });
  return [west, south, east, north];
}

/** How many positions a geometry has, counted without making anything of them. */
export function countPositions(coordinates: unknown): number {
  if (!Array.isArray(coordinates)) return 0;
  if (typeof coordinates[0] === 'number') return 1;
  let count = 0;
  for (const inner of coordinates) count += countPositions(inner);
  return count;
}

const EARTH_M = 6_371_008;
const RADIANS = Math.PI / 180;

/** Metres between two places, on the plane that touches the earth there: good for some kilometres. */
export function metresBetween(a: readonly number[], b: readonly number[]): number {
  const [lon1 = 0, lat1 = 0] = a;
  const [lon2 = 0, lat2 = 0] = b;
  const x = (lon2 - lon1) * RADIANS * Math.cos(((lat1 + lat2) / 2) * RADIANS);
  return Math.hypot(x, (lat2 - lat1) * RADIANS) * EARTH_M;
}
