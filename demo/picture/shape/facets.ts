/** Hard-edged parts from flat facets, whose normals are smoothed where neighbours meet at a shallow angle. */
import { addTriangle, addVertex, emptySurface, type Surface } from './surface.ts';
import { add, along, cross, dot, lengthOf, squaredTo, subtract, turned, unit, type Vec3 } from './vector.ts';

/** Three or four corners, counterclockwise seen from outside. */
export interface Facet {
  readonly corners: readonly Vec3[];
  readonly material: number;
}

const CREASE_COS = Math.cos((38 * Math.PI) / 180);
const SAME_PLACE_PER_M = 4000;

/** All facets as a surface; corners closer than a quarter of a millimetre share their place. */
export function surfaceOf(facets: readonly Facet[]): Surface {
  const places = new Map<string, number>();
  const around: Slope[][] = [];
  const solid = facets.flatMap(({ corners, material }) => {
    const slope = slopeOf(corners);
    if (slope === undefined) return [];
    const numbers = corners.map((corner) => {
      const key = keyOf(corner);
      const number = places.get(key) ?? around.push([]) - 1;
      places.set(key, number);
      around[number]!.push(slope);
      return number;
    });
    return [{ corners, material, slope, numbers }];
  });
  const surface = emptySurface();
  const known = new Map<string, number>();
  for (const { corners, material, slope, numbers } of solid) {
    const vertices = corners.map((corner, i) => {
      const [x, y, z] = smoothed(slope, around[numbers[i]!]!);
      const key = `${numbers[i]}/${Math.round(x * 100)},${Math.round(y * 100)},${Math.round(z * 100)}`;
      const vertex = known.get(key) ?? addVertex(surface, corner, [x, y, z]);
      known.set(key, vertex);
      return vertex;
    });
    for (let i = 2; i < vertices.length; i++) {
      const [a, b, c] = [vertices[0]!, vertices[i - 1]!, vertices[i]!];
      if (a !== b && b !== c && a !== c) addTriangle(surface, [a, b, c], material);
    }
  }
  return surface;
}

/** A facet's direction, and the same as long as twice its area. */
interface Slope {
  readonly direction: Vec3;
  readonly weighted: Vec3;
}

function keyOf([x, y, z]: Vec3): string {
  return `${Math.round(x * SAME_PLACE_PER_M)},${Math.round(y * SAME_PLACE_PER_M)},${Math.round(z * SAME_PLACE_PER_M)}`;
}

/** Undefined for a facet without an area. */
function slopeOf(corners: readonly Vec3[]): Slope | undefined {
  let weighted: Vec3 = [0, 0, 0];
  for (let i = 2; i < corners.length; i++) {
    weighted = add(weighted, cross(subtract(corners[i - 1]!, corners[0]!), subtract(corners[i]!, corners[0]!)));
  }
  return lengthOf(weighted) > 1e-9 ? { direction: unit(weighted), weighted } : undefined;
}

function smoothed(own: Slope, others: readonly Slope[]): Vec3 {
  let sum: Vec3 = [0, 0, 0];
  for (const other of others) if (dot(own.direction, other.direction) > CREASE_COS) sum = add(sum, other.weighted);
  return unit(sum);
}

/** A box of half sizes about a centre, turned about the upright axis. */
export function boxFacets(centre: Vec3, half: Vec3, material: number, yaw = 0): Facet[] {
  const [right, front, up]: Vec3[] = [turned([1, 0, 0], [0, 0, 1], yaw), turned([0, 1, 0], [0, 0, 1], yaw), [0, 0, 1]];
  return slabFacets(centre, { right: right!, front: front!, up: up! }, half, material);
}

/** A box along any three square directions (right x front = up). */
export function slabFacets(
  centre: Vec3,
  { right, front, up }: { right: Vec3; front: Vec3; up: Vec3 },
  half: Vec3,
  material: number,
): Facet[] {
  const corner = (x: number, y: number, z: number): Vec3 =>
    along(along(along(centre, right, x * half[0]), front, y * half[1]), up, z * half[2]);
  const sides: (readonly [number, number, number])[][] = [
    [
      [1, -1, -1],
      [1, 1, -1],
      [1, 1, 1],
      [1, -1, 1],
    ],
    [
      [-1, 1, -1],
      [-1, -1, -1],
      [-1, -1, 1],
      [-1, 1, 1],
    ],
    [
      [1, 1, -1],
      [-1, 1, -1],
      [-1, 1, 1],
      [1, 1, 1],
    ],
    [
      [-1, -1, -1],
      [1, -1, -1],
      [1, -1, 1],
      [-1, -1, 1],
    ],
    [
      [-1, -1, 1],
      [1, -1, 1],
      [1, 1, 1],
      [-1, 1, 1],
    ],
    [
      [-1, 1, -1],
      [1, 1, -1],
      [1, -1, -1],
      [-1, -1, -1],
    ],
  ];
  return sides.map((side) => ({ corners: side.map(([x, y, z]) => corner(x, y, z)), material }));
}

/** A round rod from a to b, thick at a and at b as said. */
export function rodFacets(
  a: Vec3,
  b: Vec3,
  radiusM: number,
  material: number,
  endRadiusM = radiusM,
  sides = 6,
): Facet[] {
  const axis = unit(subtract(b, a));
  return revolvedFacets(
    { at: a, axis },
    [
      [0, 0],
      [0, radiusM],
      [lengthOf(subtract(b, a)), endRadiusM],
      [lengthOf(subtract(b, a)), 0],
    ],
    { sides, material },
  );
}

/** A profile of [distance along the axis, radius] points, turned about the axis; it runs out along the axis. */
export function revolvedFacets(
  { at, axis, start = 0 }: { at: Vec3; axis: Vec3; start?: number },
  profile: readonly (readonly [number, number])[],
  { sides, material }: { sides: number; material: number | ((strip: number, side: number) => number) },
): Facet[] {
  const first = squaredTo(Math.abs(axis[2]) > 0.9 ? [1, 0, 0] : [0, 0, 1], axis);
  const point = ([distance, radius]: readonly [number, number], side: number): Vec3 => {
    const direction = turned(first, axis, start + ((side % sides) / sides) * 2 * Math.PI);
    return along(along(at, axis, distance), direction, radius);
  };
  const facets: Facet[] = [];
  for (let strip = 0; strip + 1 < profile.length; strip++) {
    for (let side = 0; side < sides; side++) {
      const corners = [
        point(profile[strip]!, side),
        point(profile[strip]!, side + 1),
        point(profile[strip + 1]!, side + 1),
        point(profile[strip + 1]!, side),
      ];
      facets.push({ corners, material: typeof material === 'number' ? material : material(strip, side) });
    }
  }
  return facets;
}

/** The same facets on the other side of the middle plane x = 0. */
export function mirroredFacets(facets: readonly Facet[]): Facet[] {
  return facets.map(({ corners, material }) => ({
    corners: corners.map(([x, y, z]): Vec3 => [-x, y, z]).toReversed(),
    material,
  }));
}
