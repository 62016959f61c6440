/** Variants of clips as files in a folder: each is made once, and found again after a restart. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { ClipFile } from '#demo/rtsp/clip-file.ts';
import { howToMake, RECIPE_VERSION, type Variant } from './recipe.ts';
import { openWorkshop } from './workshop.ts';

export type VariantCache = AsyncDisposable & {
  /** The file of a variant, made now where it is not there yet. `isUrgent`: somebody waits for it. */
  file(clip: ClipFile, variant: Variant, options?: { isUrgent?: boolean }): Promise<string>;
};

const BACKGROUND_NICE = 19;

/** `nice`: how far what nobody waits for gives way to all else, 0 to 19. */
export function openVariantCache(folder: string, nice = BACKGROUND_NICE): VariantCache {
  const urgent = openWorkshop(0);
  const background = openWorkshop(nice);
  const asked = new Map<string, Promise<string>>();
  return {
    async file(clip, variant, { isUrgent = false } = {}) {
      const how = howToMake(variant, clip);
      if (how === null) return clip.file;
      const to = resolve(folder, nameOf(clip, how));
      if (existsSync(to)) return to;
      const job = { from: clip.file, to, ...how };
      const made = asked.get(to) ?? (isUrgent ? urgent : background).make(job).finally(() => asked.delete(to));
      asked.set(to, made);
      return await made;
    },
    async [Symbol.asyncDispose]() {
      await urgent[Symbol.asyncDispose]();
      await background[Symbol.asyncDispose]();
    },
  };
}

function nameOf(clip: ClipFile, how: object): string {
  const key = createHash('sha256')
    .update(JSON.stringify([RECIPE_VERSION, clip.version, how]))
    .digest('hex');
  return `${basename(clip.file).replace(/\.\w+$/, '')}-${key.slice(0, 16)}.mp4`;
}
