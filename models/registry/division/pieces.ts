/** What is left of polygons after subtracting or intersecting (Turf): each piece with its size, its width and a place inside. */
import { area as areaOf } from '@turf/area';
import { difference } from '@turf/difference';
import { feature, featureCollection } from '@turf/helpers';
import { intersect } from '@turf/intersect';
import type { MultiPolygon, Polygon } from '../../schema/area.ts';
import { metresBetween, type Place } from './crs.ts';
import type { Box } from './edges.ts';

export type Shape = Polygon | MultiPolygon;

export type Piece = { geometry: Polygon; areaM2: number; isThin: boolean; at: Place };

/** Less than this is what rounding leaves along a border of a kilometre. */
const NOTHING_M2 = 0.1;
/** A strip: narrower than a lane, and much longer than wide; or smaller than a parking place. */
const THIN_WIDTH_M = 4;
const THIN_COMPACTNESS = 0.15;
const SMALL_M2 = 10;

type Turf = Parameters<typeof difference>[0]['features'][number];
const asTurf = (shape: Shape): Turf => feature(shape as Turf['geometry']);

/** `whole` less all of `parts`. */
export function subtract(whole: Shape, parts: readonly Shape[]): Piece[] {
  if (parts.length === 0) return piecesOf(whole);
  return piecesOf(difference(featureCollection([whole, ...parts].map(asTurf)))?.geometry as Shape | undefined);
}

export function overlapOf(one: Shape, other: Shape): Piece[] {
  return piecesOf(intersect(featureCollection([asTurf(one), asTurf(other)]))?.geometry as Shape | undefined);
}

export function clip(shape: Shape, [west, south, east, north]: Box): Shape | undefined {
  const box: Polygon = {
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  };
  return intersect(featureCollection([asTurf(shape), asTurf(box)]))?.geometry as Shape | undefined;
}

export const shapeM2 = (shape: Shape): number => areaOf(asTurf(shape));

/** The largest first; crumbs of rounding are left out. */
function piecesOf(shape: Shape | undefined): Piece[] {
  if (shape === undefined) return [];
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
  const pieces = polygons.flatMap((coordinates): Piece[] => {
    const geometry: Polygon = { type: 'Polygon', coordinates };
    const areaM2 = shapeM2(geometry);
    if (areaM2 < NOTHING_M2) return [];
    return [{ geometry, areaM2, isThin: isThin(coordinates, areaM2), at: placeInside(coordinates) }];
  });
  return pieces.sort((a, b) => b.areaM2 - a.areaM2);
}

function isThin(rings: readonly (readonly (readonly number[])[])[], areaM2: number): boolean {
  if (areaM2 < SMALL_M2) return true;
  let perimeterM = 0;
  for (const ring of rings)
    for (let index = 1; index < ring.length; index++) perimeterM += metresBetween(ring[index - 1]!, ring[index]!);
  const widthM = (2 * areaM2) / perimeterM;
  return widthM < THIN_WIDTH_M && (4 * Math.PI * areaM2) / perimeterM ** 2 < THIN_COMPACTNESS;
}

/** On the line of latitude through the middle: the middle of the widest stretch inside. */
export function placeInside(rings: readonly (readonly (readonly number[])[])[]): Place {
  const lats = (rings[0] ?? []).map((position) => position[1]!);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  // Off the exact middle, where corners of regular shapes lie.
  const lat = south + (north - south) * 0.4871;
  const crossings: number[] = [];
  for (const ring of rings) {
    for (let index = 1; index < ring.length; index++) {
      const [ax = 0, ay = 0] = ring[index - 1]!;
      const [bx = 0, by = 0] = ring[index]!;
      if (ay > lat !== by > lat) crossings.push(ax + ((lat - ay) / (by - ay)) * (bx - ax));
    }
  }
  crossings.sort((a, b) => a - b);
  let best: Place = [rings[0]?.[0]?.[0] ?? 0, rings[0]?.[0]?.[1] ?? 0];
  let widest = 0;
  for (let index = 0; index + 1 < crossings.length; index += 2) {
    const [west, east] = [crossings[index]!, crossings[index + 1]!];
    if (east - west > widest) [widest, best] = [east - west, [(west + east) / 2, lat]];
  }
  return best;
}
