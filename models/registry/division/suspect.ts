/**
 * Finds out that a file is not in the coordinates it is said to be in: its axes are swapped, or it is GCJ-02 or BD-09
 * where WGS-84 was believed. It is compared with what is known: where cameras stand, and the areas that exist.
 */
import pointInPolygon from 'point-in-polygon-hao';
import type { Area } from '../../schema/area.ts';
import { CRS_NAMES, type CrsName } from '../../schema/division.ts';
import { boundsOf, eachPosition, metresBetween, type Place, toWgs84 } from './crs.ts';

export type Drawn = { id: string; parent: string | null; coordinates: unknown };

export type Known = {
  areas: ReadonlyMap<string, Area>;
  cameras: readonly { area: string | null; lon: number; lat: number }[];
};

export type AxesFinding = { order: 'right' | 'swapped' | 'mixed'; swapped: string[] };

/** A first number beyond 90 degrees can only be a longitude, a second one only if the axes are swapped. */
export function findAxes(drawn: readonly Drawn[], known: Known): AxesFinding {
  const swapped: string[] = [];
  let right = 0;
  const middles: Place[] = [];
  for (const { id, coordinates } of drawn) {
    let isSwapped = false;
    let isRight = false;
    eachPosition(coordinates, (x, y) => {
      if (Math.abs(y) > 90 && Math.abs(y) <= 180 && Math.abs(x) <= 90) isSwapped = true;
      if (Math.abs(x) > 90 && Math.abs(x) <= 180 && Math.abs(y) <= 90) isRight = true;
    });
    middles.push(middleOf(coordinates));
    if (isSwapped) swapped.push(id);
    if (isRight) right++;
  }
  if (swapped.length > 0) return { order: right > 0 ? 'mixed' : 'swapped', swapped };
  if (right > 0) return { order: 'right', swapped: [] };
  // Both numbers could be either; what is known already decides, where there is something.
  const places = placesOf(known);
  const near = (turn: (place: Place) => Place) =>
    middles.filter((middle) => places.some((place) => metresBetween(turn(middle), place) < NEAR_M)).length;
  const [asIs, turned] = [near((place) => place), near(([x, y]) => [y, x])];
  if (asIs === 0 && turned > middles.length / 2) return { order: 'swapped', swapped: drawn.map(({ id }) => id) };
  return { order: 'right', swapped: [] };
}

const NEAR_M = 200_000;
const PLACES_MAX = 50;

function placesOf({ areas, cameras }: Known): Place[] {
  const ofAreas = [...areas.values()].slice(0, PLACES_MAX).map((area) => middleOf(area.geometry.coordinates));
  return [...cameras.slice(0, PLACES_MAX).map(({ lon, lat }): Place => [lon, lat]), ...ofAreas];
}

export type CrsFinding = { likely: CrsName; why: { en: string; zh: string } };

/** Fewer witnesses than this prove nothing. */
const WITNESSES_MIN = 3;
const SAMPLE_MAX = 400;
/** A redrawn border moves by less; GCJ-02 moves by more. */
const OFFSET_MIN_M = 80;

/** What the file rather is than `declared`, or null where nothing speaks for it. */
export function suspectCrs(drawn: readonly Drawn[], known: Known, declared: CrsName): CrsFinding | null {
  return (
    byFormerAreas(drawn, known, declared) ?? byCameras(drawn, known, declared) ?? byParents(drawn, known, declared)
  );
}

/** The same areas as before, all moved as gcoord says GCJ-02 moves: the clearest sign. */
function byFormerAreas(drawn: readonly Drawn[], { areas }: Known, declared: CrsName): CrsFinding | null {
  const pairs = drawn.slice(0, SAMPLE_MAX).flatMap(({ id, coordinates }) => {
    const former = areas.get(id);
    if (former === undefined) return [];
    return [{ drawn: middleOf(coordinates), former: middleOf(former.geometry.coordinates) }];
  });
  if (pairs.length === 0) return null;
  const offset = (crs: CrsName) => median(pairs.map((pair) => metresBetween(toWgs84(pair.drawn, crs), pair.former)));
  const now = offset(declared);
  const best = bestOf(declared, offset);
  if (now < OFFSET_MIN_M || best.value > now / 3) return null;
  const [m, left] = [Math.round(now), Math.round(best.value)];
  return {
    likely: best.crs,
    why: {
      en: `the ${pairs.length} areas that exist already would move by ${m} m; read as ${SAID[best.crs]} they stay within ${left} m`,
      zh: `已有的 ${pairs.length} 个区域将整体偏移 ${m} 米；按 ${SAID[best.crs]} 读取则只差 ${left} 米`,
    },
  };
}

/** Cameras that stand in an area by name, but not by its polygon. */
function byCameras(drawn: readonly Drawn[], { cameras }: Known, declared: CrsName): CrsFinding | null {
  const byId = new Map(drawn.map((one) => [one.id, one]));
  const witnesses = cameras.flatMap(({ area, lon, lat }) => {
    const one = area === null ? undefined : byId.get(area);
    return one === undefined ? [] : [{ lon, lat, coordinates: one.coordinates }];
  });
  if (witnesses.length < WITNESSES_MIN) return null;
  const outside = (crs: CrsName) =>
    witnesses.filter(({ lon, lat, coordinates }) => !holds(coordinates, [lon, lat], crs)).length;
  const [now, best] = [outside(declared), bestOf(declared, outside)];
  if (now - best.value < WITNESSES_MIN || best.value > now / 3) return null;
  return {
    likely: best.crs,
    why: {
      en: `${now} of ${witnesses.length} cameras would stand outside of their own area; read as ${SAID[best.crs]} it is ${best.value}`,
      zh: `${witnesses.length} 台摄像机中有 ${now} 台会落在所属区域之外；按 ${SAID[best.crs]} 读取则为 ${best.value} 台`,
    },
  };
}

/** New areas below one that exists: their corners should lie in it. */
function byParents(drawn: readonly Drawn[], { areas }: Known, declared: CrsName): CrsFinding | null {
  const ids = new Set(drawn.map(({ id }) => id));
  const corners = drawn.slice(0, SAMPLE_MAX).flatMap(({ parent, coordinates }) => {
    const above = parent === null || ids.has(parent) ? undefined : areas.get(parent);
    return above === undefined ? [] : [{ middle: middleOf(coordinates), above: above.geometry.coordinates }];
  });
  if (corners.length < WITNESSES_MIN) return null;
  const outside = (crs: CrsName) =>
    corners.filter(({ middle, above }) => !holds(above, toWgs84(middle, crs), 'wgs84')).length;
  const [now, best] = [outside(declared), bestOf(declared, outside)];
  if (now - best.value < WITNESSES_MIN || best.value > now / 3) return null;
  return {
    likely: best.crs,
    why: {
      en: `${now} of ${corners.length} areas would lie outside of their parent; read as ${SAID[best.crs]} it is ${best.value}`,
      zh: `${corners.length} 个区域中有 ${now} 个会落在上级区域之外；按 ${SAID[best.crs]} 读取则为 ${best.value} 个`,
    },
  };
}

export const SAID: Record<CrsName, string> = { wgs84: 'WGS-84', gcj02: 'GCJ-02', bd09: 'BD-09' };

function bestOf(declared: CrsName, cost: (crs: CrsName) => number): { crs: CrsName; value: number } {
  const others = CRS_NAMES.filter((crs) => crs !== declared).map((crs) => ({ crs, value: cost(crs) }));
  return others.sort((a, b) => a.value - b.value)[0]!;
}

/** Whether a polygon of the file, read in `crs`, holds a place. */
function holds(coordinates: unknown, place: Place, crs: CrsName): boolean {
  const rings = ringsOf(coordinates).map((ring) => ring.map((position) => toWgs84(position, crs)));
  try {
    return rings.length > 0 && pointInPolygon(place, rings) !== false;
  } catch {
    return false; // a ring that is not closed; the check of polygons says so
  }
}

type Ring = readonly (readonly number[])[];

/** All rings of a Polygon or MultiPolygon; even-odd, so parts and holes together answer rightly. */
function ringsOf(coordinates: unknown): Ring[] {
  if (!Array.isArray(coordinates) || coordinates.length === 0) return [];
  const isRing = Array.isArray(coordinates[0]) && typeof coordinates[0][0] === 'number';
  return isRing ? [coordinates as Ring] : coordinates.flatMap(ringsOf);
}

/** The middle of the box around it. */
function middleOf(coordinates: unknown): Place {
  const [west, south, east, north] = boundsOf(coordinates);
  return [(west + east) / 2, (south + north) / 2];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
