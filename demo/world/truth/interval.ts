/** The truth of a camera over any time, pictures or not: composed from its loops as the rhythm plays them. */

import { variantOf } from '../rehearse.ts';
import { type Programme, programmeOf, type RhythmOptions } from '../rhythm.ts';
import { fromAgentId } from '../traffic/agent-id.ts';
import type { VariantId, View } from '../view.ts';
import type { ClipTruth, TruthAgent } from './clip-truth.ts';
import { addTable, addTo, noneOfAny, type PerKind } from './counts.ts';
import { coarseCells, type Digest, digest } from './digest.ts';
import { type CountingLine, linesOf } from './lines.ts';
import { loadTruth } from './load.ts';

export type MinuteTruth = {
  startMs: number;
  clip: VariantId;
  /** Seconds, all things together. */
  presenceS: PerKind;
  /** Different things. */
  things: PerKind;
};

export type IntervalTruth = {
  view: string;
  fromMs: number;
  toMs: number;
  presenceS: PerKind;
  things: PerKind;
  /** H3 cells of resolution 13 and 11, seconds. */
  cells: ReadonlyMap<string, PerKind>;
  coarse: ReadonlyMap<string, PerKind>;
  grids: ReadonlyMap<string, PerKind>;
  lines: readonly CountingLine[];
  crossings: ReadonlyMap<string, PerKind>;
  minutes: readonly MinuteTruth[];
};

export type IntervalOptions = RhythmOptions & { folder?: string };

/** A stretch of one loop, played without a break. `run` counts how often the camera has changed its loop. */
export type Play = { clip: VariantId; run: number; loop: number; startMs: number; fromFrame: number; toFrame: number };

const MINUTE_MS = 60_000;

/** Loop after loop from `fromMs` to `toMs`, in whole frames. */
export function* playsOf(view: View, fromMs: number, toMs: number, options: RhythmOptions = {}): Generator<Play> {
  let atMs = fromMs;
  let last: { clip: VariantId; run: number; loop: number } | undefined;
  while (atMs < toMs) {
    const { clip, startAtS }: Programme = programmeOf(view, atMs, options);
    const { seconds } = variantOf(view, clip);
    const endMs = Math.min(atMs + (seconds - startAtS) * 1000, toMs, (Math.floor(atMs / MINUTE_MS) + 1) * MINUTE_MS);
    const isSame = last !== undefined && last.clip === clip;
    last = { clip, run: isSame ? last!.run : (last?.run ?? -1) + 1, loop: isSame ? last!.loop + 1 : 0 };
    const fromFrame = Math.round(startAtS * 15);
    yield { ...last, startMs: atMs, fromFrame, toFrame: fromFrame + Math.round(((endMs - atMs) / 1000) * 15) };
    atMs = endMs;
  }
}

export function truthOf(view: View, fromMs: number, toMs: number, options: IntervalOptions = {}): IntervalTruth {
  const lines = linesOf(view);
  const digestOf = rememberDigests(view, lines, options);
  const total = { presenceS: noneOfAny(), cells: new Map(), grids: new Map(), crossings: new Map() };
  const [all, minutes] = [
    new Map<string, TruthAgent>(),
    new Map<number, MinuteTruth & { keys: Map<string, TruthAgent> }>(),
  ];
  const plays = [...playsOf(view, fromMs, toMs, options)];
  for (const [index, play] of plays.entries()) {
    const part = digestOf(play, plays[index + 1]?.run === play.run);
    addTo(total.presenceS, part.presence);
    addTable(total.cells, part.cells);
    addTable(total.grids, part.grids);
    addTable(total.crossings, part.crossings);
    const startMs = Math.floor(play.startMs / MINUTE_MS) * MINUTE_MS;
    const fresh = { startMs, clip: play.clip, presenceS: noneOfAny(), things: noneOfAny(), keys: new Map() };
    const minute = minutes.get(startMs) ?? fresh;
    minutes.set(startMs, minute);
    addTo(minute.presenceS, part.presence);
    for (const agent of part.things) {
      const key = thingKey(play, agent);
      all.set(key, agent);
      minute.keys.set(key, agent);
    }
  }
  return {
    view: view.id,
    fromMs,
    toMs,
    ...total,
    things: countThings(all),
    coarse: coarseCells(total.cells),
    lines,
    minutes: [...minutes.values()].map(({ keys, ...minute }) => ({ ...minute, things: countThings(keys) })),
  };
}

/** The same for one thing however often its loop comes round: what stays, stays; who passes is somebody else next time. */
export function thingKey(
  { run, loop }: Pick<Play, 'run' | 'loop'>,
  { id, kind, part, stays, lon, lat }: TruthAgent,
): string {
  const { member, age, isRider } = fromAgentId(id);
  if (stays && kind !== 'person') return `${kind} ${part} ${lon.toFixed(6)} ${lat.toFixed(6)}`;
  return stays ? `${run} ${member} ${isRider}` : `${run} ${member} ${isRider} ${loop - age}`;
}

function countThings(things: ReadonlyMap<string, TruthAgent>): PerKind {
  const counts = noneOfAny();
  for (const { kind } of things.values()) counts[kind] += 1;
  return counts;
}

/** Whole loops are read once, however often they are played. */
function rememberDigests(view: View, lines: readonly CountingLine[], { folder }: IntervalOptions) {
  const known = new Map<string, Digest>();
  return ({ clip, fromFrame, toFrame }: Play, goesOn: boolean): Digest => {
    const key = `${clip} ${fromFrame} ${toFrame} ${goesOn}`;
    const found = known.get(key) ?? digest(loadTruth(view, clip, folder), lines, { fromFrame, toFrame, goesOn });
    known.set(key, found);
    return found;
  };
}

export type FrameTruth = { atMs: number; clip: VariantId; frame: number; agents: readonly TruthAgent[] };

/** Every frame, as it was shown. */
export function* framesOf(
  view: View,
  fromMs: number,
  toMs: number,
  options: IntervalOptions = {},
): Generator<FrameTruth> {
  for (const { clip, startMs, fromFrame, toFrame } of playsOf(view, fromMs, toMs, options)) {
    const { frames, fps }: ClipTruth = loadTruth(view, clip, options.folder);
    for (let frame = fromFrame; frame < toFrame; frame++)
      yield { atMs: startMs + ((frame - fromFrame) * 1000) / fps, clip, frame, agents: frames[frame] ?? [] };
  }
}
