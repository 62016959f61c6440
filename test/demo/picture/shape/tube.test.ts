/** Tubes and paths: closed, smooth, and facing outwards whichever way they are drawn. */
import { describe, expect, test } from 'vitest';
import { reach, ringsAlong } from '#demo/picture/shape/path.ts';
import { emptySurface } from '#demo/picture/shape/surface.ts';
import { addTube, blobRings, type Ring } from '#demo/picture/shape/tube.ts';
import { FRONT, lengthOf, RIGHT, subtract, type Vec3 } from '#demo/picture/shape/vector.ts';
import { outwardShare, volumeOf } from './closed.ts';

const PILLAR: Ring[] = [0, 1, 2].map((z) => ({
  centre: [0, 0, z],
  right: RIGHT,
  front: FRONT,
  side: 1,
  fore: 1,
  back: 1,
}));

describe('tube', () => {
  test('encloses its volume, upwards or downwards drawn', () => {
    for (const rings of [PILLAR, PILLAR.toReversed()]) {
      const surface = emptySurface();
      addTube(surface, rings, { corners: 64, material: 0 });
      expect(volumeOf(surface)).toBeCloseTo(2 * Math.PI, 1);
      expect(outwardShare(surface)).toBe(1);
    }
  });

  test('a bent limb and a blob face outwards', () => {
    const joints: Vec3[] = [
      [0, 0, 1],
      [0, 0.1, 0.5],
      [0, -0.3, 0.2],
    ];
    const girths = [
      { at: 0, side: 0.08 },
      { at: 2, side: 0.04 },
    ];
    for (const rings of [
      ringsAlong(joints, girths, { count: 12, front: FRONT }),
      blobRings({ at: [0, 0, 0], right: RIGHT, front: FRONT }, [1, 2, 3]),
    ]) {
      const surface = emptySurface();
      addTube(surface, rings, { corners: 10, material: 0 });
      expect(volumeOf(surface)).toBeGreaterThan(0);
      expect(outwardShare(surface)).toBeGreaterThan(0.95);
    }
  });

  test('each strip takes the material of its ring as given, also when the tube is turned round', () => {
    for (const rings of [PILLAR, PILLAR.toReversed()]) {
      const surface = emptySurface();
      addTube(surface, rings, { corners: 4, material: (ring) => ring });
      const low = surface.materials.filter((_, t) =>
        [0, 1, 2].every((i) => surface.positions[surface.indices[t * 3 + i]! * 3 + 2]! <= 1),
      );
      expect(new Set(low)).toEqual(new Set([rings === PILLAR ? 0 : 1]));
    }
  });
});

describe('reach', () => {
  test('keeps both bones and ends at the target, or on the way to one that is too far', () => {
    const near = reach([0, 0, 0], [0, 0, -0.7], [0.4, 0.4], FRONT);
    expect(lengthOf(near.middle)).toBeCloseTo(0.4, 6);
    expect(lengthOf(subtract(near.end, near.middle))).toBeCloseTo(0.4, 6);
    expect(near.middle[1]).toBeGreaterThan(0.1);
    expect(lengthOf(reach([0, 0, 0], [0, 0, -2], [0.4, 0.4], FRONT).end)).toBeCloseTo(0.8, 2);
  });
});
