import { describe, expect, it } from 'vitest';
import { paintOf, STREET_MATERIALS } from '#demo/picture/street/paints.ts';
import { buildStreet } from '#demo/picture/street/street.ts';
import { viewOf } from '#demo/world/views.ts';

describe('the streets', () => {
  it('stay below 400,000 triangles a view, wind outwards and use known materials', () => {
    // Those with the most trees and goods.
    for (const { stage, camera } of ['riverside', 'market'].map(viewOf)) {
      const meshes = buildStreet(stage, { firstId: 1, eye: camera });
      const triangles = meshes.reduce(
        (sum, { topology }) => sum + (typeof topology === 'number' ? 0 : topology.materials.length),
        0,
      );
      expect(triangles).toBeGreaterThan(5000);
      expect(triangles).toBeLessThan(400_000);
      for (const { topology, positions } of meshes) {
        if (typeof topology === 'number') continue;
        expect(Math.max(...new Set(topology.materials))).toBeLessThan(STREET_MATERIALS.length);
        expect(positions.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('name every material once', () => {
    const names = STREET_MATERIALS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(() => paintOf('gold')).toThrow('no material "gold"');
  });
});
