import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTracksFile } from '#ingest/pipeline/tracks-file.ts';
import { createTracker } from '#ingest/track/tracker.ts';
import type { Detection } from '#models/schema/detection.ts';

const source = { kind: 'rtsp' as const, url: 'rtsp://10.0.0.7/main', transport: 'tcp' as const };
const parked: Detection = { kind: 'car', score: 0.9, box: [0.4, 0.5, 0.2, 0.2] };

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-tracks-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A tracker that has seen the car stand for a while. */
function watchParkedCar(fromMs: number) {
  const tracker = createTracker();
  let seen = tracker.update([parked], { atMs: fromMs });
  for (let atMs = fromMs; atMs <= fromMs + 20_000; atMs += 200) seen = tracker.update([parked], { atMs });
  return { tracker, track: seen[0]?.track };
}

describe('the file of tracks', () => {
  it('lets a parked car stay the same car over a restart', () => {
    const nowMs = Date.now();
    const { tracker, track } = watchParkedCar(nowMs - 25_000);
    openTracksFile(dataDir, 'gate-3', source).save(tracker.snapshot());
    const kept = openTracksFile(dataDir, 'gate-3', source).load();
    const after = createTracker();
    if (kept === undefined) throw new Error('nothing was kept');
    after.restore(kept, { atMs: nowMs });
    after.update([parked], { atMs: nowMs + 200 });
    expect(after.update([parked], { atMs: nowMs + 400 }).map((detection) => detection.track)).toEqual([track]);
  });

  it('is not believed for another source, another camera, or when it is cut short', () => {
    const { tracker } = watchParkedCar(Date.now() - 25_000);
    const file = openTracksFile(dataDir, 'gate-3', source);
    file.save(tracker.snapshot());
    expect(file.load()?.tracks).toHaveLength(1);
    expect(openTracksFile(dataDir, 'gate-3', { ...source, url: 'rtsp://10.0.0.8/main' }).load()).toBeUndefined();
    expect(openTracksFile(dataDir, 'gate-4', source).load()).toBeUndefined();
    truncateSync(resolve(dataDir, 'tracks/gate-3.json'), 40);
    expect(file.load()).toBeUndefined();
  });

  it('is replaced as a whole and leaves nothing beside it', () => {
    const file = openTracksFile(dataDir, 'gate-3', source);
    file.save(createTracker().snapshot());
    file.save(watchParkedCar(Date.now() - 25_000).tracker.snapshot());
    expect(readdirSync(resolve(dataDir, 'tracks'))).toEqual(['gate-3.json']);
  });
});
