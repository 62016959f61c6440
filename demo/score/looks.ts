/** The looks of many clips: what is remembered is read, the rest is shared out to one process per core. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { resolveModel } from '#models/catalog/resolve.ts';
import { fingerprint } from '#models/detectors/fingerprint.ts';
import type { ModelManifest } from '#models/schema/model-manifest.ts';
import { type Config, configEnvironment } from '#system/config.ts';
import type { ScoredClip } from './clips.ts';
import { cachePath, LOOKS_PER_S, type LookedFrame, readLooks } from './infer.ts';

export type Looks = {
  manifest: ModelManifest;
  /** By the clip's name. */
  frames: ReadonlyMap<string, LookedFrame[]>;
  /** Frames that went through the detector now; the others were remembered. */
  inferred: number;
};

export type LooksWanted = {
  config: Config;
  model?: string | undefined;
  cacheDir: string;
  onClip?: (done: number, of: number) => void;
};

export async function lookAtClips(clips: readonly ScoredClip[], wanted: LooksWanted): Promise<Looks> {
  const { config, cacheDir } = wanted;
  const name = wanted.model ?? config.model;
  const { manifest, path } = resolveModel({ name, modelsDir: config.modelsDir, materialDir: config.materialDir });
  const looker = shortHash(JSON.stringify([await fingerprint(path), manifest]));
  const keyOf = ({ sha256: clip }: ScoredClip) => `${looker}-${clip.slice(0, 16)}-${LOOKS_PER_S}`;
  const missing = clips.filter((clip) => readLooks(cachePath(cacheDir, keyOf(clip))) === undefined);
  await shareOut(missing, { ...wanted, model: name, keyOf });
  const frames = new Map(clips.map((clip) => [clip.name, readLooks(cachePath(cacheDir, keyOf(clip)))!]));
  const inferred = missing.reduce((sum, { name: clip }) => sum + frames.get(clip)!.length, 0);
  return { manifest, frames, inferred };
}

/** One file may be fed in several sizes: the manifest is part of what looks. */
const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

type Share = LooksWanted & { model: string; keyOf: (clip: ScoredClip) => string };

/** Long clips first, each to the process that has the least to do. */
async function shareOut(clips: readonly ScoredClip[], share: Share): Promise<void> {
  const hands = Array.from({ length: Math.min(availableParallelism(), clips.length) }, () => ({
    seconds: 0,
    clips: [] as ScoredClip[],
  }));
  for (const clip of clips.toSorted((a, b) => b.variant.seconds - a.variant.seconds)) {
    const free = hands.reduce((least, hand) => (hand.seconds < least.seconds ? hand : least));
    free.seconds += clip.variant.seconds;
    free.clips.push(clip);
  }
  let done = 0;
  const onClip = () => share.onClip?.(++done, clips.length);
  await Promise.all(hands.map((hand) => runHand(hand.clips, { ...share, onClip })));
}

function runHand(clips: readonly ScoredClip[], { config, cacheDir, model, keyOf, onClip }: Share): Promise<void> {
  const pairs = clips.flatMap((clip) => [clip.file, keyOf(clip)]);
  const fps = String(clips[0]?.truth.fps ?? 15);
  const args = [resolve(import.meta.dirname, 'infer-main.ts'), model, cacheDir, fps, ...pairs];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...configEnvironment(config) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', () => onClip?.(0, 0));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => {
      if (code === 0) done();
      else fail(new Error(`the process that looks at clips ended with ${code}`));
    });
  });
}
