/**
 * Scores the pipeline on the city: the real detector on every distinct frame of the loops, the real tracker and placer on
 * hours composed from them, against the truth of the same hours.
 */
import { resolve } from 'node:path';
import { type PerKind, rowOf } from '#demo/world/truth/counts.ts';
import { truthOf } from '#demo/world/truth/interval.ts';
import type { VariantId, View } from '#demo/world/view.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import type { Config } from '#system/config.ts';
import { type AccuracyRow, accuracyOf, matchClip } from './accuracy.ts';
import { findScoredClips, fingerprintOf, type ScoredClip } from './clips.ts';
import { type Correlation, correlate } from './correlation.ts';
import { type FloorRow, floorsOf } from './floors.ts';
import { createGround, type Ground, type PositionRow, positionErrors } from './ground.ts';
import { countHour } from './hour.ts';
import { LOOKS_PER_S } from './infer.ts';
import { type Looks, lookAtClips } from './looks.ts';

export type ScoreWanted = {
  config: Config;
  camera?: string | undefined;
  fromMs: number;
  hours: number;
  model?: string | undefined;
  /** Folder of the clips; the repository's where absent. */
  folder?: string | undefined;
  onStep?: (sentence: string) => void;
};

export type CameraRow = {
  camera: string;
  kind: Kind;
  /** Different things in sight, and tracks. */
  things: number;
  tracks: number;
  /** In sight at a time, on average. */
  present: number;
  counted: number;
};

export type Score = {
  model: string;
  scoreMin: number;
  fromMs: number;
  toMs: number;
  looksPerS: number;
  clips: readonly string[];
  clipsFingerprint: string;
  /** Frames of the loops, each looked at once; of them now (the rest was remembered); frames of the composed hours. */
  frames: { distinct: number; inferred: number; composed: number };
  seconds: { looking: number; composing: number };
  accuracy: AccuracyRow[];
  /** Of the views that no model of ours was trained on. */
  heldOut: AccuracyRow[];
  floors: FloorRow[];
  cameras: CameraRow[];
  positions: PositionRow[];
  /**
   * Person presence by H3 cell of resolution 11: all observed cells, those that anybody was or was counted in, and the
   * observed cells of the views that no model of ours was trained on, each view alone and all of them.
   */
  heatMap: {
    observed: Correlation;
    busy: Correlation;
    heldOut: Correlation;
    views: Readonly<Record<string, Correlation>>;
  };
};

export async function score(wanted: ScoreWanted): Promise<Score> {
  const { config, fromMs, hours, folder, onStep } = wanted;
  const toMs = fromMs + hours * 3_600_000;
  const clips = findScoredClips({ camera: wanted.camera, folder });
  const startMs = performance.now();
  const looks = await lookAtClips(clips, {
    config,
    model: wanted.model,
    cacheDir: resolve(config.dataDir, 'demo-score'),
    onClip: (done, of) => onStep?.(`${done} of ${of} clips looked at`),
  });
  const lookedMs = performance.now();
  const views = [...new Set(clips.map(({ view }) => view))];
  const ground = createGround(views);
  const { scoreMin, name: model } = looks.manifest;
  const matched = clips.map((clip) => matchClip(clip, looks.frames.get(clip.name) ?? []));
  const heldOut = matched.filter(({ clip }) => clip.view.isHeldOut === true);
  const hour = composeHours(views, { ...wanted, toMs, clips, looks, ground });
  return {
    model,
    scoreMin,
    fromMs,
    toMs,
    looksPerS: LOOKS_PER_S,
    clips: clips.map(({ name }) => name),
    clipsFingerprint: fingerprintOf(clips),
    frames: {
      distinct: [...looks.frames.values()].reduce((sum, frames) => sum + frames.length, 0),
      inferred: looks.inferred,
      composed: hour.frames,
    },
    accuracy: accuracyOf(matched, scoreMin),
    heldOut: accuracyOf(heldOut, scoreMin),
    floors: [...floorsOf(matched, 'all'), ...floorsOf(heldOut, 'held out')],
    cameras: hour.cameras,
    positions: positionErrors(matched, ground, scoreMin),
    heatMap: hour.heatMap,
    seconds: { looking: (lookedMs - startMs) / 1000, composing: (performance.now() - lookedMs) / 1000 },
  };
}

type Hours = ScoreWanted & { toMs: number; clips: readonly ScoredClip[]; looks: Looks; ground: Ground };

function composeHours(views: readonly View[], wanted: Hours) {
  const cameras: CameraRow[] = [];
  const all = emptyMap();
  const unseen = emptyMap();
  const correlations: Record<string, Correlation> = {};
  let frames = 0;
  for (const view of views) {
    const hour = composeHour(view, wanted);
    frames += hour.counted.frames;
    cameras.push(...rowsOf(view, hour, wanted.toMs - wanted.fromMs));
    const alone = emptyMap();
    for (const map of view.isHeldOut === true ? [all, unseen, alone] : [all])
      for (const cell of wanted.ground.observed(view.id)) addCell(map, cell, hour);
    if (view.isHeldOut === true) correlations[view.id] = correlate(pairsOf(alone));
    wanted.onStep?.(`${view.id} composed`);
  }
  const pairs = pairsOf(all);
  const busy = pairs.filter(([a, b]) => a > 0 || b > 0);
  const heatMap = { observed: correlate(pairs), busy: correlate(busy), heldOut: correlate(pairsOf(unseen)) };
  return { frames, cameras, heatMap: { ...heatMap, views: correlations } };
}

type HeatMap = { truth: Map<string, PerKind>; counted: Map<string, PerKind> };

const emptyMap = (): HeatMap => ({ truth: new Map(), counted: new Map() });

function addCell({ truth, counted }: HeatMap, cell: string, hour: ReturnType<typeof composeHour>): void {
  rowOf(truth, cell).person += hour.truth.coarse.get(cell)?.person ?? 0;
  rowOf(counted, cell).person += hour.counted.coarse.get(cell)?.person ?? 0;
}

/** Seconds that people were there, and were counted there, cell by cell. */
const pairsOf = ({ truth, counted }: HeatMap) =>
  [...truth].map(([cell, { person }]) => [person, counted.get(cell)?.person ?? 0] as const);

function composeHour(view: View, { clips, looks, ground, fromMs, toMs, folder }: Hours) {
  const there = clips.filter((clip) => clip.view === view).map(({ variant }) => variant.id);
  const looksOf = (clip: VariantId) => looks.frames.get(`${view.id}-${clip}`) ?? [];
  const { scoreMin } = looks.manifest;
  return {
    truth: truthOf(view, fromMs, toMs, { clips: there, ...(folder === undefined ? {} : { folder }) }),
    counted: countHour({ view, fromMs, toMs, clips: there, looks: looksOf, ground, scoreMin }),
  };
}

function rowsOf(view: View, { truth, counted }: ReturnType<typeof composeHour>, spanMs: number): CameraRow[] {
  return KINDS.flatMap((kind): CameraRow[] => {
    const [things, tracks] = [truth.things[kind], counted.things[kind]];
    if (things === 0 && tracks === 0) return [];
    const present = (truth.presenceS[kind] * 1000) / spanMs;
    return [{ camera: view.id, kind, things, tracks, present, counted: (counted.presenceS[kind] * 1000) / spanMs }];
  });
}
