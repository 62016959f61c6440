/** Squares on the ground near 117° E, 36° N, in steps of a thousandth of a degree (about 90 m x 111 m), as areas. */
import type { Area } from '#models/schema/area.ts';

type Span = readonly [west: number, south: number, east: number, north: number];
type Ring = [number, number][];

const lon = (steps: number) => Math.round((117 + steps / 1000) * 1e9) / 1e9;
const lat = (steps: number) => Math.round((36 + steps / 1000) * 1e9) / 1e9;

export const ringOf = ([west, south, east, north]: Span): Ring => [
  [lon(west), lat(south)],
  [lon(east), lat(south)],
  [lon(east), lat(north)],
  [lon(west), lat(north)],
  [lon(west), lat(south)],
];

/** A corner at every whole step of the border, so that neighbours share theirs. */
export function notchedRing([west, south, east, north]: Span): Ring {
  const ring: Ring = [];
  for (let x = west; x < east; x++) ring.push([lon(x), lat(south)]);
  for (let y = south; y < north; y++) ring.push([lon(east), lat(y)]);
  for (let x = east; x > west; x--) ring.push([lon(x), lat(north)]);
  for (let y = north; y > south; y--) ring.push([lon(west), lat(y)]);
  return [...ring, [lon(west), lat(south)]];
}

const GOOD = { households: 400, leaders: 1, fullTimeWorkers: 1 };

export function grid(id: string, parent: string | null, ring: Ring, facts: Partial<Area> = {}): Area {
  const geometry: Area['geometry'] = { type: 'Polygon', coordinates: [ring] };
  return { id, name: id, level: 'grid', parent, geometry, version: 1, ...GOOD, ...facts };
}

export function above(id: string, level: Area['level'], parent: string | null, ring: Ring): Area {
  return { id, name: id, level, parent, geometry: { type: 'Polygon', coordinates: [ring] }, version: 1 };
}

/** One village of 2 x 2 grids below a street below a district below a city, all of the same ground. */
export function smallCity(): Area[] {
  const whole = notchedRing([0, 0, 4, 4]);
  return [
    above('city', 'city', null, whole),
    above('district', 'district', 'city', whole),
    above('street', 'street', 'district', whole),
    above('village', 'village', 'street', whole),
    grid('a', 'village', notchedRing([0, 0, 2, 2])),
    grid('b', 'village', notchedRing([2, 0, 4, 2])),
    grid('c', 'village', notchedRing([0, 2, 2, 4])),
    grid('d', 'village', notchedRing([2, 2, 4, 4])),
  ];
}

export const replaced = (areas: readonly Area[], ...changed: Area[]): Area[] => {
  const byId = new Map(areas.map((area) => [area.id, area]));
  for (const area of changed) byId.set(area.id, area);
  return [...byId.values()];
};
