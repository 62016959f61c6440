/** What a rule would have done: alerts counted by day, hour of the week and camera; some of them whole. */
import type { Alert } from '#models/schema/alert.ts';
import type { TriedRule } from '#models/schema/rule-try.ts';
import { localClock } from '#models/schema/time-zone.ts';
import type { Firing } from '../firing.ts';

/** When and where an alert was, for comparing two versions. */
export type AlertMark = { camera: string | null; atMs: number };

export type Tally = {
  /** A firing that began; it is held unless an alert follows. */
  note: (firing: Firing) => void;
  alert: (alert: Alert) => void;
  incident: (id: string) => void;
  alerts: () => number;
  held: () => number;
  marks: () => readonly AlertMark[];
  /** Alerts at these places of the order in which they came, as far as they are kept whole. */
  kept: () => readonly Alert[];
  samples: () => readonly Alert[];
  counts: (span: { fromMs: number; toMs: number }) => Omit<TriedRule, 'samples' | 'note'>;
};

const SAMPLES_MAX = 24;
const KEPT_MAX = 5000;
const MARKS_MAX = 500_000;
const DAY_MS = 86_400_000;

type Day = { alerts: number; held: number };

/** Firings and alerts before `fromMs` are of the time in which the engine got warm. */
export function createTally({ zone, fromMs }: { zone: string; fromMs: number }): Tally {
  const local = localClock(zone);
  const days = new Map<string, Day>();
  const cameras = new Map<string | null, Day>();
  const weekHours = new Array<number>(168).fill(0);
  const incidents = new Set<string>();
  const marks: AlertMark[] = [];
  const kept: Alert[] = [];
  let [begins, alerts] = [0, 0];
  let samples: Alert[] = [];
  let stride = 1;

  const countOf = <Key>(counts: Map<Key, Day>, key: Key) => {
    const known = counts.get(key) ?? { alerts: 0, held: 0 };
    counts.set(key, known);
    return known;
  };
  const dayOf = (atMs: number) => countOf(days, local(atMs).day);

  /** Every alert, then every second, every fourth …: evenly spread however many come. */
  function sample(alert: Alert): void {
    if (alerts % stride !== 0) return;
    samples.push(alert);
    if (samples.length <= SAMPLES_MAX) return;
    samples = samples.filter((_, index) => index % 2 === 0);
    stride *= 2;
  }

  return {
    note({ phase, beganAtMs: atMs, camera }) {
      if (phase !== 'begin' || atMs < fromMs) return;
      begins++;
      dayOf(atMs).held++;
      countOf(cameras, camera).held++;
    },
    alert(alert) {
      const { atMs, camera } = alert;
      if (atMs < fromMs) return;
      sample(alert);
      alerts++;
      if (marks.length < MARKS_MAX) marks.push({ camera, atMs });
      if (kept.length < KEPT_MAX) kept.push(alert);
      for (const count of [dayOf(atMs), countOf(cameras, camera)]) {
        count.alerts++;
        count.held--;
      }
      const { weekday, minute } = local(atMs);
      weekHours[(weekday - 1) * 24 + Math.floor(minute / 60)]! += 1;
    },
    incident: (id) => void incidents.add(id),
    alerts: () => alerts,
    held: () => begins - alerts,
    marks: () => marks,
    kept: () => kept,
    samples: () => samples,
    counts: ({ fromMs: beginMs, toMs }) => ({
      alerts,
      held: begins - alerts,
      incidents: incidents.size,
      perDay: localDays(local, beginMs, toMs).map((day) => ({ day, ...(days.get(day) ?? { alerts: 0, held: 0 }) })),
      perWeekHour: weekHours,
      perCamera: [...cameras].map(([camera, count]) => ({ camera, ...count })).sort((a, b) => b.alerts - a.alerts),
    }),
  };
}

/** Also those on which nothing happened. */
function localDays(local: ReturnType<typeof localClock>, fromMs: number, toMs: number): string[] {
  const found = new Set<string>();
  for (let atMs = fromMs; atMs < toMs; atMs += DAY_MS / 4) found.add(local(atMs).day);
  if (toMs > fromMs) found.add(local(toMs - 1).day);
  return [...found];
}
