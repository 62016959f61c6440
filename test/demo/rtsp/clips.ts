/** Clips of the RTSP tests: written once per test file, into a folder that the test removes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClipOptions, writeClip } from '#demo/rtsp/clip.ts';

export const CLIP = {
  codec: 'h264',
  width: 320,
  height: 180,
  fps: 20,
  seconds: 1.5,
  gopS: 0.5,
  scene: 'moving-box',
  seed: 7,
} as const;

export type ClipFolder = Disposable & {
  file(name: string): string;
  /** Writes a clip that is {@link CLIP} but for what is given, and returns its path. */
  write(name: string, options?: Partial<ClipOptions>): Promise<string>;
};

export function openClipFolder(): ClipFolder {
  const folder = mkdtempSync(join(tmpdir(), 'sharp-eyes-rtsp-'));
  return {
    file: (name) => join(folder, name),
    async write(name, options = {}) {
      await writeClip({ ...CLIP, ...options, path: join(folder, name) });
      return join(folder, name);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
