import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveModel } from '#models/catalog/resolve.ts';
import { chartPage } from '#models/detectors/evaluate/chart.ts';
import { type Evaluation, evaluateDetector } from '#models/detectors/evaluate/evaluate.ts';
import { readTruths } from '#models/detectors/evaluate/truth/read-truth.ts';
import { openDetector } from '#models/detectors/open.ts';
import { writeFixedModel } from '#test/site/fixed-model.ts';

const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-evaluate-'));
const truth = resolve(folder, 'truth');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Finds, in every picture, a car, a small person, and a person where there is none. */
async function evaluateFixed(): Promise<Evaluation> {
  const name = writeFixedModel(folder, 'fixed', [
    { kind: 'car', score: 0.8, box: [0.25, 0.25, 0.5, 0.25] },
    { kind: 'person', score: 0.6, box: [0.1, 0.1, 0.02, 0.05] },
    { kind: 'person', score: 0.7, box: [0.6, 0.6, 0.1, 0.2] },
  ]);
  await using detector = await openDetector(resolveModel({ name, modelsDir: folder, materialDir: folder }));
  return await evaluateDetector(detector, readTruths([truth]));
}

let evaluation: Evaluation;
beforeAll(async () => {
  mkdirSync(truth);
  const picture = sharp({ create: { width: 200, height: 200, channels: 3, background: '#404040' } });
  // Centre, width and height: the car a little too low, the person exact.
  const labels = { a: '3 0.5 0.40 0.5 0.25 1 t\n0 0.11 0.125 0.02 0.05 1 t\n', b: '', c: '9 0.65 0.7 0.3 0.4 0.3 p\n' };
  for (const [name, text] of Object.entries(labels)) {
    await picture
      .clone()
      .jpeg()
      .toFile(resolve(truth, `${name}.jpg`));
    writeFileSync(resolve(truth, `${name}.txt`), text);
  }
  evaluation = await evaluateFixed();
});

describe('an evaluation', () => {
  const of = (kind: string) => evaluation.kinds.find((report) => report.kind === kind);

  test('is of the kinds that are labelled, over all pictures', () => {
    expect(evaluation.pictures).toBe(3);
    expect(evaluation.kinds.map(({ kind, labels }) => [kind, labels])).toEqual([
      ['person', 1],
      ['car', 1],
    ]);
  });

  test('counts what is found where nothing is, but not in a region to ignore', () => {
    // At 0.6: one right, the small ones of b and c wrong, and the large ones of a and b.
    expect(of('person')?.chosen).toMatchObject({ recall: 1, precision: 1 / 5 });
    expect(of('person')?.ap50).toBeCloseTo(1 / 3, 6);
  });

  test('asks for a closer fit at higher overlaps', () => {
    // 0.25 x 0.5 boxes, 0.025 apart in height: overlap 0.225 / 0.275, enough for seven of ten.
    expect(of('car')?.ap50).toBeCloseTo(1, 6);
    expect(of('car')?.ap50to95).toBeCloseTo(0.7, 6);
  });

  test('tells sizes apart, and what is of another size does not count', () => {
    expect(of('person')?.ap50BySize).toEqual({ small: { labels: 1, ap50: 1 } });
    expect(of('car')?.ap50BySize).toEqual({ large: { labels: 1, ap50: 1 } });
  });

  test('is drawn on a page that needs nothing else', () => {
    const page = chartPage(evaluation, { model: 'fixed', truth: '<here>' });
    expect(page).toContain('&#60;here&#62;');
    expect(page).toMatch(/<td[^>]*>car<\/td><td>1<\/td><td>1\.000<\/td>/);
    expect(page).not.toMatch(/<script|<link|src=|url\(/);
  });
});
