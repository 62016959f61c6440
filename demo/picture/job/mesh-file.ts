/** Writes meshes as the tracer reads them: little-endian, positions as 16-bit steps from the middle of their box. */

const MAGIC = 0x314d4553; // 'SEM1'
const NO_TOPOLOGY = 0xffffffff;
const FLAG_UV = 1;
const STEPS = 32767;

/** The triangles of a mesh: three vertex numbers and one material number (an index into materials.json) each. */
export interface Topology {
  readonly indices: Uint32Array;
  readonly materials: Uint16Array;
}

/**
 * One mesh: `positions` in metres, unit `normals` (three floats a vertex), `uvs` in metres (two floats a vertex).
 * `topology` is its own, or the id of an earlier mesh of the same file that has as many vertices.
 */
export interface Mesh {
  readonly id: number;
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly uvs?: Float32Array | undefined;
  readonly topology: Topology | number;
}

/** All meshes as one mesh file. Throws where a mesh does not fit what it refers to. */
export function encodeMeshes(meshes: readonly Mesh[]): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE(meshes.length, 4);
  const parts: Buffer[] = [header];
  const vertexCounts = new Map<number, number>();
  for (const mesh of meshes) {
    assertFits(mesh, vertexCounts);
    vertexCounts.set(mesh.id, mesh.positions.length / 3);
    parts.push(...encodeMesh(mesh));
  }
  return Buffer.concat(parts);
}

function assertFits(mesh: Mesh, vertexCounts: ReadonlyMap<number, number>): void {
  const { id, positions, normals, uvs, topology } = mesh;
  const vertexCount = positions.length / 3;
  if (vertexCounts.has(id)) throw new Error(`mesh ${id} stands twice in one file`);
  if (positions.length % 3 !== 0 || normals.length !== positions.length) {
    throw new Error(`mesh ${id} has ${positions.length} coordinates but ${normals.length} of normals`);
  }
  if (uvs !== undefined && uvs.length !== vertexCount * 2) throw new Error(`mesh ${id} has ${uvs.length} uv numbers`);
  if (typeof topology === 'number') {
    if (vertexCounts.get(topology) !== vertexCount) {
      throw new Error(
        `mesh ${id} shares the triangles of ${topology}, which is no earlier mesh of ${vertexCount} vertices`,
      );
    }
    return;
  }
  if (topology.indices.length !== topology.materials.length * 3) {
    throw new Error(`mesh ${id} has ${topology.indices.length} indices for ${topology.materials.length} triangles`);
  }
  for (const index of topology.indices) if (index >= vertexCount) throw new Error(`mesh ${id} has no vertex ${index}`);
}

function encodeMesh(mesh: Mesh): Buffer[] {
  const { id, positions, normals, uvs, topology } = mesh;
  const isShared = typeof topology === 'number';
  const { origin, scale } = frameOf(positions);
  const head = Buffer.alloc(36);
  head.writeUInt32LE(id, 0);
  head.writeUInt32LE(positions.length / 3, 4);
  head.writeUInt32LE(isShared ? 0 : topology.materials.length, 8);
  head.writeUInt32LE(isShared ? topology : NO_TOPOLOGY, 12);
  head.writeUInt32LE(uvs === undefined ? 0 : FLAG_UV, 16);
  origin.forEach((value, axis) => {
    head.writeFloatLE(value, 20 + axis * 4);
  });
  head.writeFloatLE(scale, 32);
  const steps = Int16Array.from(positions, (value, i) => Math.round((value - origin[i % 3]!) / scale));
  const directions = Int8Array.from(normals, (value) => Math.round(Math.max(-1, Math.min(1, value)) * 127));
  const parts = [head, padded(steps), padded(directions)];
  if (uvs !== undefined) parts.push(padded(uvs));
  if (!isShared) parts.push(padded(topology.indices), padded(topology.materials));
  return parts;
}

/** The middle of the box round the points, and the step with which its longest half side takes 32767 steps. */
function frameOf(positions: Float32Array): { origin: number[]; scale: number } {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i++) {
    const axis = i % 3;
    low[axis] = Math.min(low[axis]!, positions[i]!);
    high[axis] = Math.max(high[axis]!, positions[i]!);
  }
  if (positions.length === 0) return { origin: [0, 0, 0], scale: 1 };
  const origin = low.map((value, axis) => Math.fround((value + high[axis]!) / 2));
  const halfSide = Math.max(...origin.map((value, axis) => Math.max(high[axis]! - value, value - low[axis]!)));
  return { origin, scale: nextFloat(Math.max(halfSide, 1e-6) / STEPS) };
}

/** The step as a 32-bit float, never smaller than asked for, so that no step overflows. */
function nextFloat(value: number): number {
  const rounded = Math.fround(value);
  return rounded >= value ? rounded : Math.fround(value * (1 + 2 ** -22));
}

function padded(values: Int16Array | Int8Array | Float32Array | Uint32Array | Uint16Array): Buffer {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)]);
}
