/** Figures of a period: value, time watched and certainty per place; a second period and what is normal beside them. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { HeatCell } from '#models/schema/heat-map.ts';
import { readStaleHours } from '../backfill.ts';
import { cutIntoSpans, type Spans } from '../spans.ts';
import type { Range } from '../time-ranges.ts';
import { weekHourRanges, type Zone } from '../zones.ts';
import { hasZero, readNormal, samplesOf } from './normal.ts';
import { readObserved } from './observed.ts';
import { type FigureQuestion, isCells, type ReadOptions } from './question.ts';
import { readValues } from './values.ts';

export type Period = { fromMs: number; toMs: number };

export type FiguresQuestion = FigureQuestion &
  Period & {
    /** Only these hours of the week. */
    weekHours?: readonly number[] | undefined;
    /** Needed with weekHours, normal and public. */
    zone?: Zone | undefined;
    compare?: Period | undefined;
    /** Days of it are no normal days. Absent: normal is not asked for. */
    versusNormal?: { holidays: readonly string[] } | undefined;
  };

export type Figure = Omit<HeatCell, 'cell'>;

export type Figures = {
  spans: Spans;
  /** The time asked for, ms. */
  elapsedMs: number;
  places: Map<string, Figure>;
  /** Hours of it whose part of the figure is missing, because they were closed before it was kept. */
  missingHours: number;
  normal?: { weeks: number; holidays: string[] };
};

export async function readFigures(
  client: ClickHouseClient,
  question: FiguresQuestion,
  options: ReadOptions = {},
): Promise<Figures> {
  const { compare, versusNormal, zone } = question;
  const [now, then] = await Promise.all([
    readPeriod(client, { question, period: question }, options),
    compare === undefined ? undefined : readPeriod(client, { question, period: compare }, options),
  ]);
  const { spans, places, elapsedMs, missingHours } = now;
  if (then !== undefined) addCompared(places, then.places, hasZero(question.measure));
  if (versusNormal === undefined || zone === undefined) return { spans, elapsedMs, places, missingHours };
  const period = { fromMs: spans.fromMs, toMs: spans.toMs, ranges: rangesOf(spans) };
  const samples = samplesOf(period, zone, versusNormal.holidays);
  const observedNow = new Map([...places].map(([place, { observedS }]) => [place, observedS]));
  const normals = await readNormal(client, { question, samples, observedNow, ...options });
  for (const [place, figure] of places) {
    const { normal, spread } = normals.get(place) ?? { normal: null, spread: null };
    const isKnown = figure.value !== null && normal !== null && figure.observedS > 0;
    const departure = isKnown ? (figure.value! - normal) / spread : null;
    places.set(place, { ...figure, normal, spread, departure });
  }
  return { spans, elapsedMs, places, missingHours, normal: { weeks: samples.weeks, holidays: samples.holidays } };
}

type Read = { question: FiguresQuestion; period: Period };

async function readPeriod(client: ClickHouseClient, { question, period }: Read, options: ReadOptions) {
  const spans = await spansOf(client, { question, period }, options);
  const [values, observed, missingHours] = await Promise.all([
    readValues(client, { spans }, { question, ...options }),
    readObserved(client, { spans }, { question, ...options }),
    countMissingHours(client, spans, { question, ...options }),
  ]);
  const places = new Map<string, Figure>();
  const [value, watched] = [values.get(0) ?? new Map(), observed.get(0) ?? new Map<string, number>()];
  const empty = hasZero(question.measure) ? 0 : null;
  for (const [place, observedS] of watched)
    places.set(place, { value: value.get(place)?.value ?? empty, observedS, errorM: value.get(place)?.errorM ?? null });
  for (const [place, one] of value) if (!places.has(place)) places.set(place, { ...one, observedS: 0 });
  const elapsedMs = rangesOf(spans).reduce((sum, [from, to]) => sum + to - from, 0);
  return { spans, places, elapsedMs, missingHours };
}

/** Peaks, and areas as they were, have hours of their own, which former versions did not write. */
export async function countMissingHours(
  client: ClickHouseClient,
  { hours }: Spans,
  { question: { where, measure }, signal }: ReadOptions & { question: FigureQuestion },
): Promise<number> {
  const isKeptLater = isCells(where) ? measure === 'peak' : where.division === 'then';
  return isKeptLater ? (await readStaleHours(client, hours, { signal })).length : 0;
}

export async function spansOf(
  client: ClickHouseClient,
  { question: { weekHours, zone }, period }: Read,
  options: ReadOptions,
): Promise<Spans> {
  const { fromMs, toMs } = period;
  const ranges =
    weekHours === undefined || zone === undefined
      ? undefined
      : weekHourRanges([fromMs, toMs], new Set(weekHours), zone);
  return cutIntoSpans(client, { fromMs, toMs, ranges }, options);
}

/** All of the spans in time, neighbours joined. */
function rangesOf({ hours, minutes, slices }: Spans): Range[] {
  const joined: [number, number][] = [];
  for (const [from, to] of [...hours, ...minutes, ...slices].sort(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last !== undefined && last[1] === from) last[1] = to;
    else joined.push([from, to]);
  }
  return joined;
}

function addCompared(places: Map<string, Figure>, then: ReadonlyMap<string, Figure>, hasNone: boolean): void {
  for (const [place, figure] of places) {
    const { value, observedS } = then.get(place) ?? { value: null, observedS: 0 };
    places.set(place, { ...figure, compareValue: value, compareObservedS: observedS });
  }
  for (const [place, { value, observedS, errorM }] of then) {
    if (places.has(place)) continue;
    // Nobody watched it now: not an empty place, but an unknown one.
    const unknown = { value: hasNone ? 0 : null, observedS: 0, errorM: errorM ?? null };
    places.set(place, { ...unknown, compareValue: value, compareObservedS: observedS });
  }
}
