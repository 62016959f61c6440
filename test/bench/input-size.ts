/**
 * How many small people are found at which size of the model's input, and what it costs, on every view of the city in the box:
 * node test/bench/input-size.ts [FRAMES a clip]. The truth is that of demo/clips; people count from half of them seen.
 */

import { resolve } from 'node:path';
import { AV_PIX_FMT_RGB24 } from 'node-av/constants';
import type { Frame as AvFrame } from 'node-av/lib';
import { labelsOf, match } from '#demo/score/match.ts';
import { CLIPS_DIR, loadTruth } from '#demo/world/truth/load.ts';
import { VIEWS } from '#demo/world/views.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import type { Detector } from '#models/detectors/detector.ts';
import { iou } from '#models/detectors/evaluate/average-precision.ts';
import { clipFrames } from '#models/detectors/evaluate/clip-frames.ts';
import { openDetector } from '#models/detectors/open.ts';
import { ownPicture } from '#models/detectors/picture.ts';
import { createScaler } from '#models/detectors/scale.ts';
import type { Box, Detection } from '#models/schema/detection.ts';
import { loadConfig } from '#system/config.ts';
import { machine, median } from './judging/streams.ts';

const SIZES = [
  [544, 320],
  [640, 384],
  [768, 448],
  [960, 544],
  [1280, 736],
] as const;
/** Heights of people in pixels of 720. */
const EDGES = [12, 24, 32, 48, 64, 96, 1000];
/** No frame of these was trained on. */
const HELD_OUT = ['market', 'riverside', 'school'];
const FRAMES = Number(process.argv[2] ?? 10);

type Way = { name: string; look: (frame: AvFrame) => Promise<Detection[]>; cpuMs: number[]; seen: Map<string, Tally> };
type Tally = { people: number; found: number; wrong: number };

const { manifest, path } = resolveModel({ ...loadConfig(), name: 'eyes-nano' });
const detectors: Detector[] = [];
const ways: Way[] = [];
for (const [width, height] of SIZES) {
  const input = { ...manifest.input, width, height };
  const detector = await openDetector({ manifest: { ...manifest, input }, path });
  detectors.push(detector);
  const look = async (frame: AvFrame) => (await detector.detect([frame]))[0] ?? [];
  ways.push({ name: `${width}x${height}`, look, cpuMs: [], seen: new Map() });
}
ways.push({ name: 'whole and 2x2 tiles', look: tiled, cpuMs: [], seen: new Map() });

/** The picture and four tiles of 55 % of its sides in one batch at the normal size; of two boxes in one place the surer stays. */
async function tiled(frame: AvFrame): Promise<Detection[]> {
  using scaler = createScaler();
  const size = { width: frame.width, height: frame.height };
  const planes = scaler.scale(frame, size);
  const side = 0.55;
  const tiles = [0, 1 - side].flatMap((top) => [0, 1 - side].map((left): Box => [left, top, side, side]));
  const frames = tiles.map(([left, top]) => {
    const at = { left: Math.round(left * size.width), top: Math.round(top * size.height) };
    const cut = { width: Math.round(side * size.width), height: Math.round(side * size.height) };
    const data = Buffer.alloc(cut.width * cut.height * 3);
    for (let row = 0, to = 0; row < cut.height; row++) {
      for (let column = 0; column < cut.width; column++) {
        const from = (at.top + row) * planes.stride + at.left + column;
        data[to++] = planes.red[from] as number;
        data[to++] = planes.green[from] as number;
        data[to++] = planes.blue[from] as number;
      }
    }
    return ownPicture(data, { ...cut, format: AV_PIX_FMT_RGB24 });
  });
  const answers = await (detectors[0] as Detector).detect([frame, ...frames]);
  for (const each of frames) each[Symbol.dispose]();
  const all = answers.flatMap((found, index) => {
    const [left, top, width, height] = index === 0 ? [0, 0, 1, 1] : (tiles[index - 1] as Box);
    return found.map(({ box, ...rest }) => ({
      ...rest,
      box: [left + box[0] * width, top + box[1] * height, box[2] * width, box[3] * height] as Box,
    }));
  });
  const kept: Detection[] = [];
  for (const one of all.toSorted((a, b) => b.score - a.score)) {
    if (!kept.some((other) => other.kind === one.kind && iou(other.box, one.box) > 0.5)) kept.push(one);
  }
  return kept;
}

const binOf = (height: number) => EDGES.findIndex((edge) => height * 720 < edge);

function count(way: Way, key: string, values: Partial<Tally>): void {
  const tally = way.seen.get(key) ?? { people: 0, found: 0, wrong: 0 };
  for (const name of ['people', 'found', 'wrong'] as const) tally[name] += values[name] ?? 0;
  way.seen.set(key, tally);
}

for (const view of VIEWS) {
  const truth = loadTruth(view, 'main');
  const every = Math.max(1, Math.floor(truth.frames.length / FRAMES));
  const group = HELD_OUT.includes(view.id) ? 'held out' : 'trained';
  console.error(view.id);
  for await (const { index, av } of clipFrames(resolve(CLIPS_DIR, `${view.id}-main.mp4`))) {
    if (index % every !== 0) continue;
    const labels = labelsOf(truth.frames[index] ?? []).filter(({ agent }) => agent.kind === 'person');
    for (const way of ways) {
      const began = process.cpuUsage();
      const detections = (await way.look(av)).filter(({ kind }) => kind === 'person');
      const { user, system } = process.cpuUsage(began);
      way.cpuMs.push((user + system) / 1000);
      const { pairs, missed, wrong } = match(labels, detections);
      for (const { label } of pairs) {
        for (const key of [group, view.id]) count(way, `${key} ${binOf(label.box[3])}`, { people: 1, found: 1 });
      }
      for (const label of missed) {
        for (const key of [group, view.id]) count(way, `${key} ${binOf(label.box[3])}`, { people: 1 });
      }
      for (const { box } of wrong) count(way, `${group} ${binOf(box[3])}`, { wrong: 1 });
    }
  }
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const bins = EDGES.map((edge, index) =>
  edge === 1000 ? `≥ ${EDGES[index - 1]}` : `${EDGES[index - 1] ?? 0}–${edge}`,
).slice(1);
console.log(`${machine()}; recall (precision) of people at ${manifest.scoreMin}, by height in pixels of 720\n`);
const base = median(ways[0]?.cpuMs ?? [1]);
for (const group of ['held out', 'trained']) {
  console.log(`${line([group, ...bins, 'CPU time'])}\n${line(['---', ...bins.map(() => '---'), '---'])}`);
  for (const { name, seen, cpuMs } of ways) {
    const cells = bins.map((_, bin) => {
      const { people, found, wrong } = seen.get(`${group} ${bin + 1}`) ?? { people: 0, found: 0, wrong: 0 };
      return people === 0
        ? '–'
        : `${(found / people).toFixed(2)} (${(found / Math.max(1, found + wrong)).toFixed(2)}) of ${people}`;
    });
    console.log(line([name, ...cells, (median(cpuMs) / base).toFixed(2)]));
  }
}
console.log(`\nrecall of people of 12 to 64 pixels by view; their share of all people`);
for (const view of VIEWS) {
  const sum = (way: Way, from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => way.seen.get(`${view.id} ${from + at}`)).reduce(
      (all, each) => ({ people: all.people + (each?.people ?? 0), found: all.found + (each?.found ?? 0) }),
      { people: 0, found: 0 },
    );
  const cells = ways.map((way) => {
    const { people, found } = sum(way, 1, 5);
    return people === 0 ? '–' : (found / people).toFixed(2);
  });
  const [first] = ways as [Way];
  const [few, all] = [sum(first, 1, 5).people, sum(first, 1, 7).people];
  console.log(line([view.id, ...cells, `${few} of ${all}`]));
}
for (const detector of detectors) await detector[Symbol.asyncDispose]();
