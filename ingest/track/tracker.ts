/**
 * Follows things from look to look, per camera: ByteTrack (Zhang et al., "ByteTrack: Multi-Object Tracking by Associating
 * Every Detection Box", ECCV 2022, arXiv:2110.06864) on the ground of SORT (Bewley et al., ICIP 2016, arXiv:1602.00763),
 * with real time between looks, and with things that stand still kept while nobody looks.
 */
import type { Detection, TrackedDetection } from '#models/schema/detection.ts';
import { assign, type Possible } from './assign.ts';
import { predict, stop } from './kalman.ts';
import { iou, mayBeOne } from './overlap.ts';
import { restoreTrack, snapshotTracks, type TrackSnapshot } from './snapshot.ts';
import { expectedBox, isStill, miss, see, startTrack, type Track } from './track.ts';

export type TrackerOptions = {
  /** Detections from here on begin tracks; weaker ones only continue them. The model's or the camera's `scoreMin`. */
  scoreMin?: number;
  /** A moving thing that was not seen for longer is gone. */
  lostMs?: number;
  /** A thing that stood still and was not seen for longer is gone. */
  stillMs?: number;
};

export type Tracker = {
  /** The detections that belong to confirmed tracks; each keeps its `box` (the same array), its kind is the track's. */
  update: (detections: readonly Detection[], look: { atMs: number }) => TrackedDetection[];
  /** Nobody looks, and nothing moves: the tracks that stood still at the last look, as held. */
  hold: (atMs: number) => TrackedDetection[];
  /** What stands still, to be kept across a restart. */
  snapshot: () => TrackSnapshot;
  /** Takes the tracks of a snapshot that is not older than `maxAgeMs`; each comes back where its box is seen again. */
  restore: (snapshot: TrackSnapshot, options: { atMs: number; maxAgeMs?: number }) => void;
};

/** How weak a detection may be to continue a track: what the detector should be asked for. */
export const lowScoreMin = (scoreMin: number): number => Math.min(scoreMin, Math.max(0.1, scoreMin * 0.3));

/** Overlap that a pair needs: at first, with a weak detection, and after a time without looks. */
const IOU_MIN = { strong: 0.2, weak: 0.4, tentative: 0.3, apart: 0.5 };
const OTHER_KIND_COST = 0.1;
/** Seconds that a motion is believed without a look. */
const GUESS_MAX_S = 1;
/** A box that lies so much on one of a track is that thing under another kind, not a new one. */
const SAME_THING_IOU = 0.7;

export function createTracker(options: TrackerOptions = {}): Tracker {
  const { scoreMin = 0.5, lostMs = 2000, stillMs = 30_000 } = options;
  let tracks: Track[] = [];
  let atLastMs = Number.NEGATIVE_INFINITY;

  function advance(atMs: number): { isGap: boolean } {
    const elapsedMs = Math.max(0, atMs - atLastMs);
    const isGap = elapsedMs > lostMs;
    for (const track of tracks) {
      if (isGap) stop(track.motion);
      predict(track.motion, Math.min(elapsedMs / 1000, GUESS_MAX_S));
    }
    atLastMs = Math.max(atMs, atLastMs);
    return { isGap };
  }

  const isGone = (track: Track, atMs: number) =>
    track.missed > 0 && (!track.isConfirmed || atMs - track.seenAtMs > (isStill(track) ? stillMs : lostMs));

  return {
    update(detections, { atMs }) {
      const { isGap } = advance(atMs);
      const strong = detections.filter(({ score }) => score >= scoreMin);
      const weak = detections.filter(({ score }) => score < scoreMin && score >= lowScoreMin(scoreMin));
      const confirmed = tracks.filter((track) => track.isConfirmed);
      const needs = (track: Track) => (isGap || isRemembered(track) ? IOU_MIN.apart : IOU_MIN.strong);
      const pairs = pair(confirmed, strong, needs);
      const unseen = confirmed.filter((track) => !pairs.has(track) && track.missed === 0);
      for (const [track, detection] of pair(unseen, weak, () => IOU_MIN.weak)) pairs.set(track, detection);
      const left = without(strong, pairs);
      const tentative = tracks.filter((track) => !track.isConfirmed);
      for (const [track, detection] of pair(tentative, left, () => IOU_MIN.tentative)) {
        pairs.set(track, detection);
        track.isConfirmed = true;
      }
      for (const track of tracks) {
        const detection = pairs.get(track);
        if (detection === undefined) miss(track);
        else see(track, detection, atMs);
      }
      const begun = without(strong, pairs).filter((detection) => !isDouble(detection, pairs.values()));
      tracks = tracks.filter((track) => !isGone(track, atMs));
      const told = tracks.filter((track) => track.isConfirmed && track.missed === 0).map((track) => tell(track, false));
      tracks.push(...begun.map((detection) => startTrack(detection, atMs)));
      return told;
    },
    hold(atMs) {
      atLastMs = Math.max(atMs, atLastMs);
      const held = tracks.filter((track) => track.isConfirmed && track.missed === 0 && isStill(track));
      for (const track of held) {
        stop(track.motion);
        track.seenAtMs = Math.max(track.seenAtMs, atMs);
      }
      return held.map((track) => tell(track, true));
    },
    snapshot: () => snapshotTracks(tracks, atLastMs),
    restore(snapshot, { atMs, maxAgeMs = 600_000 }) {
      if (atMs - snapshot.atMs > maxAgeMs) return;
      tracks.push(...snapshot.tracks.map((entry) => restoreTrack(entry, atMs)));
    },
  };
}

const tell = ({ id, kind, score, box }: Track, isHeld: boolean): TrackedDetection => ({
  track: id,
  kind,
  score,
  box,
  isHeld,
});

/** Denied by a look, or restored: only its own place brings it back. */
const isRemembered = (track: Track): boolean => track.missed > 0 && isStill(track);

function pair(
  tracks: readonly Track[],
  detections: readonly Detection[],
  iouMin: (track: Track) => number,
): Map<Track, Detection> {
  const possible: Possible[] = [];
  tracks.forEach((track, row) => {
    const expected = expectedBox(track);
    const needed = iouMin(track);
    detections.forEach((detection, column) => {
      if (!mayBeOne(track.kind, detection.kind)) return;
      const overlap = iou(expected, detection.box);
      if (overlap < needed) return;
      const cost = 1 - overlap * (0.5 + 0.5 * detection.score) + (track.kind === detection.kind ? 0 : OTHER_KIND_COST);
      possible.push({ row, column, cost });
    });
  });
  const pairs = assign(possible, 2).map(({ row, column }) => [tracks[row], detections[column]] as [Track, Detection]);
  return new Map(pairs);
}

function without(detections: readonly Detection[], pairs: ReadonlyMap<Track, Detection>): Detection[] {
  const taken = new Set(pairs.values());
  return detections.filter((detection) => !taken.has(detection));
}

function isDouble(detection: Detection, others: Iterable<Detection>): boolean {
  for (const other of others) {
    if (mayBeOne(other.kind, detection.kind) && iou(other.box, detection.box) > SAME_THING_IOU) return true;
  }
  return false;
}
