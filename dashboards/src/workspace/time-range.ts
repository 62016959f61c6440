/** Which span of time the figures are of: one that moves with the clock, or one with two ends. */
import { midnightBefore } from './zone-time.ts';

export const RANGE_NAMES = ['quarter', 'hour', 'today', 'day', 'week', 'month', 'custom'] as const;
export type RangeName = (typeof RANGE_NAMES)[number];

export type Span = { fromMs: number; toMs: number };
export type TimeRange = { name: Exclude<RangeName, 'custom'> } | ({ name: 'custom' } & Span);

const DAY_MS = 24 * 3_600_000;
/** A month is four weeks, so that every hour of the week is in it equally often. */
const LENGTH_MS = { quarter: 15 * 60_000, hour: 3_600_000, day: DAY_MS, week: 7 * DAY_MS, month: 28 * DAY_MS } as const;

export function spanOf(range: TimeRange, zone: string, nowMs = Date.now()): Span {
  if (range.name === 'custom') return { fromMs: range.fromMs, toMs: range.toMs };
  if (range.name === 'today') return { fromMs: midnightBefore(nowMs, zone), toMs: nowMs };
  return { fromMs: nowMs - LENGTH_MS[range.name], toMs: nowMs };
}

export const rangeKey = (range: TimeRange): string =>
  range.name === 'custom' ? `${range.fromMs}-${range.toMs}` : range.name;
