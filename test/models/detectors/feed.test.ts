import { AV_PIX_FMT_YUVJ420P, AVCOL_RANGE_JPEG, AVCOL_RANGE_MPEG } from 'node-av/constants';
import type { Frame as AvFrame } from 'node-av/lib';
import { expect, test } from 'vitest';
import { createFeed } from '#models/detectors/feed.ts';
import { fitPicture } from '#models/detectors/fit.ts';
import type { ModelManifest } from '#models/schema/model-manifest.ts';
import { testManifest } from './manifest.ts';
import { greyPicture, rgbPicture } from './pictures.ts';

type Input = Partial<ModelManifest['input']>;

function fed(input: Input, picture: AvFrame): Float32Array {
  using feed = createFeed(testManifest({ input }).input, 1);
  feed.fill(0, picture);
  return feed.data.slice();
}

/** Left half red, right half blue. */
const halves = () => rgbPicture(64, 32, (x) => (x < 32 ? [200, 0, 0] : [0, 0, 100]));
const at = (x: number, y: number, width = 32) => y * width + x;

test('planes come in the colour order of the manifest', () => {
  using picture = halves();
  const [rgb, bgr] = [fed({ colour: 'rgb' }, picture), fed({ colour: 'bgr' }, picture)];
  const red = (data: Float32Array, plane: number) => data[plane * 1024 + at(4, 16)] as number;
  const blue = (data: Float32Array, plane: number) => data[plane * 1024 + at(28, 16)] as number;
  expect([red(rgb, 0), red(rgb, 2), blue(rgb, 0), blue(rgb, 2)]).toEqual([200, 0, 0, 100]);
  expect([red(bgr, 0), red(bgr, 2), blue(bgr, 0), blue(bgr, 2)]).toEqual([0, 200, 100, 0]);
});

test('interleaved input has the three colours of a pixel beside each other', () => {
  using picture = halves();
  const data = fed({ layout: 'nhwc', mean: [100, 0, 0], std: [50, 1, 2] }, picture);
  expect([...data.subarray(at(4, 16) * 3, at(4, 16) * 3 + 3)]).toEqual([2, 0, 0]);
  expect([...data.subarray(at(28, 16) * 3, at(28, 16) * 3 + 3)]).toEqual([-2, 0, 50]);
});

test.each([
  ['letterbox-top-left', 0, 16],
  ['letterbox-centre', 8, 24],
] as const)('%s puts a wide picture into rows %i to %i and pads the rest', (resize, from, to) => {
  using picture = halves();
  const data = fed({ resize, pad: 114 }, picture);
  for (let y = 0; y < 32; y++) {
    const isInside = y >= from && y < to;
    expect(data[at(4, y)]).toBe(isInside ? 200 : 114);
  }
});

test.each([
  ['letterbox-top-left', 0, 16],
  ['letterbox-centre', 8, 24],
] as const)('%s puts a tall picture into columns %i to %i and pads the rest', (resize, from, to) => {
  using picture = rgbPicture(32, 64, (_, y) => (y < 32 ? [200, 0, 0] : [0, 0, 100]));
  const data = fed({ resize, pad: 114, mean: [14, 0, 0], std: [100, 1, 1] }, picture);
  for (let x = 0; x < 32; x++) {
    const isInside = x >= from && x < to;
    expect(data[at(x, 4)]).toBeCloseTo(isInside ? 1.86 : 1, 5);
    expect(data[at(x, 28)]).toBeCloseTo(isInside ? -0.14 : 1, 5);
  }
});

test('padding is made anew when a picture of another shape follows', () => {
  using feed = createFeed(testManifest({ input: { resize: 'letterbox-top-left', pad: 7 } }).input, 1);
  using square = rgbPicture(32, 32, () => [50, 50, 50]);
  using wide = halves();
  feed.fill(0, square);
  expect(feed.data[at(4, 30)]).toBe(50);
  feed.fill(0, wide);
  expect(feed.data[at(4, 30)]).toBe(7);
  feed.fill(0, square);
  expect(feed.data[at(4, 30)]).toBe(50);
});

test('limited and full range of luma become the same grey scale', () => {
  using limited = greyPicture(32, 235, { range: AVCOL_RANGE_MPEG });
  using unsaid = greyPicture(32, 235);
  using full = greyPicture(32, 255, { range: AVCOL_RANGE_JPEG });
  using jpeg = greyPicture(32, 255, { format: AV_PIX_FMT_YUVJ420P });
  using half = greyPicture(32, 128, { range: AVCOL_RANGE_JPEG });
  const white = [limited, unsaid, full, jpeg].map((picture) => fed({}, picture)[at(16, 16)] as number);
  for (const value of white) expect(value).toBeGreaterThanOrEqual(254);
  expect(Math.abs((fed({}, half)[at(16, 16)] as number) - 128)).toBeLessThanOrEqual(1);
});

test('range is taken from each picture, also when pictures of one size take turns', () => {
  using feed = createFeed(testManifest().input, 1);
  using limited = greyPicture(32, 180, { range: AVCOL_RANGE_MPEG });
  using full = greyPicture(32, 180, { range: AVCOL_RANGE_JPEG });
  for (let turn = 0; turn < 3; turn++) {
    feed.fill(0, limited);
    expect(feed.data[at(16, 16)]).toBeCloseTo(191, -0.5);
    feed.fill(0, full);
    expect(feed.data[at(16, 16)]).toBeCloseTo(180, -0.5);
  }
});

test('a picture keeps its proportions in a letterbox, to the pixel', () => {
  const input = { width: 416, height: 416, resize: 'letterbox-centre' } as const;
  expect(fitPicture({ width: 1920, height: 1080 }, input)).toEqual({ left: 0, top: 91, width: 416, height: 234 });
  expect(fitPicture({ width: 480, height: 360 }, input)).toEqual({ left: 0, top: 52, width: 416, height: 312 });
  expect(fitPicture({ width: 10_000, height: 3 }, input)).toEqual({ left: 0, top: 207, width: 416, height: 1 });
});
