/** Two versions over the same time: alerts that both raise, and those of one alone. */
import type { Alert } from '#models/schema/alert.ts';
import type { RuleTry } from '#models/schema/rule-try.ts';
import type { AlertMark, Tally } from './tally.ts';

const SAME_MS = 60_000;
const TOLD_MAX = 50;

/** An alert is paired with the nearest one of the other at its camera within a minute, each at most once. */
export function compare(rule: Tally, against: Tally): NonNullable<RuleTry['differences']> {
  const paired = pairs(rule.marks(), against.marks());
  const only = (tally: Tally, isPaired: ReadonlySet<number>): Alert[] =>
    tally
      .kept()
      .filter((_, index) => !isPaired.has(index))
      .slice(0, TOLD_MAX);
  return {
    both: paired.length,
    onlyRule: rule.alerts() - paired.length,
    onlyAgainst: against.alerts() - paired.length,
    onlyRuleAlerts: only(rule, new Set(paired.map(([index]) => index))),
    onlyAgainstAlerts: only(against, new Set(paired.map(([, index]) => index))),
  };
}

/** Places in both lists of those that belong together; marks come in order of time per camera. */
function pairs(ours: readonly AlertMark[], theirs: readonly AlertMark[]): (readonly [number, number])[] {
  const byCamera = new Map<string | null, { index: number; atMs: number }[]>();
  for (const [index, { camera, atMs }] of theirs.entries()) {
    const known = byCamera.get(camera) ?? [];
    byCamera.set(camera, known);
    known.push({ index, atMs });
  }
  const starts = new Map<string | null, number>();
  const found: (readonly [number, number])[] = [];
  for (const [index, { camera, atMs }] of ours.entries()) {
    const candidates = byCamera.get(camera) ?? [];
    let start = starts.get(camera) ?? 0;
    while (start < candidates.length && candidates[start]!.atMs < atMs - SAME_MS) start++;
    let best = -1;
    for (let next = start; next < candidates.length && candidates[next]!.atMs <= atMs + SAME_MS; next++) {
      const isNearer = best < 0 || Math.abs(candidates[next]!.atMs - atMs) < Math.abs(candidates[best]!.atMs - atMs);
      if (isNearer) best = next;
    }
    if (best >= 0) {
      found.push([index, candidates[best]!.index]);
      start = best + 1;
    }
    starts.set(camera, start);
  }
  return found;
}
