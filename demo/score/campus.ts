/**
 * Positions on real footage: people of `campus` (PETS 2009, S2.L1, view 1) as the detector finds them, placed by a
 * homography of eight clicked points, against where Tsai's published calibration puts the feet of the labelled boxes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { footFinder, sightsOf } from '#analytics/place/foot-finder.ts';
import { CAMPUS_POINTS } from '#demo/scene.ts';
import { parseTsai, tsaiToGround } from '#demo/tsai.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import { iou } from '#models/detectors/evaluate/average-precision.ts';
import { parseMot } from '#models/detectors/evaluate/truth/mot-clip.ts';
import { openDetector } from '#models/detectors/open.ts';
import { calibrate } from '#models/registry/calibrate.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Box } from '#models/schema/detection.ts';
import type { Config } from '#system/config.ts';
import { cachePath, lookAtClip, readLooks, writeLooks } from './infer.ts';
import { WITHIN_90 } from './positions.ts';

export type CampusFigures = { boxes: number; medianM: number; p90M: number; inEllipseShare: number };

const SIZE = { width: 480, height: 360 };
const FPS = 10;
const IOU_MIN = 0.5;

type Wanted = { config: Config; model?: string | undefined };

/** undefined where the footage is not there. */
export async function scoreCampus({ config, model }: Wanted): Promise<CampusFigures | undefined> {
  const folder = resolve(config.materialDir, 'footage');
  const [clip, truth, lens] = ['campus.mp4', 'campus.gt.txt', 'campus.calibration.xml'].map((name) =>
    resolve(folder, name),
  ) as [string, string, string];
  if (![clip, truth, lens].every((path) => existsSync(path))) return undefined;
  const camera = parseTsai(readFileSync(lens, 'utf8'));
  const plane = tangentPlane(117, 36.6);
  const points = CAMPUS_POINTS.map(([x, y]) => {
    const { xM, yM } = tsaiToGround(camera, x, y);
    const [lon, lat] = plane.toDegrees(xM, yM);
    return { x, y, lon, lat };
  });
  const asked = { camera: 'campus', version: 1, createdAtMs: 0, aspect: SIZE.width / SIZE.height, position: undefined };
  const { calibration } = calibrate({ points }, asked);
  const own = tangentPlane(calibration.originLon, calibration.originLat);
  const find = footFinder(calibration);
  const labels = labelsByFrame(readFileSync(truth, 'utf8'));
  const squares: number[] = [];
  const errors: number[] = [];
  for (const { frame, detections } of await looksOf(clip, { config, model })) {
    const people = detections.filter(({ kind }) => kind === 'person');
    const sights = sightsOf(people);
    for (const label of labels.get(frame + 1) ?? []) {
      const best = people.reduce(
        (top, { box }, index) => (iou(box, label) > iou(people[top]?.box ?? NOWHERE, label) ? index : top),
        0,
      );
      const seen = people[best];
      if (seen === undefined || iou(seen.box, label) < IOU_MIN) continue;
      const stand = find(seen, sights[best]!);
      if (stand === undefined) continue;
      const { xM, yM } = tsaiToGround(camera, label[0] + label[2] / 2, label[1] + label[3]);
      const [east, north] = own.toMetres(...plane.toDegrees(xM, yM));
      const [e, n] = [stand.eastM - east, stand.northM - north];
      const { ee, en, nn } = stand;
      errors.push(Math.hypot(e, n));
      squares.push((nn * e * e - 2 * en * e * n + ee * n * n) / (ee * nn - en * en));
    }
  }
  errors.sort((a, b) => a - b);
  const at = (share: number) => errors[Math.floor(errors.length * share)] ?? Number.NaN;
  const within = squares.filter((squared) => squared <= WITHIN_90).length;
  return { boxes: errors.length, medianM: at(0.5), p90M: at(0.9), inEllipseShare: within / squares.length };
}

const NOWHERE: Box = [2, 2, 0, 0];

function labelsByFrame(text: string): Map<number, Box[]> {
  const frames = new Map<number, Box[]>();
  for (const {
    frame,
    box: [left, top, width, height],
  } of parseMot(text)) {
    const boxes = frames.get(frame) ?? [];
    boxes.push([left / SIZE.width, top / SIZE.height, width / SIZE.width, height / SIZE.height]);
    frames.set(frame, boxes);
  }
  return frames;
}

/** Only what the model is sure of; remembered like the looks at the city's clips. */
async function looksOf(clip: string, { config, model = config.model }: Wanted) {
  const resolved = resolveModel({ name: model, modelsDir: config.modelsDir, materialDir: config.materialDir });
  const key = createHash('sha256')
    .update(JSON.stringify(resolved.manifest))
    .update(readFileSync(resolved.path))
    .digest('hex');
  const path = cachePath(resolve(config.dataDir, 'demo-score'), `campus-${key.slice(0, 16)}`);
  const known = readLooks(path);
  if (known === undefined) {
    await using detector = await openDetector(resolved);
    writeLooks(path, await lookAtClip(detector, clip, FPS));
  }
  const { scoreMin } = resolved.manifest;
  return (known ?? readLooks(path)!).map(({ frame, detections }) => ({
    frame,
    detections: detections.filter(({ score }) => score >= scoreMin),
  }));
}
