/** Which span of time the figures are of: one that moves with the clock, or one with two ends. */
import { dayOfMonth, midnightBefore, shiftDays, weekdayOf } from './zone-time.ts';

export const RANGE_NAMES = [
  'quarter',
  'hour',
  'today',
  'day',
  'yesterday',
  'week',
  'last-week',
  'this-month',
  'month',
  'custom',
] as const;
export type RangeName = (typeof RANGE_NAMES)[number];

export type Span = { fromMs: number; toMs: number };
export type TimeRange = { name: Exclude<RangeName, 'custom'> } | ({ name: 'custom' } & Span);

const DAY_MS = 24 * 3_600_000;
/** A month is four weeks, so that every hour of the week is in it equally often. */
const LENGTH_MS = { quarter: 15 * 60_000, hour: 3_600_000, day: DAY_MS, week: 7 * DAY_MS, month: 28 * DAY_MS } as const;

export function spanOf(range: TimeRange, zone: string, nowMs = Date.now()): Span {
  if (range.name === 'custom') return { fromMs: range.fromMs, toMs: range.toMs };
  const midnightMs = midnightBefore(nowMs, zone);
  const daysAgo = (days: number) => shiftDays(midnightMs, -days, zone);
  switch (range.name) {
    case 'today':
      return { fromMs: midnightMs, toMs: nowMs };
    case 'yesterday':
      return { fromMs: daysAgo(1), toMs: midnightMs };
    case 'last-week': {
      const today = weekdayOf(nowMs, zone);
      return { fromMs: daysAgo(today + 7), toMs: daysAgo(today) };
    }
    case 'this-month':
      return { fromMs: daysAgo(dayOfMonth(nowMs, zone) - 1), toMs: nowMs };
  }
  return { fromMs: nowMs - LENGTH_MS[range.name], toMs: nowMs };
}

export const rangeKey = (range: TimeRange): string =>
  range.name === 'custom' ? `${range.fromMs}-${range.toMs}` : range.name;
