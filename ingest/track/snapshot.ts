/** Tracks that stand still, as JSON, so that a restart does not make a parked car a new one. */
import Type, { type Static } from 'typebox';
import { Box } from '#models/schema/detection.ts';
import { TimeMs } from '#models/schema/id.ts';
import { Kind } from '#models/schema/kind.ts';
import { startMotion } from './kalman.ts';
import { isStill, type Track } from './track.ts';

const SnapshotEntry = Type.Object({
  track: Type.String({ pattern: '^[a-z0-9]{8,24}$' }),
  kind: Kind,
  score: Type.Number({ minimum: 0, maximum: 1 }),
  box: Box,
  stillMs: Type.Integer({ minimum: 0, description: 'How long it had stood still' }),
});

export const TrackSnapshot = Type.Object({
  version: Type.Literal(1),
  atMs: TimeMs,
  tracks: Type.Array(SnapshotEntry),
});
export type TrackSnapshot = Static<typeof TrackSnapshot>;

export function snapshotTracks(tracks: readonly Track[], atMs: number): TrackSnapshot {
  return {
    version: 1,
    atMs: Math.max(0, Math.round(Number.isFinite(atMs) ? atMs : 0)),
    tracks: tracks
      .filter((track) => track.isConfirmed && isStill(track))
      .map((track) => ({
        track: track.id,
        kind: track.kind,
        score: track.strength,
        box: [...track.box],
        stillMs: Math.round(track.seenAtMs - track.anchorAtMs),
      })),
  };
}

/** Confirmed, but not told before it is seen again in its place. */
export function restoreTrack(entry: TrackSnapshot['tracks'][number], atMs: number): Track {
  const box = entry.box as [number, number, number, number];
  return {
    id: entry.track,
    motion: startMotion(box),
    box,
    score: entry.score,
    kind: entry.kind as Track['kind'],
    votes: new Map([[entry.kind as Track['kind'], entry.score]]),
    strength: entry.score,
    hits: 2,
    first: { atMs, score: entry.score, box },
    isConfirmed: true,
    missed: 1,
    seenAtMs: atMs,
    anchor: box,
    anchorAtMs: atMs - entry.stillMs,
  };
}
