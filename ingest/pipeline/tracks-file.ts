/** The tracks that stand still, kept on disk, so that a restart does not make a parked car new. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { CameraSource } from '#models/schema/camera.ts';

export type TracksFile = {
  /** What was kept for the same source within the last ten minutes. */
  load: () => unknown;
  /** Replaces the file as a whole; throws where the disk refuses. */
  save: (snapshot: unknown) => void;
  remove: () => void;
};

const MAX_AGE_MS = 10 * 60_000;

/** Kept in `<dataDir>/tracks/<camera>.json`: boxes, kinds and random ids, no pictures. */
export function openTracksFile(dataDir: string, camera: string, source: CameraSource): TracksFile {
  const path = resolve(dataDir, 'tracks', `${camera}.json`);
  const origin = createHash('sha256').update(JSON.stringify(source)).digest('hex');
  return {
    load() {
      try {
        const kept = JSON.parse(readFileSync(path, 'utf8')) as { savedAtMs: number; origin: string; tracks: unknown };
        const isFresh = kept.origin === origin && Math.abs(Date.now() - kept.savedAtMs) < MAX_AGE_MS;
        return isFresh ? kept.tracks : undefined;
      } catch {
        // Absent, or not whole: the camera starts without memory.
        return undefined;
      }
    },
    save(tracks) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const aside = `${path}.${process.pid}.new`;
      writeFileSync(aside, JSON.stringify({ savedAtMs: Date.now(), origin, tracks }), { mode: 0o600 });
      renameSync(aside, path);
    },
    remove: () => rmSync(path, { force: true }),
  };
}
