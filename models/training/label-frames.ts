/**
 * Labels frames of clips by two public models that agree, for pack.py: node models/training/label-frames.ts OUT CLIP…
 *
 * A box that both see (overlap of 0.5 or more, the same kind, scores that sum to 0.9 or more) is a label: the mean of both
 * boxes. What one alone sees at 0.2 or more, or both weakly, is to be ignored. One frame every three seconds of a clip.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { Frame as AvFrame } from 'node-av/lib';
import sharp from 'sharp';
import { resolveModel } from '#models/catalog/resolve.ts';
import { iou } from '#models/detectors/evaluate/average-precision.ts';
import { openDetector } from '#models/detectors/open.ts';
import { createScaler } from '#models/detectors/scale.ts';
import type { Box, Detection } from '#models/schema/detection.ts';
import { KINDS } from '#models/schema/kind.ts';
import { loadConfig } from '#system/config.ts';
import { clipFrames } from '#test/bench/judging/footage.ts';

const EVERY_MS = 3000;
const SCORE_LEAST = 0.2;
const SUM_LEAST = 0.9;
const LONG_SIDE = 512;
const IGNORE = 9;
const LOW = { scoreMin: SCORE_LEAST };

const mean = (a: Box, b: Box): Box => a.map((side, index) => (side + (b[index] as number)) / 2) as Box;

/** One line a box: kind, centre x, centre y, width, height, score, `p` for a pseudo-label. */
export function agree(first: readonly Detection[], second: readonly Detection[]): string[] {
  const isUsed = new Set<Detection>();
  const lines: string[] = [];
  const add = (kind: number, [left, top, width, height]: Box, score: number) => {
    const numbers = [left + width / 2, top + height / 2, width, height].map((side) => side.toFixed(5));
    lines.push([kind, ...numbers, score.toFixed(2), 'p'].join(' '));
  };
  for (const one of first) {
    const other = second.find((each) => !isUsed.has(each) && iou(one.box, each.box) >= 0.5);
    if (other !== undefined) isUsed.add(other);
    const isSure = other?.kind === one.kind && one.score + other.score >= SUM_LEAST;
    if (isSure) add(KINDS.indexOf(one.kind), mean(one.box, other.box), (one.score + other.score) / 2);
    else add(IGNORE, one.box, one.score);
  }
  for (const other of second) if (!isUsed.has(other)) add(IGNORE, other.box, other.score);
  return lines;
}

async function writePicture(path: string, frame: AvFrame): Promise<void> {
  const factor = Math.min(1, LONG_SIDE / Math.max(frame.width, frame.height));
  const [width, height] = [Math.round(frame.width * factor), Math.round(frame.height * factor)];
  using scaler = createScaler();
  const { red, green, blue, stride } = scaler.scale(frame, { width, height });
  const data = Buffer.alloc(width * height * 3);
  for (let row = 0, to = 0; row < height; row++) {
    for (let at = row * stride; at < row * stride + width; at++) {
      data[to++] = red[at] as number;
      data[to++] = green[at] as number;
      data[to++] = blue[at] as number;
    }
  }
  await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 92 })
    .toFile(path);
}

if (import.meta.main) {
  const [out, ...clips] = process.argv.slice(2);
  if (out === undefined || clips.length === 0) throw new Error('node models/training/label-frames.ts OUT CLIP…');
  mkdirSync(out, { recursive: true });
  const places = loadConfig();
  await using first = await openDetector(resolveModel({ name: 'yolox-nano', ...places }));
  await using second = await openDetector(resolveModel({ name: 'nanodet-m-416', ...places }));
  for (const clip of clips) {
    let nextMs = 0;
    for await (const { index, atMs, av } of clipFrames(clip)) {
      if (atMs < nextMs) continue;
      nextMs = atMs + EVERY_MS;
      const [[a = []], [b = []]] = [await first.detect([av], LOW), await second.detect([av], LOW)];
      const name = resolve(out, `${basename(clip, extname(clip))}_${String(index).padStart(5, '0')}`);
      await writePicture(`${name}.jpg`, av);
      writeFileSync(
        `${name}.txt`,
        agree(a, b)
          .map((line) => `${line}\n`)
          .join(''),
      );
    }
  }
}
