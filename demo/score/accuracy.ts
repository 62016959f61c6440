/** How much of what is in the clips the detector finds, and how much of what it finds is there: per kind, size and light. */
import type { Look } from '#demo/world/view.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import type { ScoredClip } from './clips.ts';
import type { LookedFrame } from './infer.ts';
import { type Label, labelsOf, type Matching, match } from './match.ts';

/** Heights in pixels of a picture 720 high: from, and below what. */
export const HEIGHTS = { '< 40': [0, 40], '40–64': [40, 64], '64–100': [64, 100], '≥ 100': [100, 10_000] } as const;
export type Height = keyof typeof HEIGHTS | 'all';
export type Light = 'day' | 'night' | 'rain' | 'fog' | 'low sun' | 'all';

const LIGHT_OF: Readonly<Record<Look, Light>> = {
  'clear-morning': 'day',
  'clear-noon': 'day',
  'clear-afternoon': 'day',
  hazy: 'day',
  overcast: 'day',
  golden: 'day',
  rain: 'rain',
  fog: 'fog',
  dusk: 'low sun',
  glare: 'low sun',
  night: 'night',
  'wet-night': 'night',
};

export const lightOf = ({ variant }: ScoredClip): Light => LIGHT_OF[variant.look];

/** Bicycles that stand in a row are told apart from those that somebody rides; what is wrongly found is in the kind's row. */
const PARKED = 'parked bicycle';
export type ScoredKind = Kind | typeof PARKED;
const SCORED: readonly ScoredKind[] = [...KINDS, PARKED];

export type AccuracyRow = {
  kind: ScoredKind;
  height: Height;
  light: Light;
  labels: number;
  /** Of the labels, at least half in sight. */
  recall: number;
  clearLabels: number;
  /** Of those with nothing before them, whole in the picture. */
  clearRecall: number;
  precision: number;
};

type Tally = { labels: number; found: number; clearLabels: number; clearFound: number; wrong: number };

const PICTURE_HEIGHT = 720;

export type ClipMatching = { clip: ScoredClip; matchings: readonly { frame: number; matching: Matching }[] };

/** With every detection there is; thresholds come later, because a weaker one never takes a thing from a stronger one. */
export function matchClip(clip: ScoredClip, looked: readonly LookedFrame[]): ClipMatching {
  const matchings = looked.flatMap(({ frame, detections }) => {
    const agents = clip.truth.frames[frame];
    if (agents === undefined) return [];
    return [{ frame, matching: match(labelsOf(agents), detections) }];
  });
  return { clip, matchings };
}

export function accuracyOf(clips: readonly ClipMatching[], scoreMin: number): AccuracyRow[] {
  const tallies = new Map<string, Tally>();
  for (const { clip, matchings } of clips) {
    for (const { matching } of matchings) tallyFrame(tallies, matching, { light: lightOf(clip), scoreMin });
  }
  const heights = [...Object.keys(HEIGHTS), 'all'] as Height[];
  const lights: Light[] = ['all', 'day', 'night', 'rain', 'fog', 'low sun'];
  return SCORED.flatMap((kind) =>
    lights.flatMap((light) => heights.flatMap((height) => rowOf(tallies, { kind, light, height }))),
  );
}

type Key = { kind: ScoredKind; light: Light; height: Height };

function rowOf(tallies: ReadonlyMap<string, Tally>, key: Key): AccuracyRow[] {
  const tally = tallies.get(keyOf(key));
  if (tally === undefined) return [];
  const { labels, found, clearLabels, clearFound, wrong } = tally;
  const share = (part: number, whole: number) => (whole === 0 ? Number.NaN : part / whole);
  return [
    {
      ...key,
      labels,
      recall: share(found, labels),
      clearLabels,
      clearRecall: share(clearFound, clearLabels),
      precision: key.kind === PARKED ? Number.NaN : share(found, found + wrong),
    },
  ];
}

const keyOf = ({ kind, light, height }: Key) => `${kind}/${light}/${height}`;

type Way = { light: Light; scoreMin: number };

function tallyFrame(tallies: Map<string, Tally>, { pairs, missed, wrong }: Matching, { light, scoreMin }: Way): void {
  const add = (kind: ScoredKind, heightShare: number, change: (tally: Tally) => void) => {
    for (const height of [heightOf(heightShare * PICTURE_HEIGHT), 'all'] as const) {
      for (const one of [light, 'all'] as const) {
        const key = keyOf({ kind, light: one, height });
        const tally = tallies.get(key) ?? { labels: 0, found: 0, clearLabels: 0, clearFound: 0, wrong: 0 };
        tallies.set(key, tally);
        change(tally);
      }
    }
  };
  const addLabel = ({ agent, box, isClear }: Label, isFound: boolean) =>
    add(agent.part === 'parked' ? PARKED : agent.kind, box[3], (tally) => {
      tally.labels += 1;
      tally.clearLabels += Number(isClear);
      tally.found += Number(isFound);
      tally.clearFound += Number(isFound && isClear);
    });
  for (const { label, detection } of pairs) addLabel(label, detection.score >= scoreMin);
  for (const label of missed) addLabel(label, false);
  for (const { kind, box, score } of wrong) {
    if (score < scoreMin) continue;
    add(kind, box[3], (tally) => {
      tally.wrong += 1;
    });
  }
}

export function heightOf(px: number): Height {
  const found = Object.entries(HEIGHTS).find(([, [from, to]]) => px >= from && px < to);
  return (found?.[0] ?? 'all') as Height;
}
