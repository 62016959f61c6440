/**
 * Follows things from look to look, per camera: ByteTrack (Zhang et al., "ByteTrack: Multi-Object Tracking by Associating
 * Every Detection Box", ECCV 2022, arXiv:2110.06864) on the ground of SORT (Bewley et al., ICIP 2016, arXiv:1602.00763),
 * with real time between looks, and with things that stand still kept while nobody looks.
 */
import type { Box, Detection, TrackedDetection } from '#models/schema/detection.ts';
import { assign, type Possible } from './assign.ts';
import { predict, stop } from './kalman.ts';
import { grown, iou, mayBeOne } from './overlap.ts';
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

export const PATIENCE = { lostMs: 2000, stillMs: 30_000 } as const;

export type Tracker = {
  /**
   * The detections that belong to confirmed tracks; each keeps its `box` (the same array), its kind is the track's. Where
   * a look confirms a track, `first` is what the look before saw of it.
   */
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

/**
 * Overlap that a pair needs: of a track, with a weak detection, of a tentative track, of somebody who turned round, of what
 * is told to be another kind than before, and after a time without looks. These, the growth below and the filter's noise
 * were chosen on `campus` at 10, 5, 3.3 and 2 looks a second, all but the fourth and fifth, which were chosen on the truth
 * of the demo's city.
 */
const IOU_MIN = { strong: 0.1, weak: 0.4, tentative: 0.2, turned: 0.15, otherKind: 0.4, apart: 0.5 };
/** Share of a box's size by which it is grown for every second between looks: there it may have gone unseen. */
const GROWTH = { confirmed: 0.5, tentative: 1, max: 0.5 };
/** By so much a detection must be surer to begin a track than to continue one. */
const BEGIN_MARGIN = 0.1;
const OTHER_KIND_COST = 0.1;
/** More than any pair costs: a pair is always better than none. */
const COST_MAX = 2;
/** Seconds that a motion is believed without a look. */
const GUESS_MAX_S = 1;
/** Boxes of two kinds that may be one, which lie on each other by so much, are one thing. */
const SAME_THING_IOU = 0.7;

export function createTracker(options: TrackerOptions = {}): Tracker {
  const { scoreMin = 0.5, lostMs = PATIENCE.lostMs, stillMs = PATIENCE.stillMs } = options;
  let tracks: Track[] = [];
  let atLastMs = Number.NEGATIVE_INFINITY;

  /** Moves every track on, and returns the seconds since the last look, or undefined after a gap. */
  function advance(atMs: number): number | undefined {
    const elapsedMs = Math.max(0, atMs - atLastMs);
    atLastMs = Math.max(atMs, atLastMs);
    const isGap = elapsedMs > lostMs;
    for (const track of tracks) {
      if (isGap) stop(track.motion);
      predict(track.motion, Math.min(elapsedMs / 1000, GUESS_MAX_S));
    }
    return isGap ? undefined : elapsedMs / 1000;
  }

  const isGone = (track: Track, atMs: number) =>
    track.missed > 0 && (!track.isConfirmed || atMs - track.seenAtMs > (isStill(track) ? stillMs : lostMs));

  /** A thing that is weak in look after look is clutter: it is followed, so that it stays one, and not told. */
  const isTold = (track: Track) => track.isConfirmed && track.missed === 0 && track.strength >= scoreMin;

  return {
    update(detections, { atMs }) {
      const seconds = advance(atMs);
      const things = distinct(detections.filter(({ score }) => score >= lowScoreMin(scoreMin)));
      const strong = things.filter(({ score }) => score >= scoreMin);
      const weak = things.filter(({ score }) => score < scoreMin);
      const pairs = associate(tracks, { strong, weak, seconds });
      for (const track of tracks) {
        const detection = pairs.get(track);
        if (detection === undefined) miss(track);
        else see(track, detection, atMs);
      }
      tracks = tracks.filter((track) => !isGone(track, atMs));
      const told = tracks.filter(isTold).map(tellSeen);
      const begun = without(strong, pairs).filter(({ score }) => score >= scoreMin + BEGIN_MARGIN);
      tracks.push(...begun.map((detection) => startTrack(detection, atMs)));
      return told;
    },
    hold(atMs) {
      atLastMs = Math.max(atMs, atLastMs);
      const held = tracks.filter((track) => isTold(track) && isStill(track));
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

const tellSeen = (track: Track): TrackedDetection =>
  track.hits === 2 ? { ...tell(track, false), first: track.first } : tell(track, false);

type Seen = { strong: readonly Detection[]; weak: readonly Detection[]; seconds: number | undefined };

/**
 * First confirmed tracks with strong detections, then those just seen with weak ones, then what began at the last look.
 * Last, people who are not where they should be are looked for where they were: they turn round between two looks.
 */
function associate(tracks: readonly Track[], { strong, weak, seconds }: Seen): Map<Track, Detection> {
  const confirmed = tracks.filter((track) => track.isConfirmed);
  // Denied by a look, or restored, or not looked at for long: only its own place brings it back.
  const needed = (track: Track) =>
    seconds === undefined || (track.missed > 0 && isStill(track)) ? IOU_MIN.apart : IOU_MIN.strong;
  const growth = (perSecond: number) => Math.min(GROWTH.max, perSecond * (seconds ?? 0));
  const pairs = pair(confirmed, strong, { iouMin: needed, growth: growth(GROWTH.confirmed) });
  const unseen = confirmed.filter((track) => !pairs.has(track) && track.missed === 0);
  const faint = pair(unseen, weak, { iouMin: () => IOU_MIN.weak, growth: 0 });
  const tentative = tracks.filter((track) => !track.isConfirmed);
  const again = pair(tentative, without(strong, pairs), {
    iouMin: () => (seconds === undefined ? IOU_MIN.apart : IOU_MIN.tentative),
    growth: growth(GROWTH.tentative),
  });
  const taken = new Map([...pairs, ...again]);
  const turned = unseen.filter((track) => !faint.has(track) && track.kind === 'person' && seconds !== undefined);
  const back = pair(turned, without(strong, taken), {
    iouMin: () => IOU_MIN.turned,
    growth: 0,
    placeOf: (track) => track.box,
  });
  return new Map([...taken, ...faint, ...back]);
}

type PairOptions = { iouMin: (track: Track) => number; growth: number; placeOf?: (track: Track) => Box };

function pair(
  tracks: readonly Track[],
  detections: readonly Detection[],
  { iouMin, growth, placeOf = expectedBox }: PairOptions,
): Map<Track, Detection> {
  const possible: Possible[] = [];
  const boxes = detections.map(({ box }) => grown(box, growth));
  tracks.forEach((track, row) => {
    const expected = grown(placeOf(track), growth);
    const needed = iouMin(track);
    detections.forEach((detection, column) => {
      if (!mayBeOne(track.kind, detection.kind)) return;
      const overlap = iou(expected, boxes[column] as Box);
      const isOtherKind = track.kind !== detection.kind;
      if (overlap < (isOtherKind ? Math.max(needed, IOU_MIN.otherKind) : needed)) return;
      const cost = 1 - overlap * (0.5 + 0.5 * detection.score) + (isOtherKind ? OTHER_KIND_COST : 0);
      possible.push({ row, column, cost });
    });
  });
  return new Map(
    assign(possible, COST_MAX).map(({ row, column }) => [tracks[row], detections[column]] as const),
  ) as Map<Track, Detection>;
}

function without(detections: readonly Detection[], pairs: ReadonlyMap<Track, Detection>): Detection[] {
  const taken = new Set(pairs.values());
  return detections.filter((detection) => !taken.has(detection));
}

/**
 * Without the weaker of two boxes of different kinds in one place: a detector may call one van a car and a truck in the
 * same look. Two of one kind are two: what the detector says twice it has suppressed itself, and bicycles stand in rows.
 */
function distinct(detections: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const detection of [...detections].sort((a, b) => b.score - a.score)) {
    const isSame = (other: Detection) =>
      other.kind !== detection.kind &&
      mayBeOne(other.kind, detection.kind) &&
      iou(other.box, detection.box) > SAME_THING_IOU;
    if (!kept.some(isSame)) kept.push(detection);
  }
  return kept;
}
