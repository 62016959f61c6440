/** Accuracy of the shared models on a part of the shared footage; `node test/bench/accuracy.ts` does all of it. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveModel } from '#models/catalog/resolve.ts';
import { atScore } from '#models/detectors/evaluate/average-precision.ts';
import { openDetector } from '#models/detectors/open.ts';
import { loadConfig } from '#system/config.ts';
import { judgeCampus, judgeCars } from '../../bench/accuracy.ts';

const { materialDir, modelsDir } = loadConfig();
const needed = ['models/yolox_nano.onnx', 'models/nanodet_m_416.onnx', 'footage/campus.mp4', 'images/ipc_a'];
const missing = needed.filter((path) => !existsSync(resolve(materialDir, path)));
if (missing.length > 0) console.log(`skipped: accuracy needs ${missing.join(', ')} in ${materialDir}`);

describe.skipIf(missing.length > 0)(
  'on every eighth frame of campus, and every fourth picture of the IP camera',
  () => {
    const open = (name: string) => openDetector(resolveModel({ name, materialDir, modelsDir }));

    test('YOLOX-nano finds people and cars', async () => {
      await using detector = await open('yolox-nano');
      const people = await judgeCampus(detector, materialDir, 8);
      // All 400 frames: AP 0.909; at 0.53 recall 0.88 and precision 0.89.
      expect(people.averagePrecision).toBeGreaterThanOrEqual(0.87);
      const point = atScore(people, 0.53);
      expect(point.recall).toBeGreaterThanOrEqual(0.85);
      expect(point.precision).toBeGreaterThanOrEqual(0.85);
      expect((await judgeCars(detector, materialDir, 4)).averagePrecision).toBeGreaterThanOrEqual(0.79);
    });

    test('eyes-nano finds people and cars, both better than YOLOX-nano', async () => {
      await using detector = await open('eyes-nano');
      // All of both: AP 0.939 and 0.925.
      expect((await judgeCampus(detector, materialDir, 8)).averagePrecision).toBeGreaterThanOrEqual(0.89);
      expect((await judgeCars(detector, materialDir, 4)).averagePrecision).toBeGreaterThanOrEqual(0.85);
    });

    test('NanoDet finds people and cars', async () => {
      await using detector = await open('nanodet-m-416');
      // All 400 frames: AP 0.894; this eighth of them happens to be harder, 0.876.
      expect((await judgeCampus(detector, materialDir, 8)).averagePrecision).toBeGreaterThanOrEqual(0.87);
      expect((await judgeCars(detector, materialDir, 4)).averagePrecision).toBeGreaterThanOrEqual(0.84);
    });
  },
);
