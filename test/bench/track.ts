/** Prints how our tracker follows the people of `campus`, beside plain SORT on the same detections: node test/bench/track.ts */
import { resolve } from 'node:path';
import { createTracker, lowScoreMin } from '#ingest/track/tracker.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import { openDetector } from '#models/detectors/open.ts';
import type { Box, Detection } from '#models/schema/detection.ts';
import { loadConfig } from '#system/config.ts';
import { CAMPUS_SIZE, clipFrames, isKind, readMotTruth, type TruthBox } from './judging/footage.ts';
import { type MotScore, scoreTracks } from './judging/mot-metrics.ts';
import { createPlainSort } from './judging/plain-sort.ts';

export type CampusLook = { index: number; atMs: number; detections: Detection[] };

/** People that YOLOX-nano sees on frames 1 to `to`. */
export async function lookAtCampus(
  places: { materialDir: string; modelsDir: string },
  to = 400,
): Promise<CampusLook[]> {
  await using detector = await openDetector(resolveModel({ name: 'yolox-nano', ...places }));
  const looks: CampusLook[] = [];
  for await (const { index, atMs, av } of clipFrames(resolve(places.materialDir, 'footage/campus.mp4'))) {
    if (index > to) break;
    const [found = []] = await detector.detect([av], { scoreMin: 0.05 });
    looks.push({ index, atMs, detections: found.filter(isKind('person')) });
  }
  return looks;
}

type Follow = (detections: readonly Detection[], look: { atMs: number }) => { track: string; box: Box }[];

/** Scores a tracker on every `every`-th look. */
export function scoreOn(
  looks: readonly CampusLook[],
  truth: readonly TruthBox[],
  run: { follow: Follow; every?: number },
): MotScore {
  const sampled = looks.filter(({ index }) => (index - 1) % (run.every ?? 1) === 0);
  const truthOf = Map.groupBy(truth, ({ frame }) => frame);
  return scoreTracks(
    sampled.map(({ index, atMs, detections }) => ({
      truth: truthOf.get(index) ?? [],
      tracks: run.follow(detections, { atMs }).map(({ track, box }) => ({ id: track, box })),
    })),
  );
}

function describe(score: MotScore): string {
  const { mota, idf1, switches, fragments, misses, falseAlarms, truthBoxes, truthIds, trackIds } = score;
  return (
    `MOTA ${mota.toFixed(3)}  IDF1 ${idf1.toFixed(3)}  id switches ${switches}  fragments ${fragments}  ` +
    `misses ${misses}  false ${falseAlarms} of ${truthBoxes} boxes  ids ${trackIds} for ${truthIds} people`
  );
}

if (import.meta.main) {
  const { materialDir, modelsDir } = loadConfig();
  const looks = await lookAtCampus({ materialDir, modelsDir });
  const truth = readMotTruth(resolve(materialDir, 'footage/campus.gt.txt'), CAMPUS_SIZE);
  const scoreMin = 0.5;
  for (const every of [1, 2, 5]) {
    const sorts = [1, 20].map((maxAge) => createPlainSort({ scoreMin, maxAge }));
    console.log(`${10 / every} looks a second, detections from ${lowScoreMin(scoreMin)} (SORT: ${scoreMin})`);
    sorts.forEach((sort, at) => {
      console.log(`  SORT, max age ${[1, 20][at]}: ${describe(scoreOn(looks, truth, { follow: sort.update, every }))}`);
    });
    const tracker = createTracker({ scoreMin });
    const beganMs = performance.now();
    const ours = scoreOn(looks, truth, { follow: tracker.update, every });
    const ms = ((performance.now() - beganMs) * every) / looks.length;
    console.log(`  ours:          ${describe(ours)} (${ms.toFixed(3)} ms a look with scoring)`);
  }
}
