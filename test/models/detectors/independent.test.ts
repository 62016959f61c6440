/**
 * Every decoder against a second one, written here from the papers over nested arrays and nothing else of ours: the same
 * numbers, drawn at random and put into a real ONNX file, must become the same boxes.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDetector } from '#models/detectors/open.ts';
import type { ModelManifest } from '#models/schema/model-manifest.ts';
import { onnxFile } from '#test/site/onnx-file.ts';
import { testManifest } from './manifest.ts';
import { rgbPicture } from './pictures.ts';

const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-independent-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Classes 0 and 2 are ours, 1 and 3 are not. */
const CLASSES = { 0: 'person', 2: 'car' } as const;
const [COUNT, SIDE] = [4, 64];
const SCORE_MIN = 0.3;

/** Marsaglia's xorshift: the same numbers in every run. */
function randomOf(seed: number): (from: number, to: number) => number {
  let state = seed;
  return (from, to) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return from + ((state >>> 0) / 2 ** 32) * (to - from);
  };
}
type Random = ReturnType<typeof randomOf>;
type Found = { class: number; score: number; left: number; top: number; right: number; bottom: number };
type Case = {
  manifest: Partial<ModelManifest>;
  outputs: { name: string; dims: number[]; values: number[] }[];
  expected: Found[];
};

const logistic = (x: number) => Math.exp(x) / (Math.exp(x) + 1);
const argmax = (values: number[]) =>
  values.reduce((best, value, at) => (value > (values[best] as number) ? at : best), 0);
const around = (x: number, y: number, width: number, height: number) => ({
  left: x - width / 2,
  top: y - height / 2,
  right: x + width / 2,
  bottom: y + height / 2,
});
const list = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_, index) => make(index));
const cellsOf = (stride: number) =>
  list(SIDE / stride, (row) => list(SIDE / stride, (column) => ({ row, column, stride }))).flat();
const few = (random: Random) => (random(0, 1) < 0.15 ? random(0.5, 1) : random(0, 0.2));

function yolox(random: Random): Case {
  const cells = [8, 16, 32].flatMap(cellsOf);
  const rows = cells.map(() => [
    random(0, 1),
    random(0, 1),
    random(-1, 1),
    random(-1, 1),
    few(random),
    ...list(COUNT, () => random(0, 1)),
  ]);
  const expected = rows.map(([dx, dy, w, h, objectness, ...scores], at) => {
    const { row, column, stride } = cells[at]!;
    const best = argmax(scores);
    const [x, y] = [(column + dx!) * stride, (row + dy!) * stride];
    return {
      class: best,
      score: objectness! * scores[best]!,
      ...around(x, y, Math.E ** w! * stride, Math.E ** h! * stride),
    };
  });
  return {
    manifest: { strides: [8, 16, 32] },
    outputs: [{ name: 'o', dims: [1, cells.length, 9], values: rows.flat() }],
    expected,
  };
}

function nanodet(random: Random): Case {
  const BINS = 8;
  const scores = [8, 16].map((stride) => cellsOf(stride).map(() => list(COUNT, () => few(random))));
  const sides = [8, 16].map((stride) => cellsOf(stride).map(() => list(4, () => list(BINS, () => random(-3, 3)))));
  const expected = [8, 16].flatMap((stride, level) =>
    cellsOf(stride).map(({ row, column }, at) => {
      const all = scores[level]![at]!;
      const far = sides[level]![at]!.map((logits) => {
        const weights = logits.map((logit) => Math.exp(logit));
        const sum = weights.reduce((a, b) => a + b);
        return stride * weights.reduce((mean, weight, bin) => mean + (bin * weight) / sum, 0);
      }) as [number, number, number, number];
      const [x, y] = [(column + 0.5) * stride, (row + 0.5) * stride];
      const box = { left: x - far[0], top: y - far[1], right: x + far[2], bottom: y + far[3] };
      return { class: argmax(all), score: Math.max(...all), ...box };
    }),
  );
  const outputs = [
    ...scores.map((level, at) => ({ name: `c${at}`, dims: [1, level.length, COUNT], values: level.flat() })),
    ...sides.map((level, at) => ({ name: `d${at}`, dims: [1, level.length, 4 * BINS], values: level.flat(2) })),
  ];
  return { manifest: { strides: [8, 16] }, outputs, expected };
}

const boxIn = (random: Random, unit: number) =>
  [random(0.2, 0.8), random(0.2, 0.8), random(0.05, 0.4), random(0.05, 0.4)].map((side) => side * unit) as [
    number,
    number,
    number,
    number,
  ];

function yolov5(random: Random): Case {
  const rows = list(40, () => ({
    box: boxIn(random, SIDE),
    objectness: few(random),
    scores: list(COUNT, () => random(0, 1)),
  }));
  const values = rows.flatMap(({ box, objectness, scores }) => [...box, objectness, ...scores]);
  const expected = rows.map(({ box, objectness, scores }) => ({
    class: argmax(scores),
    score: objectness * Math.max(...scores),
    ...around(...box),
  }));
  return { manifest: {}, outputs: [{ name: 'o', dims: [1, 40, 9], values }], expected };
}

function yolov8(random: Random): Case {
  const boxes = list(40, () => ({ box: boxIn(random, SIDE), scores: list(COUNT, () => few(random)) }));
  const values = list(8, (row) => boxes.map(({ box, scores }) => [...box, ...scores][row]!)).flat();
  const expected = boxes.map(({ box, scores }) => ({
    class: argmax(scores),
    score: Math.max(...scores),
    ...around(...box),
  }));
  return { manifest: {}, outputs: [{ name: 'o', dims: [1, 8, 40], values }], expected };
}

const detr =
  (isSoftmax: boolean) =>
  (random: Random): Case => {
    const queries = list(30, () => ({
      box: boxIn(random, 1),
      logits: list(COUNT + (isSoftmax ? 1 : 0), () => random(-4, 4)),
    }));
    const expected = queries.map(({ box: [x, y, width, height], logits }) => {
      const ours = logits.slice(0, COUNT);
      const sum = logits.reduce((all, logit) => all + Math.exp(logit), 0);
      const score = isSoftmax ? Math.exp(Math.max(...ours)) / sum : logistic(Math.max(...ours));
      return { class: argmax(ours), score, ...around(x * SIDE, y * SIDE, width * SIDE, height * SIDE) };
    });
    const outputs = [
      { name: 'l', dims: [1, 30, COUNT + (isSoftmax ? 1 : 0)], values: queries.flatMap(({ logits }) => logits) },
      { name: 'b', dims: [1, 30, 4], values: queries.flatMap(({ box }) => box) },
    ];
    return { manifest: { decoder: 'detr' }, outputs, expected };
  };

function ssd(random: Random): Case {
  const boxes = list(30, () => {
    const [x, y, width, height] = boxIn(random, 1);
    return {
      corners: [x - width / 2, y - height / 2, x + width / 2, y + height / 2],
      scores: list(COUNT + 1, () => few(random)),
    };
  });
  const expected = boxes.flatMap(({ corners, scores }) =>
    scores.slice(1).map((score, index) => {
      const [left, top, right, bottom] = corners.map((side) => side * SIDE) as [number, number, number, number];
      return { class: index, score, left, top, right, bottom };
    }),
  );
  const outputs = [
    { name: 'b', dims: [1, 30, 4], values: boxes.flatMap(({ corners }) => corners) },
    { name: 's', dims: [1, 30, COUNT + 1], values: boxes.flatMap(({ scores }) => scores) },
  ];
  return { manifest: {}, outputs, expected };
}

function fastestdet(random: Random): Case {
  const cells = cellsOf(16).map((cell) => ({
    ...cell,
    values: [few(random), ...list(4, () => random(-2, 2)), ...list(COUNT, () => random(0, 1))],
  }));
  const values = list(5 + COUNT, (row) => cells.map((cell) => cell.values[row]!)).flat();
  const expected = cells.map(({ row, column, values: [objectness, dx, dy, w, h, ...scores] }) => {
    const [x, y] = [(column + Math.tanh(dx!)) * 16, (row + Math.tanh(dy!)) * 16];
    const score = objectness! ** 0.6 * Math.max(...scores) ** 0.4;
    return { class: argmax(scores), score, ...around(x, y, logistic(w!) * SIDE, logistic(h!) * SIDE) };
  });
  return { manifest: { strides: [16] }, outputs: [{ name: 'o', dims: [1, 5 + COUNT, 4, 4], values }], expected };
}

const clip = (value: number) => Math.min(1, Math.max(0, value / SIDE));

function toDetections(expected: Found[]) {
  return expected
    .filter((found) => found.score >= SCORE_MIN && found.class in CLASSES)
    .map(({ left, top, right, bottom, score, ...found }) => ({
      kind: CLASSES[found.class as keyof typeof CLASSES] as string,
      score,
      box: [clip(left), clip(top), clip(right) - clip(left), clip(bottom) - clip(top)],
    }))
    .filter(({ box }) => box[2]! > 0 && box[3]! > 0)
    .sort((a, b) => b.score - a.score);
}

test.each([
  ['yolox', yolox],
  ['nanodet', nanodet],
  ['yolov5', yolov5],
  ['yolov8', yolov8],
  ['detr', detr(true)],
  ['detr', detr(false)],
  ['ssd', ssd],
  ['fastestdet', fastestdet],
] as const)('%s decodes what an independent decoder does', async (decoder, make) => {
  let boxes = 0;
  for (const seed of [1, 2, 3]) {
    const { manifest: values, outputs, expected } = make(randomOf(seed * 7919));
    const names = outputs.map(({ name }) => name);
    const input = { width: SIDE, height: SIDE };
    const common = { classes: CLASSES, classCount: COUNT, iouMax: 1, outputs: names };
    const manifest = testManifest({ ...values, decoder, input, ...common });
    const path = resolve(folder, `${decoder}-${seed}-${outputs[0]?.dims.join('x')}.onnx`);
    const written = outputs.map(({ name, dims, values }) => ({ name, dims, data: Float32Array.from(values) }));
    writeFileSync(path, onnxFile({ input: { name: 'images', dims: [1, 3, SIDE, SIDE] }, outputs: written }));
    await using detector = await openDetector({ manifest, path });
    using picture = rgbPicture(SIDE, SIDE, () => [99, 99, 99]);
    const [found = []] = await detector.detect([picture], { scoreMin: SCORE_MIN });
    const wanted = toDetections(expected);
    boxes += wanted.length;
    expect(found.map(({ kind }) => kind)).toEqual(wanted.map(({ kind }) => kind));
    for (const [index, { score, box }] of wanted.entries()) {
      expect(found[index]?.score).toBeCloseTo(score, 4);
      for (const [at, side] of box.entries()) expect(found[index]?.box[at]).toBeCloseTo(side, 4);
    }
  }
  expect(boxes).toBeGreaterThan(5);
});
