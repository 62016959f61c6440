/** The files that cameras play: rendered ones, else real footage, else small synthetic clips that are written once. */
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeClip } from '#demo/rtsp/clip.ts';
import type { SceneKind } from '#demo/rtsp/scene.ts';
import { findScene } from '#demo/scene.ts';
import { ROOT_DIR } from '#system/config.ts';

const RENDERED_DIR = resolve(ROOT_DIR, 'demo/clips');

/** The long loop of each view; its short ones are for the city, which plays by the clock. */
const MAIN_LOOP = '-main.mp4';

const SYNTHETIC = [
  ['moving-box', 1],
  ['sparse-motion', 2],
  ['moving-box', 3],
  ['still-noise', 4],
] as const satisfies readonly (readonly [SceneKind, number])[];

const CLIP_S = 20;

export async function findClips({
  materialDir,
  cacheDir,
}: {
  materialDir: string;
  cacheDir: string;
}): Promise<string[]> {
  const rendered = existsSync(RENDERED_DIR) ? readdirSync(RENDERED_DIR).filter((name) => name.endsWith(MAIN_LOOP)) : [];
  if (rendered.length > 0) return rendered.map((name) => resolve(RENDERED_DIR, name));
  const scene = findScene(materialDir);
  if (scene !== undefined) return scene.cameras.map(({ file }) => file);
  return await writeSynthetic(cacheDir);
}

/** 1280x720 at 15 pictures a second, as the demo's own clips. */
export async function writeSynthetic(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const [scene, seed] of SYNTHETIC) {
    const path = resolve(folder, `synthetic-${scene}-${seed}.mp4`);
    files.push(path);
    if (existsSync(path)) continue;
    const size = { width: 1280, height: 720, fps: 15, seconds: CLIP_S, gopS: 2 };
    await writeClip({ path, codec: 'h264', ...size, scene, seed, noise: 1, qp: 30 });
  }
  return files;
}
