/** The model that comes with us, on 24 pictures of city views that it was never trained on (test/golden/city, our renders). */
import { beforeAll, describe, expect, test } from 'vitest';
import { builtInManifests } from '#models/catalog/built-in.ts';
import { listModels } from '#models/catalog/list.ts';
import { readManifest } from '#models/catalog/manifest-file.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import { type Evaluation, evaluateDetector } from '#models/detectors/evaluate/evaluate.ts';
import { readTruth } from '#models/detectors/evaluate/truth/read-truth.ts';
import { openDetector } from '#models/detectors/open.ts';
import { rgbPicture } from '../detectors/pictures.ts';

const CITY = new URL('../../golden/city', import.meta.url).pathname;
const nowhere = { modelsDir: '/nowhere', materialDir: '/nowhere' };

test('it is taken where nobody names a model and nothing else is there', () => {
  const { manifest } = resolveModel({ name: '', ...nowhere });
  expect(manifest).toMatchObject({ name: 'eyes-nano', licence: 'Apache-2.0' });
  expect(listModels(nowhere)[0]).toMatchObject({ name: 'eyes-nano', origin: 'built-in', isPresent: true });
});

test('its file takes no more than 4 MiB', () => {
  for (const { sizeMib, origin } of listModels(nowhere)) if (origin === 'built-in') expect(sizeMib).toBeLessThan(4);
});

// Tried again: once in some hundred runs the first picture of a fresh session was seen to hold things. Why is not known;
// 768 openings in one process, and memory that malloc fills with noise, did not show it again.
test.each(builtInManifests())('%s opens, and takes several pictures at once', { retry: 1 }, async (path) => {
  await using detector = await openDetector(readManifest(path));
  using grey = rgbPicture(64, 36, () => [110, 110, 110]);
  expect(await detector.detect([grey, grey, grey])).toEqual([[], [], []]);
});

describe('on views never trained on', () => {
  let evaluation: Evaluation;
  beforeAll(async () => {
    await using detector = await openDetector(resolveModel({ name: 'eyes-nano', ...nowhere }));
    evaluation = await evaluateDetector(detector, readTruth(CITY));
  });

  const of = (kind: string) => evaluation.kinds.find((report) => report.kind === kind);

  // Measured: person 0.749, car 0.882; precision 0.92. YOLOX-nano: 0.510 and 0.769.
  test('it finds people and cars', () => {
    expect(evaluation.pictures).toBe(24);
    expect(of('person')?.ap50).toBeGreaterThanOrEqual(0.7);
    expect(of('car')?.ap50).toBeGreaterThanOrEqual(0.8);
  });

  // Measured: person 0.748, car 0.887, at two thirds of the CPU time.
  test('its int8 variant finds as much', async () => {
    await using detector = await openDetector(resolveModel({ name: 'eyes-nano-int8', ...nowhere }));
    const narrow = await evaluateDetector(detector, readTruth(CITY));
    for (const kind of ['person', 'car']) {
      const ap50 = narrow.kinds.find((report) => report.kind === kind)?.ap50;
      expect(ap50).toBeGreaterThanOrEqual((of(kind)?.ap50 ?? 1) - 0.03);
    }
  });

  test('what it tells of people at its threshold is mostly right', () => {
    expect(of('person')?.chosen.precision).toBeGreaterThanOrEqual(0.85);
  });
});
