/** The tracks that stand still, kept on disk, so that a restart does not make a parked car new. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Type from 'typebox';
import type { CameraSource } from '#models/schema/camera.ts';
import { checker } from '#models/schema/check.ts';
import { TrackSnapshot } from '../track/snapshot.ts';

export type TracksFile = {
  /** What was kept for the same source; undefined where nothing (whole) is there. Whoever restores it judges its age. */
  load: () => TrackSnapshot | undefined;
  /** Replaces the file as a whole; throws where the disk refuses. */
  save: (tracks: TrackSnapshot) => void;
};

const check = checker('the file of tracks', Type.Object({ origin: Type.String(), tracks: TrackSnapshot }));

/** Kept in `<dataDir>/tracks/<camera>.json`: boxes, kinds and random ids, no pictures. */
export function openTracksFile(dataDir: string, camera: string, source: CameraSource): TracksFile {
  const path = resolve(dataDir, 'tracks', `${camera}.json`);
  const origin = createHash('sha256').update(JSON.stringify(source)).digest('hex');
  return {
    load() {
      try {
        const kept = check(JSON.parse(readFileSync(path, 'utf8')));
        return kept.origin === origin ? kept.tracks : undefined;
      } catch {
        // Absent, or not whole: the camera starts without memory.
        return undefined;
      }
    },
    save(tracks) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const aside = `${path}.${process.pid}.new`;
      writeFileSync(aside, JSON.stringify({ origin, tracks }), { mode: 0o600 });
      renameSync(aside, path);
    },
  };
}
