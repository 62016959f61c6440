/** A surface that grows part by part: vertices with normals, and triangles with a material each. */
import type { Mesh, Topology } from '#demo/picture/job/mesh-file.ts';
import type { Vec3 } from './vector.ts';

export interface Surface {
  readonly positions: number[];
  readonly normals: number[];
  readonly indices: number[];
  readonly materials: number[];
}

export function emptySurface(): Surface {
  return { positions: [], normals: [], indices: [], materials: [] };
}

/** Adds a vertex and returns its number. */
export function addVertex(surface: Surface, position: Vec3, normal: Vec3): number {
  surface.positions.push(position[0], position[1], position[2]);
  surface.normals.push(normal[0], normal[1], normal[2]);
  return surface.positions.length / 3 - 1;
}

export function addTriangle(surface: Surface, corners: readonly [number, number, number], material: number): void {
  surface.indices.push(corners[0], corners[1], corners[2]);
  surface.materials.push(material);
}

/** The surface as a mesh with triangles of its own, or with those of `model` where it has the very same. */
export function meshOf(surface: Surface, id: number, model?: Mesh): Mesh {
  const own: Topology = { indices: new Uint32Array(surface.indices), materials: new Uint16Array(surface.materials) };
  const isSame = model !== undefined && typeof model.topology !== 'number' && isSameTopology(own, model.topology);
  return {
    id,
    positions: new Float32Array(surface.positions),
    normals: new Float32Array(surface.normals),
    topology: isSame ? model.id : own,
  };
}

function isSameTopology(a: Topology, b: Topology): boolean {
  return (
    a.indices.length === b.indices.length &&
    a.indices.every((value, i) => value === b.indices[i]) &&
    a.materials.every((value, i) => value === b.materials[i])
  );
}
