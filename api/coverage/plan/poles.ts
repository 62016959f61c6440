/** Where one more camera could stand: along the borders of the deepest areas, which follow roads, and round key places. */
import { latLngToCell } from 'h3-js';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Area } from '#models/schema/area.ts';
import type { KeyPlace } from '#models/schema/key-place.ts';
import { centreOf } from '../places.ts';

export type Pole = { lon: number; lat: number };

/** Metres between poles along a border, as street lamps stand. */
const STEP_M = 30;
/** One pole in each H3 cell of this resolution, about 20 m across. */
const APART_RESOLUTION = 12;
/** Metres from the middle of a key place to the poles round it. */
const ROUND_M = 18;

type Wanted = {
  areas: readonly Area[];
  places: readonly KeyPlace[];
  /** Whether a pole may stand there: in the area that is asked for, and not in a house. */
  isAllowed: (lon: number, lat: number) => boolean;
  max: number;
};

/** In the order of key places and areas, so that the same city gives the same poles; thinned evenly beyond `max`. */
export function polesOf({ areas, places, isAllowed, max }: Wanted): { poles: Pole[]; isThinned: boolean } {
  const taken = new Set<string>();
  const add = (poles: Pole[], [lon, lat]: readonly [number, number]) => {
    const spot = latLngToCell(lat, lon, APART_RESOLUTION);
    if (taken.has(spot) || !isAllowed(lon, lat)) return;
    taken.add(spot);
    poles.push({ lon, lat });
  };
  const near: Pole[] = [];
  for (const { geometry } of places) {
    const [lon, lat] = centreOf(geometry);
    const plane = tangentPlane(lon, lat);
    for (const [east, north] of [
      [0, 1],
      [1, 0],
      [0, -1],
      [-1, 0],
    ] as const)
      add(near, plane.toDegrees(east * ROUND_M, north * ROUND_M));
  }
  const along: Pole[] = [];
  for (const { geometry } of areas) {
    const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    for (const ring of parts.flat()) for (const point of alongRing(ring)) add(along, point);
  }
  const room = Math.max(0, max - near.length);
  if (along.length <= room) return { poles: [...near, ...along].slice(0, max), isThinned: near.length > max };
  const thinned = Array.from({ length: room }, (_, index) => along[Math.floor((index * along.length) / room)]!);
  return { poles: [...near.slice(0, max), ...thinned], isThinned: true };
}

function* alongRing(ring: readonly (readonly number[])[]): Generator<[number, number]> {
  for (const [index, corner] of ring.slice(0, -1).entries()) {
    const [lon, lat] = [corner[0]!, corner[1]!];
    const next = ring[index + 1]!;
    const plane = tangentPlane(lon, lat);
    const [east, north] = plane.toMetres(next[0]!, next[1]!);
    const steps = Math.max(1, Math.round(Math.hypot(east, north) / STEP_M));
    for (let step = 0; step < steps; step++) yield plane.toDegrees((east * step) / steps, (north * step) / steps);
  }
}
