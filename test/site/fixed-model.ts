/** A model for tests that finds the same boxes in every picture: a real ONNX file with its manifest beside it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import type { Box } from '#models/schema/detection.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import { onnxFile } from './onnx-file.ts';

const SIZE = 64;

/** Writes `<folder>/<name>.onnx` and `<name>.yaml`; returns the path of the manifest. */
export function writeFixedModel(
  folder: string,
  name: string,
  found: readonly { kind: Kind; score: number; box: Box }[],
): string {
  const rows = found.flatMap(({ kind, score, box: [left, top, width, height] }) => [
    ...[left + width / 2, top + height / 2, width, height].map((value) => value * SIZE),
    1,
    ...KINDS.map((other) => (other === kind ? score : 0)),
  ]);
  const dims = [1, found.length, 5 + KINDS.length];
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    resolve(folder, `${name}.onnx`),
    onnxFile({
      input: { name: 'images', dims: [1, 3, SIZE, SIZE] },
      outputs: [{ name: 'output', dims, data: Float32Array.from(rows) }],
    }),
  );
  const path = resolve(folder, `${name}.yaml`);
  writeFileSync(path, stringify(manifestOf(name)));
  return path;
}

const manifestOf = (name: string) => ({
  name,
  file: `${name}.onnx`,
  licence: 'Apache-2.0',
  source: 'written by a test',
  input: {
    width: SIZE,
    height: SIZE,
    layout: 'nchw',
    colour: 'rgb',
    mean: [0, 0, 0],
    std: [255, 255, 255],
    resize: 'stretch',
    pad: 114,
  },
  decoder: 'yolov5',
  classes: Object.fromEntries(KINDS.map((kind, index) => [index, kind])),
  classCount: KINDS.length,
  scoreMin: 0.5,
  iouMax: 0.5,
});
