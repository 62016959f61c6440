/** Each decoder against tensors made by hand: test/golden/decoders/<case>/input.json → expected.json. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Candidates } from '#models/detectors/candidates.ts';
import { CREATE_DECODE } from '#models/detectors/decode/decoders.ts';
import { KINDS } from '#models/schema/kind.ts';
import { DECODERS, type ModelManifest } from '#models/schema/model-manifest.ts';
import { testManifest } from './manifest.ts';

const GOLDEN = new URL('../../golden/decoders/', import.meta.url);

type OutputCase = { name: string; dims: number[]; fill: number; rows: [row: number, values: number[]][] };
type Case = { manifest: Partial<ModelManifest>; scoreMin: number; outputs: OutputCase[] };
type Expected = { kind: string; score: number; corners: number[] };

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, GOLDEN), 'utf8'));

function tensorOf({ dims, fill, rows }: OutputCase): { data: Float32Array; dims: number[] } {
  const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1)).fill(fill);
  const width = dims[1] ?? 1;
  for (const [row, values] of rows) data.set(values, row * width);
  return { data, dims };
}

function decodeCase({ manifest: values, scoreMin, outputs }: Case): Expected[] {
  const manifest = testManifest(values);
  const shapes = outputs.map(({ name, dims }) => ({ name, dims: [1, ...dims] }));
  const decode = CREATE_DECODE[manifest.decoder](manifest, shapes);
  const found = new Candidates();
  decode(outputs.map(tensorOf), scoreMin, found);
  return Array.from({ length: found.count }, (_, at) => ({
    kind: KINDS[found.kind[at] as number] as string,
    score: found.score[at] as number,
    corners: [found.left, found.top, found.right, found.bottom].map((values) => values[at] as number),
  }));
}

describe('a decoder reads tensors made by hand', () => {
  const cases = readdirSync(GOLDEN);

  test.each(cases)('%s', (name) => {
    const found = decodeCase(read(`${name}/input.json`) as Case);
    const expected = read(`${name}/expected.json`) as Expected[];
    expect(found.map(({ kind }) => kind)).toEqual(expected.map(({ kind }) => kind));
    for (const [index, { score, corners }] of expected.entries()) {
      expect(found[index]?.score).toBeCloseTo(score, 5);
      corners.forEach((value, corner) => {
        expect(found[index]?.corners[corner]).toBeCloseTo(value, 3);
      });
    }
  });

  test('every decoder has a case', () => {
    const covered = cases.map((name) => (read(`${name}/input.json`) as Case).manifest.decoder);
    expect([...new Set(covered)].sort()).toEqual([...DECODERS].sort());
  });
});
