/** Vehicles: on the ground, closed, as large as they say, and turning their wheels. */
import { describe, expect, test } from 'vitest';
import { boxFacets, surfaceOf } from '#demo/picture/shape/facets.ts';
import { VEHICLES } from '#demo/picture/vehicles/vehicles.ts';
import { outwardShare, volumeOf } from '../shape/closed.ts';

describe('vehicles', () => {
  test('a box encloses its volume with faces outwards', () => {
    const surface = surfaceOf(boxFacets([1, 2, 3], [0.5, 1, 1.5], 0, 0.3));
    expect(volumeOf(surface)).toBeCloseTo(6, 6);
    expect(outwardShare(surface)).toBe(1);
  });

  for (const { name, kind, facets, lengthM, widthM, heightM, phases } of VEHICLES) {
    const surface = surfaceOf(facets(0));
    const range = (axis: number): readonly [number, number] =>
      surface.positions.reduce<readonly [number, number]>(
        ([low, high], value, i) => (i % 3 === axis ? [Math.min(low, value), Math.max(high, value)] : [low, high]),
        [Infinity, -Infinity],
      );

    test(`the ${name} stands on the ground, faces outwards and has the size it says`, () => {
      expect(Math.abs(range(2)[0])).toBeLessThan(0.01);
      expect(surface.materials.length).toBeLessThanOrEqual(6000);
      expect(volumeOf(surface)).toBeGreaterThan(0);
      expect(outwardShare(surface)).toBeGreaterThan(0.99);
      const [left, right] = range(0);
      const [rear, front] = range(1);
      expect(Math.abs(front - rear - lengthM)).toBeLessThan(0.35);
      expect(right - left - widthM).toBeGreaterThan(-0.15);
      expect(right - left - widthM).toBeLessThan(kind === 'car' ? 0.45 : 0.6);
      expect(Math.abs(range(2)[1] - heightM)).toBeLessThan(0.25);
      expect(Math.abs(right + left)).toBeLessThan(0.12);
    });

    if (phases > 1) {
      test(`the ${name} turns its wheels without growing or losing a triangle`, () => {
        const turned = surfaceOf(facets(0.5));
        expect(turned.indices.length).toBe(surface.indices.length);
        expect(turned.positions).not.toEqual(surface.positions);
      });
    }
  }
});
