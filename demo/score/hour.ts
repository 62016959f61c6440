/** A camera's hours as the pipeline would tell them: looks in the rhythm's order, through the real tracker, onto the ground. */
import { cellToParent } from 'h3-js';
import type { Placed } from '#analytics/store/rows.ts';
import { noneOfAny, type PerKind, rowOf } from '#demo/world/truth/counts.ts';
import { COARSE_RESOLUTION } from '#demo/world/truth/digest.ts';
import { playsOf } from '#demo/world/truth/interval.ts';
import type { VariantId, View } from '#demo/world/view.ts';
import { createTracker } from '#ingest/track/tracker.ts';
import type { Box, Detection } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import type { Ground } from './ground.ts';
import { LOOKS_PER_S, type LookedFrame } from './infer.ts';

export type CountedHour = {
  /** Looks. */
  frames: number;
  presenceS: PerKind;
  /** Different tracks. */
  things: PerKind;
  /** Of resolution 11, seconds. */
  coarse: ReadonlyMap<string, PerKind>;
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

export function countHour({ view, fromMs, toMs, clips, looks, ground, scoreMin }: HourWanted): CountedHour {
  const tracker = createTracker({ scoreMin });
  const cellOf = rememberCells(view.id, ground);
  const presenceS = noneOfAny();
  const coarse = new Map<string, PerKind>();
  const tracks = new Map<string, Kind>();
  let frames = 0;
  for (const { clip, startMs, fromFrame, toFrame } of playsOf(view, fromMs, toMs, { clips })) {
    const looked = looks(clip).filter(({ frame }) => frame >= fromFrame && frame < toFrame);
    for (const { frame, detections } of looked) {
      frames += 1;
      const atMs = startMs + ((frame - fromFrame) * 1000) / FPS;
      for (const { track, kind, box } of tracker.update(detections, { atMs })) {
        tracks.set(track, kind);
        presenceS[kind] += 1 / LOOKS_PER_S;
        const cell = cellOf(detections, box);
        if (cell !== undefined) rowOf(coarse, cell)[kind] += 1 / LOOKS_PER_S;
      }
    }
  }
  const things = noneOfAny();
  for (const kind of tracks.values()) things[kind] += 1;
  return { frames, presenceS, things, coarse };
}

const FPS = 15;

/** A loop's boxes come again and again: each is placed once. The tracker hands on the very box that it was given. */
function rememberCells(view: string, ground: Ground) {
  const cells = new Map<Box, string | undefined>();
  return (detections: readonly Detection[], box: Box): string | undefined => {
    if (!cells.has(box)) {
      const places = ground.place(view, detections);
      for (const [index, detection] of detections.entries()) cells.set(detection.box, coarseOf(places[index]!));
    }
    return cells.get(box);
  };
}

function coarseOf({ cells }: Placed): string | undefined {
  const [cell = 0n] = cells;
  return cell === 0n ? undefined : cellToParent(cell.toString(16), COARSE_RESOLUTION);
}
