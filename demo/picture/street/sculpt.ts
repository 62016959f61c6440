/** Builds one mesh of a street face by face: flat pieces with their own normals and uv in metres. */
import type { Mesh } from '../job/mesh-file.ts';

export type Vector = readonly [number, number, number];
export type Uv = readonly [number, number];

/** `paint`: a material's number. */
export type Sculpt = {
  /** Flat and convex, anticlockwise seen from outside. */
  face: (points: readonly Vector[], paint: number, uvs?: readonly Uv[]) => void;
  /** A smooth patch: rows of points with their normals, row by row upwards, anticlockwise. */
  patch: (rows: readonly (readonly { at: Vector; normal: Vector }[])[], paint: number) => void;
  triangles: () => number;
  mesh: (id: number) => Mesh;
};

export function makeSculpt(): Sculpt {
  const positions: number[] = [];
  const normals: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  const materials: number[] = [];
  const add = (at: Vector, normal: Vector, uv: Uv) => {
    positions.push(...at);
    normals.push(...normal);
    uvs.push(...uv);
    return positions.length / 3 - 1;
  };
  return {
    face(points, paint, given) {
      const normal = normalOf(points);
      const flat = given ?? points.map((point) => flatUv(point, normal));
      const first = points.map((point, index) => add(point, normal, flat[index]!))[0]!;
      for (let index = 1; index + 1 < points.length; index++) {
        indices.push(first, first + index, first + index + 1);
        materials.push(paint);
      }
    },
    patch(rows, paint) {
      const numbers = rows.map((row) => row.map(({ at, normal }) => add(at, normal, flatUv(at, normal))));
      for (let r = 0; r + 1 < numbers.length; r++) {
        const [low, high] = [numbers[r]!, numbers[r + 1]!];
        for (let c = 0; c + 1 < low.length; c++) {
          indices.push(low[c]!, low[c + 1]!, high[c + 1]!, low[c]!, high[c + 1]!, high[c]!);
          materials.push(paint, paint);
        }
      }
    },
    triangles: () => materials.length,
    mesh: (id) => ({
      id,
      positions: Float32Array.from(positions),
      normals: Float32Array.from(normals),
      uvs: Float32Array.from(uvs),
      topology: { indices: Uint32Array.from(indices), materials: Uint16Array.from(materials) },
    }),
  };
}

/** Newell's normal of a polygon. */
function normalOf(points: readonly Vector[]): Vector {
  let [x, y, z] = [0, 0, 0];
  for (const [index, a] of points.entries()) {
    const b = points[(index + 1) % points.length]!;
    x += (a[1] - b[1]) * (a[2] + b[2]);
    y += (a[2] - b[2]) * (a[0] + b[0]);
    z += (a[0] - b[0]) * (a[1] + b[1]);
  }
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}

/** Level faces by x and y, walls by the way along them and the height. */
function flatUv([x, y, z]: Vector, [nx, ny, nz]: Vector): Uv {
  if (Math.abs(nz) > 0.7) return [x, y];
  const length = Math.hypot(nx, ny) || 1;
  return [(-ny * x + nx * y) / length, z];
}
