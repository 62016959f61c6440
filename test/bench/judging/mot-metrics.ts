/**
 * How well tracks follow the truth. MOTA and identity switches: Bernardin and Stiefelhagen, "Evaluating Multiple Object
 * Tracking Performance: The CLEAR MOT Metrics", 2008. IDF1: Ristani et al., arXiv:1609.01775. Overlap of at least a half.
 */
import { assign } from '#ingest/track/assign.ts';
import { iou } from '#ingest/track/overlap.ts';
import type { Box } from '#models/schema/detection.ts';

export type Placed<Id> = { id: Id; box: Box };
export type MotFrame = { truth: readonly Placed<number>[]; tracks: readonly Placed<string>[] };
export type MotScore = {
  mota: number;
  idf1: number;
  switches: number;
  fragments: number;
  misses: number;
  falseAlarms: number;
  truthBoxes: number;
  truthIds: number;
  trackIds: number;
};

const IOU_MIN = 0.5;

export function scoreTracks(frames: readonly MotFrame[]): MotScore {
  const clear = clearMot(frames);
  const truthBoxes = sum(frames, ({ truth }) => truth.length);
  const trackBoxes = sum(frames, ({ tracks }) => tracks.length);
  const ids = <Id>(all: readonly Placed<Id>[]) => new Set(all.map(({ id }) => id)).size;
  return {
    ...clear,
    mota: 1 - (clear.misses + clear.falseAlarms + clear.switches) / truthBoxes,
    idf1: (2 * sameIdBoxes(frames)) / (truthBoxes + trackBoxes),
    truthBoxes,
    truthIds: ids(frames.flatMap(({ truth }) => truth)),
    trackIds: ids(frames.flatMap(({ tracks }) => tracks)),
  };
}

/** A pair of the frame before stays a pair while it overlaps; the others are paired anew. */
function clearMot(frames: readonly MotFrame[]) {
  const score = { switches: 0, fragments: 0, misses: 0, falseAlarms: 0 };
  const last = new Map<number, string>();
  let current = new Map<number, string>();
  for (const { truth, tracks } of frames) {
    const next = new Map<number, string>();
    for (const { id, box } of truth) {
      const before = tracks.find((track) => track.id === current.get(id));
      if (before !== undefined && iou(box, before.box) >= IOU_MIN) next.set(id, before.id);
    }
    const taken = new Set(next.values());
    const freeTruth = truth.filter(({ id }) => !next.has(id));
    const freeTracks = tracks.filter(({ id }) => !taken.has(id));
    for (const { row, column } of pairUp(freeTruth, freeTracks)) {
      next.set((freeTruth[row] as Placed<number>).id, (freeTracks[column] as Placed<string>).id);
    }
    for (const [id, track] of next) {
      if (last.has(id) && last.get(id) !== track) score.switches += 1;
      else if (last.has(id) && !current.has(id)) score.fragments += 1;
      last.set(id, track);
    }
    score.misses += truth.length - next.size;
    score.falseAlarms += tracks.length - next.size;
    current = next;
  }
  return score;
}

function pairUp(truth: readonly Placed<number>[], tracks: readonly Placed<string>[]) {
  const possible = truth.flatMap((thing, row) =>
    tracks.flatMap((track, column) => {
      const overlap = iou(thing.box, track.box);
      return overlap >= IOU_MIN ? [{ row, column, cost: 1 - overlap }] : [];
    }),
  );
  return assign(possible, 2);
}

/** Boxes that agree when each truth id is given the one track id that makes the most of them agree. */
function sameIdBoxes(frames: readonly MotFrame[]): number {
  const counts = new Map<string, { truth: number; track: string; count: number }>();
  for (const { truth, tracks } of frames) {
    for (const thing of truth) {
      for (const track of tracks) {
        if (iou(thing.box, track.box) < IOU_MIN) continue;
        const key = `${thing.id}/${track.id}`;
        const entry = counts.get(key) ?? { truth: thing.id, track: track.id, count: 0 };
        counts.set(key, { ...entry, count: entry.count + 1 });
      }
    }
  }
  const all = [...counts.values()];
  const most = Math.max(1, ...all.map(({ count }) => count));
  const truths = [...new Set(all.map(({ truth }) => truth))];
  const tracks = [...new Set(all.map(({ track }) => track))];
  const possible = all.map((entry) => ({
    row: truths.indexOf(entry.truth),
    column: tracks.indexOf(entry.track),
    cost: most - entry.count,
  }));
  return sum(assign(possible, most), ({ row, column }) => most - costOf(possible, row, column));
}

const costOf = (possible: readonly { row: number; column: number; cost: number }[], row: number, column: number) =>
  possible.find((entry) => entry.row === row && entry.column === column)?.cost ?? 0;

const sum = <Item>(items: readonly Item[], value: (item: Item) => number) =>
  items.reduce((total, item) => total + value(item), 0);
