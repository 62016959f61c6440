/** Finds the truth of a clip beside it; where there is none yet, the motion alone says what is where. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ROOT_DIR } from '#system/config.ts';
import { rehearse, variantOf } from '../rehearse.ts';
import type { VariantId, View } from '../view.ts';
import { type ClipTruth, clipName } from './clip-truth.ts';
import { unpackTruth } from './pack.ts';
import { rehearsedTruth } from './rehearsed.ts';

export const CLIPS_DIR = resolve(ROOT_DIR, 'demo/clips');

export const truthPath = (view: string, variant: string, folder = CLIPS_DIR): string =>
  resolve(folder, `${clipName(view, variant)}.truth.json.gz`);

const loaded = new Map<string, ClipTruth>();

/** Measured in the picture where its truth is committed, else rehearsed; read once. */
export function loadTruth(view: View, variant: VariantId, folder = CLIPS_DIR): ClipTruth {
  const path = truthPath(view.id, variant, folder);
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const truth = existsSync(path)
    ? unpackTruth(readFileSync(path), path)
    : rehearsedTruth(view, variant, rehearse(view, variantOf(view, variant)));
  loaded.set(path, truth);
  return truth;
}
