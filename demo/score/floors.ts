/** What is wanted of any detector on the city's pictures, and what the chosen one reaches at its best score. */
import type { Kind } from '#models/schema/kind.ts';
import { type ClipMatching, type Light, lightOf } from './accuracy.ts';

export type FloorRow = {
  views: 'all' | 'held out';
  what: string;
  light: Light;
  /** Nothing before them, whole in the picture. */
  labels: number;
  wanted: number;
  /** At the score where most are found with a precision of at least 0.85; 0 where there is none. */
  recall: number;
  precision: number;
  scoreMin: number;
};

const PRECISION_MIN = 0.85;

const WHAT = [
  { what: 'people of 100 px and more', kinds: ['person'], heightPx: 100 },
  { what: 'cars and buses', kinds: ['car', 'bus'], heightPx: 0 },
] as const satisfies readonly { what: string; kinds: readonly Kind[]; heightPx: number }[];

const LIGHTS = [
  { light: 'day', wanted: 0.8 },
  { light: 'night', wanted: 0.6 },
] as const satisfies readonly { light: Light; wanted: number }[];

export function floorsOf(clips: readonly ClipMatching[], views: FloorRow['views']): FloorRow[] {
  return LIGHTS.flatMap(({ light, wanted }) =>
    WHAT.flatMap(({ what, ...things }): FloorRow[] => {
      const matchings = clips.filter(({ clip }) => lightOf(clip) === light).flatMap((one) => one.matchings);
      const { labels, judged } = judge(matchings, things);
      return labels === 0 ? [] : [{ views, what, light, labels, wanted, ...bestPoint(judged, labels) }];
    }),
  );
}

type Judged = { score: number; isRight: boolean };
type Things = { kinds: readonly Kind[]; heightPx: number };

/** Things that are hidden or cut neither help nor hurt. */
function judge(matchings: ClipMatching['matchings'], { kinds, heightPx }: Things) {
  const judged: Judged[] = [];
  let labels = 0;
  const isMeant = (kind: Kind, height: number) => kinds.includes(kind) && height * 720 >= heightPx;
  for (const { matching } of matchings) {
    const clear = matching.pairs.filter(({ label }) => label.isClear && isMeant(label.agent.kind, label.box[3]));
    const missed = matching.missed.filter(({ isClear, agent, box }) => isClear && isMeant(agent.kind, box[3]));
    labels += clear.length + missed.length;
    judged.push(...clear.map(({ detection }) => ({ score: detection.score, isRight: true })));
    const wrong = matching.wrong.filter(({ kind, box }) => isMeant(kind, box[3]));
    judged.push(...wrong.map(({ score }) => ({ score, isRight: false })));
  }
  return { labels, judged: judged.sort((a, b) => b.score - a.score) };
}

function bestPoint(judged: readonly Judged[], labels: number): Pick<FloorRow, 'recall' | 'precision' | 'scoreMin'> {
  let right = 0;
  let best = { recall: 0, precision: 0, scoreMin: 1 };
  for (const [index, { score, isRight }] of judged.entries()) {
    if (isRight) right += 1;
    const precision = right / (index + 1);
    if (precision >= PRECISION_MIN) best = { recall: right / labels, precision, scoreMin: score };
  }
  return best;
}
