/**
 * One track: a thing followed from look to look.
 *
 * It begins *tentative*. Seen again at the very next look it is *confirmed* and told from then on, its first look with
 * its second; otherwise it never was. A confirmed track that a look misses is *lost*: it moves on as guessed and takes up its id when it is seen again
 * soon. One that stands *still* is remembered longer, in its place: while the gate is closed it is *held*, and a look
 * that misses it denies it until it is seen there again.
 */
import { randomBytes } from 'node:crypto';
import type { Box, Detection, FirstSeen } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import { boxOf, correct, type Motion, startMotion, stop } from './kalman.ts';
import { iou } from './overlap.ts';

export type Track = {
  id: string;
  motion: Motion;
  /** The last box seen, and its score. */
  box: Box;
  score: number;
  kind: Kind;
  votes: Map<Kind, number>;
  /** Its scores, averaged with the last ones counting most. */
  strength: number;
  hits: number;
  first: FirstSeen;
  isConfirmed: boolean;
  /** Looks in a row that did not see it. */
  missed: number;
  seenAtMs: number;
  /** Where it was when it last had moved, and since when it is there. */
  anchor: Box;
  anchorAtMs: number;
};

/** A thing that stays within this overlap of one place for this long stands still. */
const STILL_IOU = 0.6;
const STILL_MS = 1000;

/** What one look changes in a track's strength. */
const STRENGTH_SHARE = 0.1;

export function startTrack(detection: Detection, atMs: number): Track {
  return {
    id: randomId(),
    motion: startMotion(detection.box),
    box: detection.box,
    score: detection.score,
    kind: detection.kind,
    votes: new Map([[detection.kind, detection.score]]),
    strength: detection.score,
    hits: 1,
    first: { atMs, score: detection.score, box: detection.box },
    isConfirmed: false,
    missed: 0,
    seenAtMs: atMs,
    anchor: detection.box,
    anchorAtMs: atMs,
  };
}

export function see(track: Track, detection: Detection, atMs: number): void {
  correct(track.motion, detection.box, detection.score);
  track.box = detection.box;
  track.score = detection.score;
  track.strength += STRENGTH_SHARE * (detection.score - track.strength);
  track.hits += 1;
  track.isConfirmed = true;
  track.missed = 0;
  track.seenAtMs = atMs;
  const votes = (track.votes.get(detection.kind) ?? 0) + detection.score;
  track.votes.set(detection.kind, votes);
  if (votes > (track.votes.get(track.kind) ?? 0)) track.kind = detection.kind;
  if (iou(track.anchor, detection.box) >= STILL_IOU) return;
  track.anchor = detection.box;
  track.anchorAtMs = atMs;
}

export function miss(track: Track): void {
  track.missed += 1;
  if (isStill(track)) stop(track.motion);
}

export const isStill = (track: Track): boolean => track.seenAtMs - track.anchorAtMs >= STILL_MS;

/** Where it should be at the time it was last predicted for. */
export const expectedBox = (track: Track): Box => boxOf(track.motion);

/** 16 letters and digits that nobody can guess: 82 bits of chance. */
export function randomId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  let id = '';
  while (id.length < 16) {
    for (const byte of randomBytes(24)) {
      // 252 is the last multiple of 36 in a byte: the rest would favour some letters.
      if (byte < 252 && id.length < 16) id += letters[byte % 36];
    }
  }
  return id;
}
