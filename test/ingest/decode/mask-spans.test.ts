import { describe, expect, it } from 'vitest';
import { spansOf } from '#ingest/decode/mask-spans.ts';
import type { PictureRings } from '#models/schema/mask.ts';

const WIDTH = 64;
const HEIGHT = 48;

function covered(rings: PictureRings): Uint8Array {
  const raster = new Uint8Array(WIDTH * HEIGHT);
  for (const { row, from, to } of spansOf(rings, WIDTH, HEIGHT)) raster.fill(1, row * WIDTH + from, row * WIDTH + to);
  return raster;
}

/** Whether the ring winds around the point, by the angles that its corners turn through. */
function isInside(ring: readonly (readonly number[])[], x: number, y: number): boolean {
  let turned = 0;
  for (const [index, a] of ring.entries()) {
    const b = ring[(index + 1) % ring.length]!;
    const from = Math.atan2(a[1]! - y, a[0]! - x);
    const to = Math.atan2(b[1]! - y, b[0]! - x);
    turned += Math.atan2(Math.sin(to - from), Math.cos(to - from));
  }
  return Math.abs(turned) > Math.PI;
}

const SHAPES: Record<string, PictureRings> = {
  'a sliver thinner than a pixel': [
    [
      [0.1, 0.303],
      [0.9, 0.301],
      [0.9, 0.3055],
    ],
  ],
  'a star that crosses itself': [
    [
      [0.5, 0.05],
      [0.75, 0.95],
      [0.05, 0.35],
      [0.95, 0.35],
      [0.25, 0.95],
    ],
  ],
  'two bays in one outline': [
    [
      [0.1, 0.1],
      [0.9, 0.1],
      [0.9, 0.9],
      [0.5, 0.3],
      [0.1, 0.9],
    ],
  ],
  'rings that overlap and leave the picture by its edge': [
    [
      [0, 0],
      [0.4, 0],
      [0.4, 1],
      [0, 1],
    ],
    [
      [0.3, 0.5],
      [1, 0.4],
      [1, 1],
    ],
  ],
};

describe('the pixels of a mask', () => {
  for (const [name, rings] of Object.entries(SHAPES)) {
    it(`are all that it touches, and little more: ${name}`, () => {
      const raster = covered(rings);
      let inside = 0;
      // Sixteen places in each pixel: one of them inside makes the whole pixel private.
      for (let row = 0; row < HEIGHT * 4; row++) {
        for (let column = 0; column < WIDTH * 4; column++) {
          const [x, y] = [(column + 0.5) / (WIDTH * 4), (row + 0.5) / (HEIGHT * 4)];
          if (!rings.some((ring) => isInside(ring, x, y))) continue;
          inside++;
          expect(raster[(row >> 2) * WIDTH + (column >> 2)], `pixel ${column >> 2}, ${row >> 2}`).toBe(1);
        }
      }
      const touched = raster.reduce((sum, value) => sum + value, 0);
      expect(inside).toBeGreaterThan(0);
      // The edge of a shape runs through at most some pixels per row and column.
      expect(touched - inside / 16).toBeLessThan(5 * (WIDTH + HEIGHT));
    });
  }

  it('are none outside the picture', () => {
    for (const { row, from, to } of spansOf(
      [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ],
      ],
      WIDTH,
      HEIGHT,
    )) {
      expect([from, to]).toEqual([0, WIDTH]);
      expect(row).toBeLessThan(HEIGHT);
    }
  });
});
