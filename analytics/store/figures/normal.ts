/**
 * What is normal: the same hours of earlier weeks. Each earlier time is a sample of the whole figure, so that a cell that
 * is busy once a day is not taken for one that never is; of the samples the median and its robust spread.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Measure } from '#models/schema/heat-map.ts';
import { cutIntoSpans } from '../spans.ts';
import { type Range, without } from '../time-ranges.ts';
import { rangeOfDay, WEEK_MS, weeksEarlier, type Zone } from '../zones.ts';
import { readObserved } from './observed.ts';
import type { FigureQuestion, ReadOptions } from './question.ts';
import { readValues } from './values.ts';

export const NORMAL_WEEKS_MIN = 3;
export const NORMAL_WEEKS_MAX = 8;
/** Longer periods would have their earlier ones years ago. */
export const NORMAL_DAYS_MAX = 35;
/** Of a sample's time this much must have been watched. */
const WATCHED_MIN = 0.5;
/** Turns a median absolute deviation into the sigma of a normal distribution. */
const MAD_SIGMA = 1.4826;

export type Normal = { normal: number; spread: number };

/** Earlier times of the same hours, holidays taken out, the earliest first. */
export type Samples = { begins: number[]; ranges: Range[]; elapsedMs: number[]; weeks: number; holidays: string[] };

type Period = { fromMs: number; toMs: number; ranges: readonly Range[] };

/** A period of more than a week is compared with as many weeks before it. */
export function samplesOf({ fromMs, toMs, ranges }: Period, zone: Zone, holidays: readonly string[]): Samples {
  const length = Math.max(1, Math.ceil((toMs - fromMs) / WEEK_MS));
  const count = Math.max(NORMAL_WEEKS_MIN, Math.floor(NORMAL_WEEKS_MAX / length));
  const days = [...holidays].sort().map((day) => ({ day, range: rangeOfDay(day, zone) }));
  const samples: Samples = { begins: [], ranges: [], elapsedMs: [], weeks: count * length, holidays: [] };
  const met = new Set<string>();
  for (let step = count; step >= 1; step--) {
    const kept = ranges.flatMap((range) => {
      const [from, to] = range.map((at) => weeksEarlier(at, step * length, zone)) as [number, number];
      const free = days.filter(({ range: [begin, end] }) => begin < to && from < end);
      for (const { day } of free) met.add(day);
      return from < to
        ? without(
            [from, to],
            free.map(({ range: [begin, end] }) => [Math.max(from, begin), Math.min(to, end)]),
          )
        : [];
    });
    if (kept.length === 0) continue;
    samples.begins.push(kept[0]![0]);
    samples.ranges.push(...kept);
    samples.elapsedMs.push(kept.reduce((sum, [from, to]) => sum + to - from, 0));
  }
  samples.holidays = [...met].sort();
  return samples;
}

/** Measures that grow with the time watched; the others are rates already. */
const GROWS: readonly Measure[] = ['presence', 'tracks'];

type Options = ReadOptions & { question: FigureQuestion; samples: Samples; observedNow: ReadonlyMap<string, number> };

/** Per place, for as long as it was watched now; no entry where there are under three weeks of it. */
export async function readNormal(client: ClickHouseClient, options: Options): Promise<Map<string, Normal>> {
  const { question, samples, observedNow, signal, closedDays } = options;
  const { begins, ranges, elapsedMs } = samples;
  const normals = new Map<string, Normal>();
  if (begins.length < NORMAL_WEEKS_MIN) return normals;
  const span = { fromMs: ranges[0]![0], toMs: ranges.at(-1)![1], ranges };
  const spans = await cutIntoSpans(client, span, { signal, closedDays });
  const time = { spans, samples: begins };
  const [values, observed] = await Promise.all([
    readValues(client, time, { question, signal }),
    readObserved(client, time, { question, signal }),
  ]);
  // The store names a sample by the whole second in which it begins.
  const keys = begins.map((begin) => Math.floor(begin / 1000) * 1000);
  const isGrowing = GROWS.includes(question.measure);
  for (const [place, observedS] of observedNow) {
    const found: number[] = [];
    for (const [index, key] of keys.entries()) {
      const watchedS = observed.get(key)?.get(place) ?? 0;
      if (watchedS * 1000 < WATCHED_MIN * elapsedMs[index]!) continue;
      const value = values.get(key)?.get(place)?.value ?? (hasZero(question.measure) ? 0 : null);
      if (value !== null) found.push(isGrowing ? (value / watchedS) * observedS : value);
    }
    if (found.length >= NORMAL_WEEKS_MIN) normals.set(place, robust(found, { measure: question.measure, observedS }));
  }
  return normals;
}

/** Where nothing was, there is no speed and no dwell; of the others there is none. */
export const hasZero = (measure: Measure) => measure !== 'speed' && measure !== 'dwell';

type Floor = { measure: Measure; observedS: number };

/** Median and 1.4826 MAD with a floor: a few equal weeks do not make the next passer-by a sensation. */
export function robust(values: readonly number[], floor: Floor): Normal {
  const normal = median(values);
  const mad = median(values.map((value) => Math.abs(value - normal)));
  return { normal, spread: Math.max(MAD_SIGMA * mad, 0.1 * Math.abs(normal), spreadFloor(normal, floor)) };
}

/** A visit's usual length, seconds: presence is made of such, and their number varies by its root at the least. */
const VISIT_S = 10;

function spreadFloor(normal: number, { measure, observedS }: Floor): number {
  const ofPresence = (presenceS: number) => Math.sqrt(Math.max(presenceS, VISIT_S) * VISIT_S);
  if (measure === 'presence') return ofPresence(normal);
  if (measure === 'tracks') return Math.sqrt(Math.max(normal, 1));
  if (measure === 'concurrency') return observedS > 0 ? ofPresence(normal * observedS) / observedS : 1;
  if (measure === 'peak') return 0.5;
  return measure === 'speed' ? 0.2 : 1;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
