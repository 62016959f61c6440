/** The library as a whole: what the catalogue names is there, and fits what the tracer takes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { figureNamed } from '#demo/picture/bodies/wardrobe.ts';
import { meshAt } from '#demo/picture/job/catalogue.ts';
import { buildLibrary, type Library } from '#demo/picture/job/library.ts';
import { LIBRARY_MATERIALS } from '#demo/picture/job/library-materials.ts';
import { encodeMeshes } from '#demo/picture/job/mesh-file.ts';
import { VEHICLES } from '#demo/picture/vehicles/vehicles.ts';
import { KINDS } from '#models/schema/kind.ts';
import { readMeshes } from './mesh-reader.ts';

let library: Library;
beforeAll(() => {
  const kinds = new Map(
    VEHICLES.map((vehicle) => [`${vehicle.kind} ${vehicle.phases === 1 ? vehicle.name : ''}`, vehicle]),
  );
  library = buildLibrary(['man-older', 'woman-skirt', 'woman-umbrella'].map(figureNamed), [...kinds.values()]);
});

describe('library', () => {
  test('every entry names meshes that are there, in a row, and no two entries share one', () => {
    const named = library.catalogue.flatMap(({ id, phases }) => Array.from({ length: phases }, (_, i) => id + i));
    expect(named).toEqual(library.meshes.map(({ id }) => id));
  });

  test('every kind is there, people stand 1 to 2 m tall without an umbrella, and every rider fits a machine of the library', () => {
    const { catalogue } = library;
    for (const kind of KINDS) expect(catalogue.some((entry) => entry.kind === kind)).toBe(true);
    const machines = new Set(catalogue.filter(({ pose }) => pose === 'roll').map(({ name }) => name));
    for (const { name, pose, kind, heightM, rides } of catalogue) {
      if (kind === 'person' && pose === 'walk' && !name.includes('umbrella')) {
        expect(heightM, name).toBeGreaterThan(1);
        expect(heightM, name).toBeLessThan(2);
      }
      for (const machine of rides ?? []) expect(machines).toContain(machine);
    }
  });

  test('all phases of a walk share the triangles of the first', () => {
    const walk = library.catalogue.find(({ pose }) => pose === 'walk')!;
    for (let i = 1; i < walk.phases; i++) expect(library.meshes[walk.id - 1 + i]!.topology).toBe(walk.id);
  });

  test('the mesh of a way repeats after each stride', () => {
    const walk = library.catalogue.find(({ pose }) => pose === 'walk')!;
    expect(meshAt(walk, 0)).toBe(walk.id);
    expect(meshAt(walk, walk.strideM * 7)).toBe(walk.id);
    expect(meshAt(walk, walk.strideM / 2)).toBe(walk.id + walk.phases / 2);
    expect(meshAt(walk, walk.strideM * 0.999)).toBe(walk.id);
  });

  test('triangles name materials that exist, and plates are plain: no pattern that draws characters is among them', () => {
    for (const { topology } of library.meshes) {
      if (typeof topology === 'number') continue;
      expect(Math.max(...topology.materials)).toBeLessThan(LIBRARY_MATERIALS.length);
    }
    for (const { name, pattern } of LIBRARY_MATERIALS) {
      expect(['sign', 'shopfront'], name).not.toContain(pattern);
      if (name.startsWith('plate')) expect(pattern).toBe('plain');
    }
  });

  test('a body goes through the mesh file to a fifth of a millimetre', () => {
    const [mesh] = library.meshes;
    const [read] = readMeshes(encodeMeshes([mesh!]));
    mesh!.positions.forEach((value, i) => {
      if (Math.abs(read!.positions[i]! - value) > 2e-4) throw new Error(`coordinate ${i} moved`);
    });
    expect(read!.indices.length).toBe(library.catalogue[0]!.triangles * 3);
  });
});
