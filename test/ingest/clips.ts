/** Small clips that the tests of reading share, written once into a temporary folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { type ClipOptions, writeClip } from '#demo/rtsp/clip.ts';

export type Clips = Disposable & {
  folder: string;
  write: (name: string, options?: Partial<ClipOptions>) => Promise<string>;
};

export function makeClips(): Clips {
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-clips-'));
  return {
    folder,
    async write(name, options = {}) {
      const path = resolve(folder, name);
      await writeClip({
        path,
        codec: 'h264',
        width: 320,
        height: 180,
        fps: 25,
        seconds: 4,
        gopS: 1,
        scene: 'moving-box',
        seed: 3,
        ...options,
      });
      return path;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
