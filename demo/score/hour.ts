/** A camera's hours as the pipeline would tell them: looks in the rhythm's order, through the real tracker, onto the ground. */
import { cellToParent } from 'h3-js';
import { type Placed, WEIGHT_SUM } from '#analytics/store/rows.ts';
import { addTable, noneOfAny, type PerKind, rowOf } from '#demo/world/truth/counts.ts';
import { COARSE_RESOLUTION } from '#demo/world/truth/digest.ts';
import { playsOf } from '#demo/world/truth/interval.ts';
import type { VariantId, View } from '#demo/world/view.ts';
import { withFirst } from '#ingest/pipeline/first-seen.ts';
import { createTracker, type Tracker } from '#ingest/track/tracker.ts';
import type { TrackedDetection } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import type { Ground } from './ground.ts';
import { LOOKS_PER_S, type LookedFrame } from './infer.ts';

export type CountedHour = {
  /** Looks. */
  frames: number;
  presenceS: PerKind;
  /** Different tracks. */
  things: PerKind;
  /** Of resolution 13 and 11, seconds; what was not placed is in none. */
  cells: ReadonlyMap<string, PerKind>;
  coarse: ReadonlyMap<string, PerKind>;
  /** Seconds that were seen and not placed. */
  unplacedS: number;
};

export type HourWanted = {
  view: View;
  fromMs: number;
  toMs: number;
  clips: readonly VariantId[];
  looks: (clip: VariantId) => readonly LookedFrame[];
  ground: Ground;
  scoreMin: number;
};

export function countHour({ view, ground, ...wanted }: HourWanted): CountedHour {
  const presenceS = noneOfAny();
  const cells = new Map<string, PerKind>();
  const tracks = new Map<string, Kind>();
  let [frames, unplacedS] = [0, 0];
  for (const { detections } of toldLooks(trackedLooks({ view, ...wanted }))) {
    frames += 1;
    const places = ground.place(view.id, detections);
    for (const [index, { track, kind }] of detections.entries()) {
      tracks.set(track, kind);
      presenceS[kind] += 1 / LOOKS_PER_S;
      if (!addPlace(cells, places[index]!, kind)) unplacedS += 1 / LOOKS_PER_S;
    }
  }
  const things = noneOfAny();
  for (const kind of tracks.values()) things[kind] += 1;
  const coarse = new Map<string, PerKind>();
  for (const [cell, counts] of cells) addTable(coarse, new Map([[cellToParent(cell, COARSE_RESOLUTION), counts]]));
  return { frames, presenceS, things, cells, coarse, unplacedS };
}

const FPS = 15;

export type TrackedLook = { capturedAtMs: number; detections: TrackedDetection[] };

/**
 * Every look of the time, tracked. Where another loop begins, everybody is replaced by somebody else between two looks, as
 * in no street: only what is parked goes on.
 */
export function* trackedLooks(wanted: Omit<HourWanted, 'ground'>): Generator<TrackedLook> {
  const { view, fromMs, toMs, clips, looks, scoreMin } = wanted;
  let tracker = createTracker({ scoreMin });
  let lastRun = 0;
  for (const { clip, run, startMs, fromFrame, toFrame } of playsOf(view, fromMs, toMs, { clips })) {
    if (run !== lastRun) tracker = withParked(tracker, { scoreMin, atMs: startMs });
    lastRun = run;
    for (const { frame, detections } of looks(clip)) {
      if (frame < fromFrame || frame >= toFrame) continue;
      const capturedAtMs = startMs + ((frame - fromFrame) * 1000) / FPS;
      yield { capturedAtMs, detections: tracker.update(detections, { atMs: capturedAtMs }) };
    }
  }
}

function withParked(before: Tracker, { scoreMin, atMs }: { scoreMin: number; atMs: number }): Tracker {
  const tracker = createTracker({ scoreMin });
  const { tracks, ...rest } = before.snapshot();
  tracker.restore({ ...rest, tracks: tracks.filter(({ kind }) => kind !== 'person') }, { atMs });
  return tracker;
}

/** As the pipeline tells them: with what the next look confirms. */
function* toldLooks(looks: Iterable<TrackedLook>): Generator<TrackedLook> {
  let last: TrackedLook | undefined;
  for (const look of looks) {
    if (last !== undefined) yield withFirst(last, look);
    last = look;
  }
  if (last !== undefined) yield last;
}

function addPlace(table: Map<string, PerKind>, { cells, weights, placedBy }: Placed, kind: Kind): boolean {
  if (placedBy === 'none') return false;
  for (const [index, cell] of cells.entries())
    rowOf(table, cell.toString(16))[kind] += weights[index]! / WEIGHT_SUM / LOOKS_PER_S;
  return true;
}
