/** Four weeks of hours as carpets: what is usual at each hour of the week, and how far the last seven days were from it. */
import type { Why } from '#models/schema/why.ts';
import { HOURS_OF_WEEK, hourOfWeek } from '../workspace/zone-time.ts';

/** 168 numbers from Monday midnight; NaN where too little was watched. */
export type Carpet = readonly number[];

export type WeekFigures = { usual: Carpet; departure: Carpet; end: number };

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** An hour that was watched less than half is left out. */
const OBSERVED_MIN_S = 1800;
/** Weeks that an hour needs before it has a usual. */
const WEEKS_MIN = 3;
/** Makes the median absolute deviation a standard deviation where things are spread normally. */
const MAD_SIGMA = 1.4826;
/** Less spread than a tenth of the usual is chance. */
const SPREAD_SHARE_MIN = 0.1;
const SPREAD_MIN = 0.02;

export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

type Hour = { atMs: number; presenceS: number; observedS: number };

/** Steps of a series, summed to full hours. */
function hoursOf(series: Why['series']): Hour[] {
  const hours = new Map<number, Hour>();
  for (const { bucketMs, presenceS, observedS } of series) {
    const atMs = Math.floor(bucketMs / HOUR_MS) * HOUR_MS;
    const hour = hours.get(atMs) ?? { atMs, presenceS: 0, observedS: 0 };
    hours.set(atMs, { atMs, presenceS: hour.presenceS + presenceS, observedS: hour.observedS + observedS });
  }
  return [...hours.values()].filter(({ observedS }) => observedS >= OBSERVED_MIN_S);
}

/** Things at once: presence over time watched. The last seven days before `endMs` are held against the weeks before. */
export function weekFigures(series: Why['series'], endMs: number, zone: string): WeekFigures {
  const earlier: number[][] = Array.from({ length: HOURS_OF_WEEK }, () => []);
  const latest: number[] = Array.from({ length: HOURS_OF_WEEK }, () => Number.NaN);
  for (const { atMs, presenceS, observedS } of hoursOf(series)) {
    const hour = hourOfWeek(atMs, zone);
    if (atMs >= endMs - WEEK_MS) latest[hour] = presenceS / observedS;
    else earlier[hour]!.push(presenceS / observedS);
  }
  const usual = earlier.map(median);
  const departure = latest.map((value, hour) => {
    const known = earlier[hour]!;
    if (known.length < WEEKS_MIN) return Number.NaN;
    const middle = usual[hour]!;
    const spread = MAD_SIGMA * median(known.map((each) => Math.abs(each - middle)));
    return (value - middle) / Math.max(spread, middle * SPREAD_SHARE_MIN, SPREAD_MIN);
  });
  return { usual, departure, end: Math.max(...usual.filter((value) => value > 0), 0) };
}
