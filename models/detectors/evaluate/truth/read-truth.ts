/**
 * Reads pictures with labels, in the forms that they come in:
 * - a folder of pictures with `NAME.txt` (kind, centre x, centre y, width, height as fractions; 9 = ignore) beside them,
 * - a folder with `images/` and `labels/` in COCO's 80 classes,
 * - a folder of pictures with VOC's `NAME.xml`,
 * - `NAME.gt.txt`, people in MOT's format, beside the clip,
 * - `NAME.jsonl`, what the tracer knows of a rendered shot, with `NAME.agents.json` or `NAME.kinds.json` beside its clip or pictures.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { FaultError } from '../../../schema/fault.ts';
import type { LabelledFrame } from '../labelled-frame.ts';
import { readLabelFolder } from './label-folder.ts';
import { readMotClip } from './mot-clip.ts';
import { readRender } from './render.ts';
import { readVocFolder } from './voc-folder.ts';

/** Takes each `every`-th picture. Throws FaultError `file-missing`, or `file-unreadable` where it is none of these. */
export function readTruth(path: string, every = 1): AsyncIterable<LabelledFrame> {
  if (!existsSync(path)) {
    throw new FaultError('file-missing', `there is no truth at ${path}`, { about: { path }, cure: CURE });
  }
  if (path.endsWith('.gt.txt')) return readMotClip(path, every);
  if (path.endsWith('.jsonl')) return readRender(path, every);
  if (statSync(path).isDirectory()) {
    if (existsSync(resolve(path, 'images')) && existsSync(resolve(path, 'labels'))) {
      return readLabelFolder(resolve(path, 'images'), { labels: resolve(path, 'labels'), isCoco: true, every });
    }
    const names = readdirSync(path);
    if (names.some((name) => name.endsWith('.xml'))) return readVocFolder(path, every);
    if (names.some((name) => name.endsWith('.txt'))) {
      return readLabelFolder(path, { labels: path, isCoco: false, every });
    }
    const render = names.find((name) => name.endsWith('.jsonl'));
    if (render !== undefined) return readRender(resolve(path, render), every);
  }
  throw new FaultError('file-unreadable', `${path} holds no labels`, { about: { path }, cure: CURE });
}

/** All of them, one after the other. */
export async function* readTruths(paths: readonly string[], every = 1): AsyncGenerator<LabelledFrame> {
  for (const path of paths) yield* readTruth(path, every);
}

const CURE =
  'Name a folder of pictures with NAME.txt or NAME.xml beside them, a folder with images/ and labels/, NAME.gt.txt beside a clip, or NAME.jsonl of a rendered shot.';
