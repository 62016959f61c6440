/** Prints how well eyes-nano and the shared models find people on `campus` and cars on `ipc_a`: node test/bench/accuracy.ts */
import { resolve } from 'node:path';
import { resolveModel } from '#models/catalog/resolve.ts';
import type { Detector } from '#models/detectors/detector.ts';
import { type Accuracy, atScore, judge, type LabelledPicture } from '#models/detectors/evaluate/average-precision.ts';
import { openDetector } from '#models/detectors/open.ts';
import { readPicture } from '#models/detectors/picture.ts';
import { loadConfig } from '#system/config.ts';
import { CAMPUS_SIZE, clipFrames, isKind, readMotTruth, readVocFolder } from './judging/footage.ts';

const LOWEST_SCORE = 0.01;

/** Person on frames 1 to 400, or on every `every`-th of them. */
export async function judgeCampus(detector: Detector, materialDir: string, every = 1): Promise<Accuracy> {
  const truth = readMotTruth(resolve(materialDir, 'footage/campus.gt.txt'), CAMPUS_SIZE);
  const pictures: LabelledPicture[] = [];
  for await (const { index, av } of clipFrames(resolve(materialDir, 'footage/campus.mp4'))) {
    if (index > 400) break;
    if ((index - 1) % every !== 0) continue;
    const [found = []] = await detector.detect([av], { scoreMin: LOWEST_SCORE });
    pictures.push({ found: found.filter(isKind('person')), labels: truth.filter(({ frame }) => frame === index) });
  }
  return judge(pictures);
}

/**
 * Car on the pictures of the real IP camera. Vans and pick-ups are labelled `truck` there and `car` in COCO's sense, so a
 * car on such a label counts neither way.
 */
export async function judgeCars(detector: Detector, materialDir: string, every = 1): Promise<Accuracy> {
  const pictures: LabelledPicture[] = [];
  const folder = readVocFolder(resolve(materialDir, 'images/ipc_a'));
  for (const [index, { path, boxes }] of folder.entries()) {
    if (index % every !== 0) continue;
    using av = await readPicture(path);
    const [found = []] = await detector.detect([av], { scoreMin: LOWEST_SCORE });
    const labels = boxes
      .filter(({ name }) => name !== 'motorcycle')
      .map(({ name, box }) => ({ box, isIgnored: name !== 'car' }));
    pictures.push({ found: found.filter(isKind('car')), labels });
  }
  return judge(pictures);
}

function describe(accuracy: Accuracy, scoreMin: number): string {
  const balanced = accuracy.curve.reduce(
    (best, point) => (Math.min(point.precision, point.recall) > Math.min(best.precision, best.recall) ? point : best),
    { precision: 0, recall: 0, scoreMin: 1 },
  );
  const point = ({ precision, recall, scoreMin }: typeof balanced) =>
    `score >= ${scoreMin.toFixed(2)}: recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}`;
  const ap = `AP50 ${accuracy.averagePrecision.toFixed(4)} over ${accuracy.labels} labels`;
  return `${ap} | manifest: ${point(atScore(accuracy, scoreMin))} | balanced: ${point(balanced)}`;
}

if (import.meta.main) {
  const { materialDir, modelsDir } = loadConfig();
  for (const name of process.argv.length > 2 ? process.argv.slice(2) : ['eyes-nano', 'yolox-nano', 'nanodet-m-416']) {
    await using detector = await openDetector(resolveModel({ name, materialDir, modelsDir }));
    const { scoreMin } = detector.manifest;
    console.log(`${name} person on campus: ${describe(await judgeCampus(detector, materialDir), scoreMin)}`);
    console.log(`${name} car on ipc_a:     ${describe(await judgeCars(detector, materialDir), scoreMin)}`);
  }
}
