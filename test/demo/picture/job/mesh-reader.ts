/** Reads a mesh file from the words of its format alone, so that a slip of the writer shows. */

export interface ReadMesh {
  id: number;
  topologyOf: number;
  positions: number[];
  normals: number[];
  uvs: number[] | undefined;
  indices: number[];
  materials: number[];
}

export function readMeshes(file: Buffer): ReadMesh[] {
  let at = 0;
  const word = () => {
    at += 4;
    return at - 4;
  };
  const u32 = () => file.readUInt32LE(word());
  const f32 = () => file.readFloatLE(word());
  const many = (count: number, width: number, read: (offset: number) => number) => {
    const values = Array.from({ length: count }, (_, i) => read(at + i * width));
    at += Math.ceil((count * width) / 4) * 4;
    return values;
  };
  if (u32() !== 0x314d4553) throw new Error('not a mesh file');
  const meshes = new Map<number, ReadMesh>();
  for (let left = u32(); left > 0; left--) {
    const [id, vertexCount, triangleCount, topologyOf, flags] = [u32(), u32(), u32(), u32(), u32()];
    const origin = [f32(), f32(), f32()];
    const scale = f32();
    const steps = many(vertexCount * 3, 2, (offset) => file.readInt16LE(offset));
    const positions = steps.map((step, i) => origin[i % 3]! + step * scale);
    const normals = many(vertexCount * 3, 1, (offset) => file.readInt8(offset)).map((value) => value / 127);
    const uvs = flags & 1 ? many(vertexCount * 2, 4, (offset) => file.readFloatLE(offset)) : undefined;
    const isOwn = topologyOf === 0xffffffff;
    const shared = isOwn ? undefined : meshes.get(topologyOf);
    const indices = shared?.indices ?? many(triangleCount * 3, 4, (offset) => file.readUInt32LE(offset));
    const materials = shared?.materials ?? many(triangleCount, 2, (offset) => file.readUInt16LE(offset));
    meshes.set(id, { id, topologyOf, positions, normals, uvs, indices, materials });
  }
  if (at !== file.length) throw new Error(`${file.length - at} bytes are left over`);
  return [...meshes.values()];
}
