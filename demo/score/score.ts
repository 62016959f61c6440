/**
 * Scores the pipeline on the city: the real detector on every distinct frame of the loops, the real tracker and placer on
 * hours composed from them, against the truth of the same hours.
 */
import { resolve } from 'node:path';
import { type PerKind, rowOf } from '#demo/world/truth/counts.ts';
import { type IntervalTruth, truthOf } from '#demo/world/truth/interval.ts';
import type { VariantId, View } from '#demo/world/view.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import type { Config } from '#system/config.ts';
import { type AccuracyRow, accuracyOf, matchClip } from './accuracy.ts';
import { type CampusFigures, scoreCampus } from './campus.ts';
import { findScoredClips, fingerprintOf, type ScoredClip } from './clips.ts';
import { comingsOf } from './comings.ts';
import { type Correlation, correlate } from './correlation.ts';
import { type FloorRow, floorsOf } from './floors.ts';
import { createGround, type Ground } from './ground.ts';
import { halfCovered } from './half-covered.ts';
import { type CountedHour, countHour } from './hour.ts';
import { LOOKS_PER_S, type LookedFrame } from './infer.ts';
import { lookAtClips } from './looks.ts';
import { type PositionTables, positionsOf, positionTables } from './positions.ts';
import { trueLooks } from './true-looks.ts';

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
  /** Different things in sight, how often they came into it, and tracks. */
  things: number;
  comings: number;
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
  /** The same with the boxes of the truth for detections: what tracker, placer and ledger do to them. */
  trueCameras: CameraRow[];
  positions: PositionTables;
  truePositions: PositionTables;
  heatMap: HeatMapScore;
  /** Fed truth. */
  trueHeatMap: HeatMapScore;
  /** Of a second that people were seen, how much was not placed: with the detector, fed truth. */
  unplacedShare: { found: number; fedTruth: number };
  /** Rate of people over the hour with half of it covered, against that of the half that was seen; one per camera. */
  halfCovered: { camera: string; seen: number; covered: number; whole: number }[];
  /** Real footage, where it is there. */
  campus: CampusFigures | undefined;
};

/**
 * Person presence by H3 cell: all observed cells of resolution 11 and 13, those of 11 that anybody was or was counted in,
 * and the observed ones of the views that no model of ours was trained on, each view alone and all of them.
 */
export type HeatMapScore = {
  observed: Correlation;
  fine: Correlation;
  busy: Correlation;
  heldOut: Correlation;
  views: Readonly<Record<string, Correlation>>;
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
  const asked = { ...wanted, toMs, clips, ground, scoreMin };
  const found = composeHours(views, { ...asked, looks: (clip) => looks.frames.get(clip.name) ?? [] });
  const trueFrames = new Map(clips.map((clip) => [clip, trueLooks(clip.truth)]));
  const fedTruth = composeHours(views, { ...asked, looks: (clip) => trueFrames.get(clip)! });
  const positions = matched.flatMap((one) =>
    positionsOf(one, looks.frames.get(one.clip.name) ?? [], { ground, scoreMin }),
  );
  const trueMatched = clips.map((clip) => matchClip(clip, trueFrames.get(clip)!));
  const truePositions = trueMatched.flatMap((one) => positionsOf(one, trueFrames.get(one.clip)!, { ground, scoreMin }));
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
      composed: found.frames,
    },
    accuracy: accuracyOf(matched, scoreMin),
    heldOut: accuracyOf(heldOut, scoreMin),
    floors: [...floorsOf(matched, 'all'), ...floorsOf(heldOut, 'held out')],
    cameras: found.cameras,
    trueCameras: fedTruth.cameras,
    positions: positionTables(positions),
    truePositions: positionTables(truePositions),
    heatMap: found.heatMap,
    trueHeatMap: fedTruth.heatMap,
    unplacedShare: { found: found.unplacedShare, fedTruth: fedTruth.unplacedShare },
    halfCovered: await coverCameras(views, { ...asked, looks: (clip) => trueFrames.get(clip)! }),
    campus: wanted.camera === undefined && folder === undefined ? await scoreCampus(wanted) : undefined,
    seconds: { looking: (lookedMs - startMs) / 1000, composing: (performance.now() - lookedMs) / 1000 },
  };
}

type Hours = ScoreWanted & {
  toMs: number;
  clips: readonly ScoredClip[];
  ground: Ground;
  scoreMin: number;
  looks: (clip: ScoredClip) => readonly LookedFrame[];
};

function composeHours(views: readonly View[], wanted: Hours) {
  const cameras: CameraRow[] = [];
  const [all, fine, unseen] = [emptyMap(), emptyMap(), emptyMap()];
  const correlations: Record<string, Correlation> = {};
  let [frames, unplacedS, presentS] = [0, 0, 0];
  for (const view of views) {
    const hour = composeHour(view, wanted);
    frames += hour.counted.frames;
    unplacedS += hour.counted.unplacedS;
    presentS += Object.values(hour.counted.presenceS).reduce((sum, seconds) => sum + seconds, 0);
    cameras.push(...rowsOf(view, hour, wanted.toMs - wanted.fromMs));
    const alone = emptyMap();
    const observed = wanted.ground.observed(view.id);
    for (const map of view.isHeldOut === true ? [all, unseen, alone] : [all])
      for (const cell of observed.coarse)
        addCell(map, { cell, truth: hour.truth.coarse, counted: hour.counted.coarse });
    for (const cell of observed.fine) addCell(fine, { cell, truth: hour.truth.cells, counted: hour.counted.cells });
    if (view.isHeldOut === true) correlations[view.id] = correlate(pairsOf(alone));
    wanted.onStep?.(`${view.id} composed`);
  }
  const pairs = pairsOf(all);
  const busy = pairs.filter(([a, b]) => a > 0 || b > 0);
  const heatMap = {
    ...{ observed: correlate(pairs), fine: correlate(pairsOf(fine)), busy: correlate(busy) },
    ...{ heldOut: correlate(pairsOf(unseen)), views: correlations },
  };
  return { frames, cameras, heatMap, unplacedShare: unplacedS / presentS };
}

type HeatMap = { truth: Map<string, PerKind>; counted: Map<string, PerKind> };

const emptyMap = (): HeatMap => ({ truth: new Map(), counted: new Map() });

type CellOfBoth = { cell: string; truth: ReadonlyMap<string, PerKind>; counted: ReadonlyMap<string, PerKind> };

function addCell(map: HeatMap, { cell, truth, counted }: CellOfBoth): void {
  rowOf(map.truth, cell).person += truth.get(cell)?.person ?? 0;
  rowOf(map.counted, cell).person += counted.get(cell)?.person ?? 0;
}

/** Seconds that people were there, and were counted there, cell by cell. */
const pairsOf = ({ truth, counted }: HeatMap) =>
  [...truth].map(([cell, { person }]) => [person, counted.get(cell)?.person ?? 0] as const);

/** The loops of a view that are there, and what is seen of each. */
function loopsOf(view: View, { clips, looks }: Hours) {
  const own = clips.filter((clip) => clip.view === view);
  const looksOf = (id: VariantId) => {
    const clip = own.find(({ variant }) => variant.id === id);
    return clip === undefined ? [] : looks(clip);
  };
  return { clips: own.map(({ variant }) => variant.id), looks: looksOf };
}

type Composed = { truth: IntervalTruth; comings: PerKind; counted: CountedHour };

function composeHour(view: View, wanted: Hours): Composed {
  const { ground, scoreMin, fromMs, toMs, folder } = wanted;
  const loops = loopsOf(view, wanted);
  const truth = (id: VariantId) => wanted.clips.find((clip) => clip.view === view && clip.variant.id === id)!.truth;
  return {
    comings: comingsOf({ view, fromMs, toMs, clips: loops.clips, truth }),
    truth: truthOf(view, fromMs, toMs, { clips: loops.clips, ...(folder === undefined ? {} : { folder }) }),
    counted: countHour({ view, fromMs, toMs, ...loops, ground, scoreMin }),
  };
}

async function coverCameras(views: readonly View[], wanted: Hours): Promise<Score['halfCovered']> {
  const { fromMs, toMs, scoreMin } = wanted;
  const rows: Score['halfCovered'] = [];
  for (const view of views) {
    const { seen, covered, whole } = await halfCovered({
      ...{ view, fromMs, toMs, scoreMin, kind: 'person' },
      ...loopsOf(view, wanted),
    });
    const rate = ({ presenceS, observedS }: typeof seen) => presenceS / observedS;
    rows.push({ camera: view.id, seen: rate(seen), covered: rate(covered), whole: rate(whole) });
  }
  return rows;
}

function rowsOf(view: View, { truth, comings, counted }: Composed, spanMs: number): CameraRow[] {
  return KINDS.flatMap((kind): CameraRow[] => {
    const [things, tracks] = [truth.things[kind], counted.things[kind]];
    if (things === 0 && tracks === 0) return [];
    const present = (truth.presenceS[kind] * 1000) / spanMs;
    const told = (counted.presenceS[kind] * 1000) / spanMs;
    return [{ camera: view.id, kind, things, comings: comings[kind], tracks, present, counted: told }];
  });
}
