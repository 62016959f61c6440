import { describe, expect, it } from 'vitest';
import { distort, undistort, undistortSlope } from '#models/registry/lens.ts';
import type { Lens } from '#models/schema/calibration.ts';

const straight: Lens = { fx: 0.9, fy: 1.6, cx: 0.5, cy: 0.5, k1: 0, k2: 0, p1: 0, p2: 0, k3: 0 };
const LENSES: Record<string, Lens> = {
  'a barrel': { ...straight, k1: -0.28, k2: 0.07 },
  'a cushion': { ...straight, k1: 0.15 },
  'one that is mounted crooked': { ...straight, cx: 0.48, cy: 0.53, k1: -0.2, p1: 0.003, p2: -0.002, k3: 0.01 },
  'a wide one': { ...straight, fx: 0.42, fy: 0.75, k1: -0.12, k2: 0.008 },
};

describe('a lens', () => {
  for (const [name, lens] of Object.entries(LENSES)) {
    it(`is taken out of every point of the picture and put back within a thousandth of a pixel: ${name}`, () => {
      for (let x = 0; x <= 1; x += 0.05) {
        for (let y = 0; y <= 1; y += 0.05) {
          const plain = undistort(lens, x, y)!;
          const [backX, backY] = distort(lens, ...plain)!;
          expect(Math.hypot((backX - x) * 1920, (backY - y) * 1080)).toBeLessThan(0.001);
        }
      }
    });

    it(`says how the point without distortion moves as small steps show it: ${name}`, () => {
      const step = 1e-6;
      for (const [x, y] of [
        [0.1, 0.2],
        [0.9, 0.8],
        [0.5, 0.95],
      ] as const) {
        const plain = undistort(lens, x, y)!;
        const [byX, byY] = [undistort(lens, x + step, y)!, undistort(lens, x, y + step)!];
        const slope = undistortSlope(lens, plain);
        const measured = [byX[0] - plain[0], byY[0] - plain[0], byX[1] - plain[1], byY[1] - plain[1]];
        for (const [index, value] of measured.entries()) expect(value / step).toBeCloseTo(slope[index]!, 4);
      }
    });
  }

  it('is OpenCV’s: a point half a focal length out moves by the sum of its terms', () => {
    const lens: Lens = { fx: 1, fy: 1, cx: 0, cy: 0, k1: -0.3, k2: 0.1, p1: 0.01, p2: 0.02, k3: -0.02 };
    const [u, v, square] = [0.4, 0.3, 0.25];
    const radial = 1 - 0.3 * square + 0.1 * square ** 2 - 0.02 * square ** 3;
    const [x, y] = distort(lens, u, v)!;
    expect(x).toBeCloseTo(u * radial + 2 * 0.01 * u * v + 0.02 * (square + 2 * u * u), 12);
    expect(y).toBeCloseTo(v * radial + 0.01 * (square + 2 * v * v) + 2 * 0.02 * u * v, 12);
  });

  it('places nothing where it folds over itself or shows nothing', () => {
    const folding: Lens = { ...straight, k1: -0.6 };
    expect(undistort(folding, 3, 0.5)).toBeUndefined();
    expect(distort(folding, 3, 0.5)).toBeUndefined();
    expect(undistort(folding, 0.5, 0.5)).toEqual([0.5, 0.5]);
  });
});
