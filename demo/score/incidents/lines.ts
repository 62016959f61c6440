/** Crossings of every view's line, counted by the engine, against those of the truth. */
import type { Firing } from '#analytics/rules/firing.ts';
import { insideBox, isThing, type TruthAgent } from '#demo/world/truth/clip-truth.ts';
import { type CountingLine, crossingOf, linesOf } from '#demo/world/truth/lines.ts';
import type { RuleDraft } from '#models/schema/rule.ts';
import type { ScoredClip } from '../clips.ts';

export type TrueCrossing = { atMs: number; way: 'away' | 'towards'; agent: TruthAgent };

export const lineOf = ({ view }: ScoredClip): CountingLine | undefined => linesOf(view)[0];

export const lineRule = ({ view }: ScoredClip, { from, to }: CountingLine): RuleDraft => ({
  ...{ id: `line-${view.id}`, name: 'line', isEnabled: true, where: { cameras: [view.id] }, severity: 'info' },
  when: { type: 'line', line: { space: 'ground', points: [from, to] } },
});

/** Of things that are in the picture before and after. */
export function trueCrossings({ truth: { frames, fps } }: ScoredClip, line: CountingLine): TrueCrossing[] {
  const found: TrueCrossing[] = [];
  let before = new Map<number, TruthAgent>();
  for (const [frame, agents] of frames.entries()) {
    const now = new Map(
      agents.filter((agent) => isThing(agent) && insideBox(agent.box) !== undefined).map((one) => [one.id, one]),
    );
    for (const [id, agent] of now) {
      const was = before.get(id);
      const way = was === undefined ? undefined : crossingOf(line, was, agent);
      if (way !== undefined) found.push({ atMs: (frame * 1000) / fps, way, agent });
    }
    before = now;
  }
  return found;
}

/** Of a clip's first and last second: too young to be believed, or over before it is clear of the line. */
export const isAtEdge = ({ truth: { frames, fps } }: ScoredClip, atMs: number) =>
  atMs < EDGE_MS || atMs > (frames.length * 1000) / fps - EDGE_MS;
const EDGE_MS = 1000;

export type LineCount = { true: number; missed: number; doubled: number };

/** Crossing by crossing: one too many there does not make up for one too few here. Fed with the truth, tracks are agents. */
export function countLine(clip: ScoredClip, line: CountingLine, firings: readonly Firing[]): LineCount {
  const keyOf = (track: string, way: string) => `${track} ${way}`;
  const counted = new Map<string, number>();
  for (const firing of firings) {
    const key = keyOf(firing.tracks[0] ?? '', wayOf(firing));
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  let [found, missed] = [0, 0];
  for (const { agent, way, atMs } of trueCrossings(clip, line)) {
    const key = keyOf(`true${agent.id}`, way);
    const left = counted.get(key) ?? 0;
    if (left > 0) counted.set(key, left - 1);
    if (left > 0) found++;
    else if (!isAtEdge(clip, atMs)) missed++;
  }
  return { true: found + missed, missed, doubled: [...counted.values()].reduce((sum, left) => sum + left, 0) };
}

/** The line is drawn from the camera's left to its right: away from it is from the line's right to its left. */
export const wayOf = ({ values }: Firing): TrueCrossing['way'] => (values.direction === 1 ? 'towards' : 'away');
