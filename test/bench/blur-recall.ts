/**
 * How many people a blurred clip covers: `node test/bench/blur-recall.ts [seconds] [clip…]`. The shipped detector looks at
 * rendered clips of the city as the pipeline does, its looks become the cover of a clip, and the truth of every frame says
 * who stood where. Counted are people of at least 40 px of 720 of whom at least a quarter is seen; covered is who
 * has 80 % of their box (as far as it is in the picture) blurred.
 */
import { findScoredClips, type ScoredClip } from '#demo/score/clips.ts';
import { type LookedFrame, lookAtClip } from '#demo/score/infer.ts';
import { insideBox, type TruthAgent } from '#demo/world/truth/clip-truth.ts';
import { SEEN_SHARE_MIN } from '#demo/world/truth/digest.ts';
import { type Cover, coverOf } from '#ingest/evidence/cover.ts';
import { COVER_SCORE_MIN, createSeen } from '#ingest/evidence/seen.ts';
import type { Watch } from '#ingest/pipeline/compose.ts';
import { createTracker } from '#ingest/track/tracker.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import { openDetector } from '#models/detectors/open.ts';
import type { Box } from '#models/schema/detection.ts';
import { loadConfig } from '#system/config.ts';

const SECONDS = Number(process.argv[2] ?? 30);
const NAMES =
  process.argv.length > 3 ? process.argv.slice(3) : ['crossing-main', 'crossing-night', 'estate-busy', 'bus-stop-rain'];
const PICTURE_PX = 720;
const HEIGHT_MIN_PX = 40;
const COVERED_MIN = 0.8;
/** Points across and down a box by which its covered share is told. */
const GRID = { across: 8, down: 16 };
const AREA_GRID = { across: 64, down: 36 };

const timeOf = (frame: number, fps: number) => (frame * 1000) / fps;

/** Looks as the worker remembers them for its clips: tracks, and all that was found however unsure. */
async function coverOfClip(looked: readonly LookedFrame[], { fps, scoreMin }: { fps: number; scoreMin: number }) {
  const seen = createSeen({ maxMs: Number.POSITIVE_INFINITY });
  const tracker = createTracker({ scoreMin });
  async function* watches(): AsyncGenerator<Watch> {
    for (const { frame, detections } of looked) {
      const capturedAtMs = timeOf(frame, fps);
      seen.found(detections, capturedAtMs);
      const tracked = tracker.update(detections, { atMs: capturedAtMs });
      yield { type: 'look', look: { capturedAtMs, receivedAtMs: capturedAtMs, isHeld: false, detections: tracked } };
    }
  }
  for await (const _watch of seen.follow(watches()));
  return coverOf(seen.looks(), { fromMs: 0, toMs: SECONDS * 1000 });
}

type Grid = { across: number; down: number };

function coveredShare([x, y, width, height]: Box, { parts, whole }: Cover, atMs: number, grid: Grid = GRID): number {
  const isNow = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => fromMs <= atMs && atMs <= toMs;
  if (whole.some(isNow)) return 1;
  const now = parts.filter(isNow).map(({ box }) => box);
  let covered = 0;
  for (let column = 0; column < grid.across; column++) {
    for (let row = 0; row < grid.down; row++) {
      const px = x + (width * (column + 0.5)) / grid.across;
      const py = y + (height * (row + 0.5)) / grid.down;
      if (now.some(([left, top, w, h]) => px >= left && px <= left + w && py >= top && py <= top + h)) covered++;
    }
  }
  return covered / (grid.across * grid.down);
}

const isCounted = ({ kind, part, box, visible }: TruthAgent) =>
  kind === 'person' && part !== 'both' && visible >= SEEN_SHARE_MIN && box[3] * PICTURE_PX >= HEIGHT_MIN_PX;

type Tally = { boxes: number; covered: number; people: Map<number, { boxes: number; bare: number }> };

function tally({ truth }: ScoredClip, cover: Cover): Tally {
  const { frames, fps } = truth;
  const people: Tally['people'] = new Map();
  let [boxes, covered] = [0, 0];
  for (let frame = 0; frame < Math.min(frames.length, SECONDS * fps); frame++) {
    for (const agent of frames[frame]!.filter(isCounted)) {
      const box = insideBox(agent.box);
      if (box === undefined) continue;
      const isCovered = coveredShare(box, cover, timeOf(frame, fps)) >= COVERED_MIN;
      boxes++;
      covered += Number(isCovered);
      const person = people.get(agent.id) ?? { boxes: 0, bare: 0 };
      people.set(agent.id, { boxes: person.boxes + 1, bare: person.bare + Number(!isCovered) });
    }
  }
  return { boxes, covered, people };
}

/** The share of the picture that is blurred, on average over half seconds. */
function meanArea(cover: Cover): number {
  const times = Array.from({ length: SECONDS * 2 }, (_, index) => index * 500);
  return times.reduce((sum, atMs) => sum + coveredShare([0, 0, 1, 1], cover, atMs, AREA_GRID), 0) / times.length;
}

const { modelsDir, materialDir, model } = loadConfig();
await using detector = await openDetector(resolveModel({ name: model, modelsDir, materialDir }));
const { scoreMin } = detector.manifest;
const clips = findScoredClips({}).filter(({ name }) => NAMES.includes(name));
let [allBoxes, allCovered] = [0, 0];
console.log(`${detector.manifest.name}, ${SECONDS} s of each clip, ${HEIGHT_MIN_PX} px of ${PICTURE_PX} or more`);
for (const clip of clips) {
  const { fps } = clip.truth;
  const looked = await lookAtClip(detector, clip.file, fps, { untilS: SECONDS, scoreMin: COVER_SCORE_MIN });
  const cover = await coverOfClip(looked, { fps, scoreMin });
  const { boxes, covered, people } = tally(clip, cover);
  allBoxes += boxes;
  allCovered += covered;
  const never = [...people.values()].filter((person) => person.bare === person.boxes).length;
  const area = meanArea(cover);
  console.log(
    `${clip.name.padEnd(16)} ${((covered / boxes) * 100).toFixed(1)} % of ${boxes} boxes; ${people.size} people, ` +
      `${never} never covered; ${(area * 100).toFixed(0)} % of the picture blurred`,
  );
}
console.log(`all              ${((allCovered / allBoxes) * 100).toFixed(1)} % of ${allBoxes} boxes`);
