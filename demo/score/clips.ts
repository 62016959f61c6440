/** The clips that can be scored: a picture with its truth beside it. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ClipTruth, clipName } from '#demo/world/truth/clip-truth.ts';
import { CLIPS_DIR, loadTruth, truthPath } from '#demo/world/truth/load.ts';
import type { Variant, View } from '#demo/world/view.ts';
import { VIEWS, viewOf } from '#demo/world/views.ts';
import { FaultError } from '#models/schema/fault.ts';

export type ScoredClip = {
  name: string;
  view: View;
  variant: Variant;
  file: string;
  sha256: string;
  truth: ClipTruth;
  truthSha256: string;
};

export type ClipsWanted = { camera?: string | undefined; folder?: string | undefined };

/** Throws FaultError `not-found` for a camera that the city does not have, `file-missing` where nothing is rendered. */
export function findScoredClips({ camera, folder = CLIPS_DIR }: ClipsWanted): ScoredClip[] {
  const clips = viewsOf(camera).flatMap((view) =>
    view.variants.flatMap((variant): ScoredClip[] => {
      const name = clipName(view.id, variant.id);
      const file = resolve(folder, `${name}.mp4`);
      if (!existsSync(file) || !existsSync(truthPath(view.id, variant.id, folder))) return [];
      const sha256 = checksum(file);
      const truthSha256 = checksum(truthPath(view.id, variant.id, folder));
      return [
        {
          name,
          view,
          variant,
          file,
          sha256,
          truthSha256,
          /** Read when it is asked for: who only wants to know which clips there are does not wait. */
          get truth() {
            return loadTruth(view, variant.id, folder);
          },
        },
      ];
    }),
  );
  if (clips.length > 0) return clips;
  throw new FaultError('file-missing', `no clip with its truth is in ${folder}`, {
    cure: 'The rendered clips are part of the repository: check it out whole, or render them (demo/README.md).',
  });
}

const checksum = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Changes with any clip or truth: what a page was written about. */
export function fingerprintOf(clips: readonly ScoredClip[]): string {
  const hash = createHash('sha256');
  for (const { name, sha256, truthSha256 } of clips.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    hash.update(`${name} ${sha256} ${truthSha256}\n`);
  return hash.digest('hex').slice(0, 16);
}

function viewsOf(camera: string | undefined): readonly View[] {
  if (camera === undefined) return VIEWS;
  try {
    return [viewOf(camera)];
  } catch (error) {
    throw new FaultError('not-found', (error as Error).message, { cause: error });
  }
}
