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
  const solid = facets.map((facet) => ({ ...facet, normal: areaNormal(facet.corners) }));
  const kept = solid.filter(({ normal }) => lengthOf(normal) > 1e-9);
  const around = new Map<string, Vec3[]>();
  for (const { corners, normal } of kept) {
    for (const corner of corners) {
      const key = keyOf(corner);
      const list = around.get(key);
      if (list === undefined) around.set(key, [normal]);
      else list.push(normal);
    }
  }
  const surface = emptySurface();
  const known = new Map<string, number>();
  for (const { corners, normal, material } of kept) {
    const numbers = corners.map((corner) => {
      const smooth = smoothed(normal, around.get(keyOf(corner))!);
      const key = `${keyOf(corner)}/${smooth.map((value) => Math.round(value * 100)).join()}`;
      const number = known.get(key) ?? addVertex(surface, corner, smooth);
      known.set(key, number);
      return number;
    });
    for (let i = 2; i < numbers.length; i++) {
      const [a, b, c] = [numbers[0]!, numbers[i - 1]!, numbers[i]!];
      if (a !== b && b !== c && a !== c) addTriangle(surface, [a, b, c], material);
    }
  }
  return surface;
}

function keyOf(place: Vec3): string {
  return place.map((value) => Math.round(value * SAME_PLACE_PER_M)).join();
}

function areaNormal(corners: readonly Vec3[]): Vec3 {
  let sum: Vec3 = [0, 0, 0];
  for (let i = 2; i < corners.length; i++) {
    sum = add(sum, cross(subtract(corners[i - 1]!, corners[0]!), subtract(corners[i]!, corners[0]!)));
  }
  return sum;
}

function smoothed(own: Vec3, others: readonly Vec3[]): Vec3 {
  const direction = unit(own);
  let sum: Vec3 = [0, 0, 0];
  for (const other of others) if (dot(direction, unit(other)) > CREASE_COS) sum = add(sum, other);
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
