/** What a camera's reader hands on: a decoded frame to look at, or word that the scene was watched and is quiet. */
import type { Frame as AvFrame } from 'node-av/lib';
import type { TrackedDetection } from '#models/schema/detection.ts';

/**
 * A decoded picture. Whoever receives it disposes it (`using`); it never leaves the process.
 * `capturedAtMs` is the wall clock of arrival corrected by the stream's own (monotonic) time.
 */
export type Frame = Disposable & {
  av: AvFrame;
  width: number;
  height: number;
  capturedAtMs: number;
  receivedAtMs: number;
  /** Seconds since the stream began, monotonic. */
  t: number;
  /** Counts decoded pictures of this connection. */
  sequence: number;
  /** A later picture of a live camera is here: a look at this one would be a look at what was. Absent: never. */
  isOvertaken?: () => boolean;
  /** Nobody has begun to look at it, and nobody has let it go. */
  isWaiting: () => boolean;
  begin: () => void;
  /** Nobody will look at it; true where a look is lost with it: no fresher picture of the same moment took its place. */
  letGo?: () => boolean;
};

export type Sight =
  | { type: 'frame'; frame: Frame }
  /** The gate is closed: packets say that nothing moved up to this time. Comes when it closes and every few seconds. */
  | { type: 'quiet'; capturedAtMs: number; receivedAtMs: number }
  /** The connection was lost: what comes next is a new stream, tracks of before may have gone. */
  | { type: 'lost'; capturedAtMs: number; receivedAtMs: number };

/** One look with its tracks. `isHeld` looks repeat what stood still at the last true one. */
export type Look = {
  capturedAtMs: number;
  receivedAtMs: number;
  isHeld: boolean;
  detections: TrackedDetection[];
};
