/** Each family of models, written as a small real ONNX file from its golden case, opened and run like any other. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDetector } from '#models/detectors/open.ts';
import type { ModelManifest } from '#models/schema/model-manifest.ts';
import { onnxFile } from '#test/site/onnx-file.ts';
import { testManifest } from './manifest.ts';
import { rgbPicture } from './pictures.ts';

const GOLDEN = new URL('../../golden/decoders/', import.meta.url);
const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-families-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type OutputCase = { name: string; dims: number[]; fill: number; rows: [row: number, values: number[]][] };
type Case = { manifest: Partial<ModelManifest>; scoreMin: number; outputs: OutputCase[] };
type Expected = { kind: string; score: number; corners: [number, number, number, number] };

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, GOLDEN), 'utf8'));

function toOnnx({ name, dims, fill, rows }: OutputCase) {
  const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1)).fill(fill);
  for (const [row, values] of rows) data.set(values, row * (dims[1] ?? 1));
  return { name, dims: [1, ...dims], data };
}

test.each(readdirSync(GOLDEN))('%s is read from a file', async (name) => {
  const { manifest: values, scoreMin, outputs } = read(`${name}/input.json`) as Case;
  // Its boxes as they are: nothing merged.
  const manifest = testManifest({ ...values, outputs: outputs.map((output) => output.name), iouMax: 1 });
  const { width, height, layout } = manifest.input;
  const dims = layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3];
  const path = resolve(folder, `${name}.onnx`);
  writeFileSync(path, onnxFile({ input: { name: 'images', dims }, outputs: outputs.map(toOnnx) }));
  await using detector = await openDetector({ manifest, path });
  using picture = rgbPicture(width, height, () => [99, 99, 99]);
  const [found = []] = await detector.detect([picture], { scoreMin });
  const expected = (read(`${name}/expected.json`) as Expected[]).sort((a, b) => b.score - a.score);
  expect(found.map(({ kind }) => kind)).toEqual(expected.map(({ kind }) => kind));
  const cut = (value: number) => Math.min(1, Math.max(0, value));
  for (const [index, { score, corners }] of expected.entries()) {
    expect(found[index]?.score).toBeCloseTo(score, 5);
    const [left, top, right, bottom] = corners;
    const [x, y] = [cut(left / width), cut(top / height)];
    [x, y, cut(right / width) - x, cut(bottom / height) - y].forEach((side, at) => {
      expect(found[index]?.box[at]).toBeCloseTo(side, 4);
    });
  }
});
