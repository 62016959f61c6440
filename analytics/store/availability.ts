/** From what was said of a camera to how it was at every moment, and to the share of the time that it was up. */
import type { SaidState } from './camera-states.ts';

/** `unknown`: nobody watched it (ingest was off, no worker had it), which is neither up nor down. */
export type Condition = 'live' | 'degraded' | 'down' | 'disabled' | 'unknown';

export type Interval = { condition: Condition; reason: string; fromMs: number; toMs: number };

/** Milliseconds in each condition. */
export type Tally = Record<Condition, number>;

/** A worker speaks every 15 s: a word holds until the next, or for four of them. */
const HOLD_MS = 60_000;
/** That a camera is switched off is said once a minute. */
const DISABLED_HOLD_MS = 180_000;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  live: 'live',
  degraded: 'degraded',
  down: 'down',
  disabled: 'disabled',
};

/**
 * Intervals that follow each other without a gap from `fromMs` to `toMs`. Where two words overlap (a worker that lost
 * its lease speaks on) the one that began later counts. A first try to connect (state `connecting`) is not known yet.
 */
export function timelineOf(said: readonly SaidState[], { fromMs, toMs }: { fromMs: number; toMs: number }): Interval[] {
  const line: Interval[] = [];
  const add = (condition: Condition, reason: string, untilMs: number) => {
    const startMs = line.at(-1)?.toMs ?? fromMs;
    const endMs = Math.min(untilMs, toMs);
    if (endMs <= startMs) return;
    const last = line.at(-1);
    if (last?.condition === condition && last.reason === reason) last.toMs = endMs;
    else line.push({ condition, reason, fromMs: startMs, toMs: endMs });
  };
  said.forEach((word, index) => {
    const nextMs = said[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    const condition = CONDITIONS[word.state] ?? 'unknown';
    const holdMs = condition === 'disabled' ? DISABLED_HOLD_MS : HOLD_MS;
    add('unknown', '', word.fromMs);
    add(condition, condition === 'unknown' ? '' : word.reason, Math.min(nextMs, word.toMs + holdMs));
  });
  add('unknown', '', toMs);
  return line;
}

export const emptyTally = (): Tally => ({ live: 0, degraded: 0, down: 0, disabled: 0, unknown: 0 });

export function addInto(tally: Tally, intervals: readonly Interval[]): Tally {
  for (const { condition, fromMs, toMs } of intervals) tally[condition] += toMs - fromMs;
  return tally;
}

/**
 * Share of the time in which somebody wanted it and somebody knew how it was: neither the time that it was switched off
 * counts nor the time that nobody watched. null where none is left.
 */
export function availabilityOf({ live, degraded, down }: Tally): number | null {
  const known = live + degraded + down;
  return known === 0 ? null : (live + degraded) / known;
}

/** The part of each interval that lies in the span. */
export function within(intervals: readonly Interval[], fromMs: number, toMs: number): Interval[] {
  return intervals
    .filter((interval) => interval.toMs > fromMs && interval.fromMs < toMs)
    .map((interval) => ({
      ...interval,
      fromMs: Math.max(interval.fromMs, fromMs),
      toMs: Math.min(interval.toMs, toMs),
    }));
}

export const STRIP_LETTERS: Readonly<Record<Condition, string>> = {
  live: 'l',
  degraded: 'g',
  down: 'd',
  disabled: 'o',
  unknown: 'u',
};

/** A letter per step: what lasted longest in it, but a time down longer than a hundredth of the step always shows. */
export function stripOf(
  intervals: readonly Interval[],
  period: { fromMs: number; toMs: number; steps: number },
): string {
  const { fromMs, toMs, steps } = period;
  const stepMs = (toMs - fromMs) / steps;
  const tallies = Array.from({ length: steps }, emptyTally);
  for (const { condition, ...interval } of intervals) {
    const first = Math.max(0, Math.floor((interval.fromMs - fromMs) / stepMs));
    const last = Math.min(steps - 1, Math.ceil((interval.toMs - fromMs) / stepMs) - 1);
    for (let step = first; step <= last; step++) {
      const startMs = fromMs + step * stepMs;
      tallies[step]![condition] += Math.max(
        0,
        Math.min(interval.toMs, startMs + stepMs) - Math.max(interval.fromMs, startMs),
      );
    }
  }
  return tallies.map((tally) => STRIP_LETTERS[conditionOf(tally, stepMs)]).join('');
}

function conditionOf(tally: Tally, stepMs: number): Condition {
  if (tally.down > stepMs / 100) return 'down';
  const all = Object.entries(tally) as [Condition, number][];
  return all.reduce((most, each) => (each[1] > most[1] ? each : most), ['unknown', 0] as [Condition, number])[0];
}
