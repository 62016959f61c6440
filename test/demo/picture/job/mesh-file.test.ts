/** Mesh files are read here by a reader of the format's own words, not by the writer's code. */
import { describe, expect, test } from 'vitest';
import { encodeMeshes, type Mesh } from '#demo/picture/job/mesh-file.ts';
import { readMeshes } from './mesh-reader.ts';

const TRIANGLE = { indices: new Uint32Array([0, 1, 2]), materials: new Uint16Array([7]) };

function corner(id: number, topology: Mesh['topology'], uvs?: Float32Array): Mesh {
  return {
    id,
    positions: new Float32Array([-3, 0, 0.25, 1, 2, 0.5, 0, 0, 12]),
    normals: new Float32Array([0, 0, 1, 0, 1, 0, -1, 0, 0]),
    uvs,
    topology,
  };
}

describe('mesh file', () => {
  test('positions come back within a step of the longest half side, normals within a 127th', () => {
    const [mesh] = readMeshes(encodeMeshes([corner(5, TRIANGLE)]));
    expect(mesh!.id).toBe(5);
    corner(5, TRIANGLE).positions.forEach((value, i) => {
      expect(Math.abs(mesh!.positions[i]! - value)).toBeLessThan(6 / 32767);
    });
    expect(mesh!.normals).toEqual([0, 0, 1, 0, 1, 0, -1, 0, 0]);
    expect(mesh!.indices).toEqual([0, 1, 2]);
    expect(mesh!.materials).toEqual([7]);
  });

  test('a later mesh shares the triangles of an earlier one, and uvs stand where they are given', () => {
    const uvs = new Float32Array([0, 0, 1, 0.5, 2, 3]);
    const [own, shared] = readMeshes(encodeMeshes([corner(1, TRIANGLE), corner(2, 1, uvs)]));
    expect(own!.uvs).toBeUndefined();
    expect(shared!.uvs).toEqual([0, 0, 1, 0.5, 2, 3]);
    expect(shared!.indices).toEqual([0, 1, 2]);
    expect(shared!.topologyOf).toBe(1);
  });

  test('a mesh that fits nothing is refused with its number', () => {
    expect(() => encodeMeshes([corner(2, 1)])).toThrow('mesh 2 shares the triangles of 1');
    expect(() => encodeMeshes([corner(1, TRIANGLE), corner(1, TRIANGLE)])).toThrow('mesh 1 stands twice');
    const wrong = { indices: new Uint32Array([0, 1, 3]), materials: new Uint16Array([0]) };
    expect(() => encodeMeshes([corner(1, wrong)])).toThrow('mesh 1 has no vertex 3');
  });
});
