/** Measures of closed surfaces, for tests. */
import type { Surface } from '#demo/picture/shape/surface.ts';
import { cross, dot, subtract, type Vec3 } from '#demo/picture/shape/vector.ts';

function placeOf({ positions }: Surface, number: number): Vec3 {
  return [positions[number * 3]!, positions[number * 3 + 1]!, positions[number * 3 + 2]!];
}

/** The volume that the triangles enclose; positive where they face outwards. */
export function volumeOf(surface: Surface): number {
  let sum = 0;
  for (let t = 0; t < surface.indices.length; t += 3) {
    const [a, b, c] = [0, 1, 2].map((i) => placeOf(surface, surface.indices[t + i]!));
    sum += dot(a!, cross(b!, c!)) / 6;
  }
  return sum;
}

/** The share of triangles whose corners' normals lean the way the triangle faces. */
export function outwardShare(surface: Surface): number {
  let outward = 0;
  for (let t = 0; t < surface.indices.length; t += 3) {
    const numbers = [0, 1, 2].map((i) => surface.indices[t + i]!);
    const [a, b, c] = numbers.map((number) => placeOf(surface, number));
    const face = cross(subtract(b!, a!), subtract(c!, a!));
    const normals = numbers.map(
      (n): Vec3 => [surface.normals[n * 3]!, surface.normals[n * 3 + 1]!, surface.normals[n * 3 + 2]!],
    );
    if (normals.every((normal) => dot(normal, face) > -1e-9)) outward++;
  }
  return outward / (surface.indices.length / 3);
}
