/** A panel of lines as points: one list of times for all series, nulls where nothing is known, and the times that nobody watched. */
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import type { Span } from '../../workspace/time-range.ts';
import { nameOf } from '../names.ts';
import { distinct, partOf, type Telling, titleOf } from '../panel-rows.ts';
import { asNumber, asTimeMs } from '../value-text.ts';
import { type Look, lookOf, orderOf } from './looks.ts';

export type LineSeries = {
  id: string;
  name: string;
  look: Look;
  values: (number | null)[];
  normal: (number | null)[];
  spread: (number | null)[];
  /** The same hours of the compared period. */
  compare: (number | null)[];
};

export type LinePoints = {
  times: number[];
  series: LineSeries[];
  /** Spans in which the share observed is nothing. */
  unwatched: [fromMs: number, toMs: number][];
  observed: (number | null)[];
  stepMs: number;
};

export function linePoints(answer: PanelAnswer, telling: Telling): LinePoints {
  const [time, value] = [partOf(answer, 'time'), partOf(answer, 'value')];
  if (time === undefined || value === undefined)
    return { times: [], series: [], unwatched: [], observed: [], stepMs: 0 };
  const [by, normal, spread, share, compare] = (
    ['series', 'normal', 'spread', 'observed-share', 'compare'] as const
  ).map((part) => partOf(answer, part));
  const times = [...new Set(answer.rows.map((row) => asTimeMs(row[time.index]) ?? Number.NaN))]
    .filter((atMs) => !Number.isNaN(atMs))
    .sort((a, b) => a - b);
  const places = new Map(times.map((atMs, index) => [atMs, index]));
  const blank = () => times.map((): number | null => null);
  const observed = blank();
  const series = distinct(answer, by)
    .sort((a, b) => orderOf(a, by?.names) - orderOf(b, by?.names))
    .map((id, index) => ({
      id,
      name: by === undefined ? titleOf(value, telling.words) : nameOf(id, by.names, telling),
      look: lookOf(id, index, by?.names),
      ...{ values: blank(), normal: blank(), spread: blank(), compare: blank() },
    }));
  const byId = new Map(series.map((each) => [each.id, each]));
  for (const row of answer.rows) {
    const place = places.get(asTimeMs(row[time.index]) ?? Number.NaN);
    const one = byId.get(by === undefined ? '' : String(row[by.index] ?? ''));
    if (place === undefined || one === undefined) continue;
    one.values[place] = asNumber(row[value.index]);
    if (normal !== undefined) one.normal[place] = asNumber(row[normal.index]);
    if (spread !== undefined) one.spread[place] = asNumber(row[spread.index]);
    if (compare !== undefined && telling.isCompared) one.compare[place] = asNumber(row[compare.index]);
    if (share !== undefined) observed[place] = Math.max(observed[place] ?? 0, asNumber(row[share.index]) ?? 0);
  }
  const stepMs = leastStep(times);
  const unwatched = share === undefined ? [] : unwatchedSpans({ times, observed, stepMs }, telling);
  return { times, series, observed, stepMs, unwatched };
}

const leastStep = (times: readonly number[]): number =>
  times.slice(1).reduce((least, atMs, index) => Math.min(least, atMs - times[index]!), Number.POSITIVE_INFINITY);

/** A step that has no row at all was not watched either. */
function unwatchedSpans(
  { times, observed, stepMs }: Pick<LinePoints, 'times' | 'observed' | 'stepMs'>,
  period: Span,
): [number, number][] {
  const spans: [number, number][] = [];
  const add = (fromMs: number, toMs: number) => {
    const last = spans.at(-1);
    if (last !== undefined && last[1] >= fromMs) last[1] = toMs;
    else spans.push([fromMs, toMs]);
  };
  let watchedToMs = period.fromMs;
  times.forEach((atMs, index) => {
    if (atMs - watchedToMs > stepMs / 2) add(watchedToMs, atMs);
    if (observed[index] === 0) add(atMs, Math.min(atMs + stepMs, period.toMs));
    watchedToMs = atMs + stepMs;
  });
  if (period.toMs - watchedToMs > stepMs / 2) add(watchedToMs, period.toMs);
  return spans;
}
