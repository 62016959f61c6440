/** A panel of strips as runs: per label the states one after the other, each until the next, the last until the end. */
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import type { SubjectRef } from '../asked.ts';
import { nameOf } from '../names.ts';
import { leadsTo, partOf, type Telling } from '../panel-rows.ts';
import { asNumber, asTimeMs } from '../value-text.ts';

export type Run = { fromMs: number; toMs: number; state: string; name: string; share: number | null };
export type Strip = { id: string; name: string; to: SubjectRef | null; runs: Run[]; text: string };

export function stripsOf(answer: PanelAnswer, telling: Telling): Strip[] {
  const [label, time, state, value] = (['label', 'time', 'state', 'value'] as const).map((part) =>
    partOf(answer, part),
  );
  if (label === undefined || time === undefined) return [];
  const strips = new Map<string, Strip>();
  for (const row of answer.rows) {
    const id = String(row[label.index] ?? '');
    const strip = strips.get(id) ?? {
      id,
      name: nameOf(id, label.names, telling),
      to: leadsTo(id, label),
      runs: [],
      text: '',
    };
    strips.set(id, strip);
    const fromMs = Math.max(asTimeMs(row[time.index]) ?? telling.fromMs, telling.fromMs);
    const said = state === undefined ? '' : String(row[state.index] ?? '');
    const share = value === undefined ? null : asNumber(row[value.index]);
    strip.runs.push({
      fromMs,
      toMs: telling.toMs,
      state: said,
      name: nameOf(said, state?.names ?? 'state', telling),
      share,
    });
  }
  for (const strip of strips.values()) strip.runs = joined(strip.runs);
  return [...strips.values()];
}

/** Sorted, each ending where the next begins; equal neighbours are one. */
function joined(runs: Run[]): Run[] {
  const made: Run[] = [];
  for (const run of runs.sort((a, b) => a.fromMs - b.fromMs)) {
    const last = made.at(-1);
    if (last !== undefined) last.toMs = run.fromMs;
    if (last === undefined || last.state !== run.state || last.share !== run.share) made.push({ ...run });
    else last.toMs = run.toMs;
  }
  return made.filter(({ fromMs, toMs }) => toMs > fromMs);
}

/** How much of the period each state lasted, the longest first. */
export function sharesOf({ runs }: Strip): { state: string; name: string; share: number }[] {
  const sums = new Map<string, { state: string; name: string; share: number }>();
  const all = runs.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  for (const { state, name, fromMs, toMs } of runs) {
    const sum = sums.get(state) ?? { state, name, share: 0 };
    sums.set(state, { ...sum, share: sum.share + (toMs - fromMs) / all });
  }
  return [...sums.values()].sort((a, b) => b.share - a.share);
}
