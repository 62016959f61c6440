/** Key areas and checkpoints as cells of the ground, and how much of each is seen. */
import { cellArea, cellToLatLng, gridDisk, latLngToCell, polygonToCells, UNITS } from 'h3-js';
import { COUNTED_RESOLUTION } from '#models/registry/sight/outlook.ts';
import { LIGHTS, type Light } from '#models/registry/sight/recall.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { PlaceCoverage } from '#models/schema/coverage.ts';
import { type KeyPlace, POINT_RADIUS_M } from '#models/schema/key-place.ts';
import { type Ground, middleOf } from './ground.ts';
import { isSeen, isSeenIn, type Planned } from './planned.ts';
import { longestWatched, type Watched } from './watched.ts';

/** From here on a place is covered; up to there it is blind. */
const COVERED_MIN = 0.95;
const BLIND_MAX = 0.05;
/** Cells of resolution 13 that a point's circle reaches. */
const POINT_RINGS = 3;

export function cellsOfPlace({ geometry }: KeyPlace): string[] {
  const [lon, lat] = centreOf(geometry);
  const own = latLngToCell(lat, lon, COUNTED_RESOLUTION);
  if (geometry.type === 'Polygon') {
    const inside = polygonToCells(geometry.coordinates as number[][][], COUNTED_RESOLUTION, true);
    return inside.length > 0 ? inside : [own];
  }
  const plane = tangentPlane(lon, lat);
  return gridDisk(own, POINT_RINGS).filter((cell) => {
    const [cellLat, cellLon] = cellToLatLng(cell);
    return cell === own || Math.hypot(...plane.toMetres(cellLon, cellLat)) <= POINT_RADIUS_M;
  });
}

export const centreOf = (geometry: KeyPlace['geometry']): [lon: number, lat: number] =>
  geometry.type === 'Point' ? [geometry.coordinates[0]!, geometry.coordinates[1]!] : middleOf(geometry.coordinates[0]!);

type Facts = { planned: Planned; watched: ReadonlyMap<string, Watched>; ground: Ground };

export function coverPlace(place: KeyPlace, { planned, watched, ground }: Facts): PlaceCoverage {
  const cells = cellsOfPlace(place);
  const [lon, lat] = centreOf(place.geometry);
  const known = cells.flatMap((cell) => planned.get(cell) ?? []);
  const shareBy = (light: Light) => known.filter((cell) => isSeen(cell, light)).length / cells.length;
  const share = { day: shareBy('day'), night: shareBy('night') };
  const lookers = known.flatMap(({ looks }) => looks.filter((look) => LIGHTS.some((light) => isSeenIn(look, light))));
  const cameras = [...new Set(lookers.map(({ camera }) => camera))].sort();
  const { id, name, kind, importance } = place;
  return {
    id,
    name,
    kind,
    importance,
    area: ground.areaAt(lon, lat),
    lon,
    lat,
    groundM2: cells.reduce((sum, cell) => sum + cellArea(cell, UNITS.m2), 0),
    share,
    state: { day: stateOf(share.day), night: stateOf(share.night) },
    watched: cameras.length === 0 ? null : longestWatched(cameras, watched),
    cameras,
  };
}

const stateOf = (share: number) => (share >= COVERED_MIN ? 'covered' : share <= BLIND_MAX ? 'blind' : 'partly');

const IMPORTANCE_RANK = { high: 0, normal: 1, low: 2 } as const;

/** The important first, of those alike what is seen least. */
export const worstFirst = (one: PlaceCoverage, other: PlaceCoverage): number =>
  IMPORTANCE_RANK[one.importance] - IMPORTANCE_RANK[other.importance] ||
  Math.min(one.share.day, one.share.night) - Math.min(other.share.day, other.share.night) ||
  (one.watched ?? 0) - (other.watched ?? 0) ||
  (one.id < other.id ? -1 : 1);
