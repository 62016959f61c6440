import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openDetector } from '#models/detectors/open.ts';
import type { ModelManifest } from '#models/schema/model-manifest.ts';
import { onnxFile, UINT8 } from '#test/site/onnx-file.ts';
import { testManifest } from './manifest.ts';
import { rgbPicture } from './pictures.ts';

const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-open-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function write(model: Parameters<typeof onnxFile>[0]): string {
  files += 1;
  const path = resolve(folder, `${files}.onnx`);
  writeFileSync(path, onnxFile(model));
  return path;
}

const INPUT = { name: 'images', dims: [1, 3, 32, 32] };
const row = (...values: number[]) => values;
/** Three boxes of yolov5: two persons that overlap, and a car, in pixels of 32 x 32. */
const BOXES = Float32Array.from(
  [row(16, 8, 8, 8, 0.9, 0.9, 0, 0), row(17, 8, 8, 8, 0.8, 0.9, 0, 0), row(4, 8, 12, 8, 1, 0, 0.6, 0)].flat(),
);
const constant = () => write({ input: INPUT, outputs: [{ name: 'output', dims: [1, 3, 8], data: BOXES }] });
const grey = (width = 32, height = 32, value = 128) => rgbPicture(width, height, () => [value, value, value]);

describe('an opened model', () => {
  test('finds boxes as fractions of the picture, best first, with overlapping ones of a kind merged', async () => {
    await using detector = await openDetector({ manifest: testManifest(), path: constant() });
    using picture = grey();
    const [found = []] = await detector.detect([picture]);
    expect(found.map(({ kind }) => kind)).toEqual(['person', 'car']);
    expect(found[0]?.score).toBeCloseTo(0.81, 5);
    expect(found[0]?.box).toEqual([0.375, 0.125, 0.25, 0.25]);
    // What lies beyond the picture is cut off.
    expect(found[1]?.box).toEqual([0, 0.125, 0.3125, 0.25]);
  });

  test('finds the same on a thread of its own, and refuses the same', async () => {
    const path = constant();
    await using detector = await openDetector({ manifest: testManifest(), path });
    await using apart = await openDetector({ manifest: testManifest(), path, isApart: true });
    using picture = grey();
    expect(apart.runtime).toEqual(detector.runtime);
    expect(await apart.detect([picture])).toEqual(await detector.detect([picture]));
    expect(await Promise.all([apart.detect([picture]), apart.detect([picture])])).toHaveLength(2);
    const wrong = testManifest({ outputs: ['nothing'] });
    await expect(openDetector({ manifest: wrong, path, isApart: true })).rejects.toMatchObject({
      code: 'model-outputs',
    });
    const none = resolve(folder, 'none.onnx');
    await expect(openDetector({ manifest: testManifest(), path: none, isApart: true })).rejects.toMatchObject({
      code: 'model-missing',
    });
  });

  test('takes the letterbox out of the boxes', async () => {
    const manifest = testManifest({ input: { resize: 'letterbox-centre' } });
    await using detector = await openDetector({ manifest, path: constant() });
    // 64 x 32 lies in rows 8 to 24: the person from 4 to 12 is cut to 8 to 12, a quarter of 16.
    using picture = grey(64, 32);
    const [found = []] = await detector.detect([picture]);
    expect(found[0]?.box).toEqual([0.375, 0, 0.25, 0.25]);
  });

  test('leaves out what is below the score asked for', async () => {
    await using detector = await openDetector({ manifest: testManifest(), path: constant() });
    using picture = grey();
    const [found = []] = await detector.detect([picture], { scoreMin: 0.7 });
    expect(found.map(({ kind }) => kind)).toEqual(['person']);
  });

  test('keeps the pictures of a batch apart', async () => {
    // The picture itself, as rows of 8: 1 everywhere is a box of one pixel, 0 everywhere is none.
    const outputs = [{ name: 'output', dims: ['batch', 384, 8], reshape: [0, 384, 8] }];
    const path = write({ input: { name: 'images', dims: ['batch', 3, 32, 32] }, outputs });
    const manifest = testManifest({ maxBatch: 3, input: { std: [255, 255, 255] } });
    await using detector = await openDetector({ manifest, path });
    expect(detector.maxBatch).toBe(3);
    using white = grey(32, 32, 255);
    using black = grey(40, 20, 0);
    const counts = async (...pictures: (typeof white)[]) => (await detector.detect(pictures)).map((all) => all.length);
    expect(await counts(black, white, black)).toEqual([0, 1, 0]);
    expect(await counts(white)).toEqual([1]);
    expect(await counts(white, black)).toEqual([1, 0]);
    expect(await detector.detect([])).toEqual([]);
    await expect(detector.detect([white], { size: 1 })).rejects.toThrow(/no size 1/);
    await expect(detector.detect([white, white, white, white])).rejects.toThrow(/takes 3/);
  });

  test('is fed a whole batch where the file fixes it', async () => {
    const outputs = [{ name: 'output', dims: [2, 384, 8], reshape: [0, 384, 8] }];
    const path = write({ input: { name: 'images', dims: [2, 3, 32, 32] }, outputs });
    await using detector = await openDetector({ manifest: testManifest({ input: { std: [255, 255, 255] } }), path });
    using white = grey(32, 32, 255);
    expect((await detector.detect([white])).map((all) => all.length)).toEqual([1]);
  });
});

describe('a file that is not what its manifest says is refused, naming the field', () => {
  const outputs = [{ name: 'output', dims: [1, 3, 8], data: BOXES }];
  const named = (values: Parameters<typeof testManifest>[0], path = constant()) => ({ values, path });
  const strides = { decoder: 'yolox', strides: [8] } satisfies Partial<ModelManifest>;
  const uint8 = () => write({ input: { ...INPUT, type: UINT8 }, outputs });
  const notOnnx = () => {
    const path = resolve(folder, 'text.onnx');
    writeFileSync(path, 'not a model');
    return path;
  };

  test.each([
    ['file', named({}, notOnnx()), /an ONNX model/, 'model-not-onnx'],
    ['input.name', named({ input: { name: 'pixels' } }), /pixels.*has images/, 'model-mismatch'],
    ['input', named({}, uint8()), /float32.*uint8/, 'model-mismatch'],
    ['input.width', named({ input: { width: 64 } }), /64.*32 in images \(1 x 3 x 32 x 32\)/, 'model-size'],
    ['input.height', named({ input: { height: 48 } }), /48.*32/, 'model-size'],
    [
      'input.layout',
      named({ input: { layout: 'nhwc' } }),
      /three colours in dimension 4.*32 in images/,
      'model-layout',
    ],
    [
      'input.larger',
      named({ input: { larger: [{ width: 64, height: 64 }] } }),
      /open width and height.*1 x 3 x 32 x 32/,
      'model-size',
    ],
    ['maxBatch', named({ maxBatch: 4 }), /4 pictures.*1, fixed/, 'model-size'],
    ['outputs', named({ outputs: ['boxes'] }), /boxes.*has output/, 'model-outputs'],
    ['outputs', named({ decoder: 'detr' }), /two outputs.*output \(1 x 3 x 8\)/, 'model-outputs'],
    ['classCount', named({ classCount: 80 }), /80 classes.*85.*8 there/, 'model-classes'],
    ['strides', named(strides), /16 cells for stride 8 of 32 x 32.*has 3/, 'model-mismatch'],
  ] as const)('%s', async (field, { values, path }, words, code) => {
    const opened = openDetector({ manifest: testManifest(values as Parameters<typeof testManifest>[0]), path });
    await expect(opened).rejects.toMatchObject({ code, about: { field }, cure: expect.any(String) });
    await expect(opened).rejects.toThrow(words);
  });

  test('a file with another SHA-256 is refused', async () => {
    const manifest = testManifest({ sha256: '0'.repeat(64) });
    await expect(openDetector({ manifest, path: constant() })).rejects.toMatchObject({ code: 'model-checksum' });
  });

  test('a file that is not there is refused', async () => {
    const opened = openDetector({ manifest: testManifest(), path: resolve(folder, 'none.onnx') });
    await expect(opened).rejects.toMatchObject({ code: 'model-missing' });
  });
});
