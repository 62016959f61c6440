/**
 * Which hours and minutes are closed, remembered by the day (UTC), so that a heat map need not ask for it first. A day is
 * *unknown*, *fresh*, *ageing* (used, and asked for again beside) or *old* (asked for again before it is used). What is
 * closed or opened meanwhile harms nobody: spans name levels only, and each level is read by its own last closing.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { readClosed } from './closed.ts';
import { floorTo, HOUR_MS, overlap, type Range, rangesOf } from './time-ranges.ts';

/** Closed hours, and closed minutes with those of closed hours; sorted, neighbours joined. */
export type Closed = { hours: Range[]; minutes: Range[] };
export type ReadClosedDays = (range: Range) => Promise<Closed>;

const DAY_MS = 24 * HOUR_MS;
const FRESH_MS = 1000;
/** Late rows of a closed minute are told after this at the latest. */
const OLD_MS = 1500;
const DAYS_MAX = 1000;

type Day = { known: Closed | undefined; knownSinceMs: number; asked: Promise<Closed> | undefined };

export function openClosedDays(client: ClickHouseClient, clockMs = () => performance.now()): ReadClosedDays {
  const days = new Map<number, Day>();

  function ask(wanted: readonly number[]): void {
    const askedAtMs = clockMs();
    const ranges = rangesOf(wanted, DAY_MS);
    const all = readClosed(client, { inner: ranges, minutes: ranges, signal: undefined });
    for (const dayMs of wanted) {
      const day = days.get(dayMs) ?? { known: undefined, knownSinceMs: Number.NEGATIVE_INFINITY, asked: undefined };
      day.asked = all.then((found) => ofDay(found, [dayMs, dayMs + DAY_MS]));
      day.asked.then(
        (known) => Object.assign(day, { known, knownSinceMs: askedAtMs, asked: undefined }),
        () => days.delete(dayMs),
      );
      // Asked for last, forgotten last.
      days.delete(dayMs);
      days.set(dayMs, day);
    }
  }

  return async ([fromMs, toMs]) => {
    const wanted: number[] = [];
    for (let dayMs = floorTo(fromMs, DAY_MS); dayMs < toMs; dayMs += DAY_MS) wanted.push(dayMs);
    const nowMs = clockMs();
    const ageing = wanted.filter((dayMs) => {
      const day = days.get(dayMs);
      return day === undefined || (day.asked === undefined && nowMs - day.knownSinceMs > FRESH_MS);
    });
    if (ageing.length > 0) ask(ageing);
    const found = wanted.map((dayMs) => {
      const { known, knownSinceMs, asked } = days.get(dayMs)!;
      return known !== undefined && (nowMs - knownSinceMs <= OLD_MS || asked === undefined) ? known : asked!;
    });
    for (const oldest of days.keys()) {
      if (days.size <= DAYS_MAX) break;
      days.delete(oldest);
    }
    const all = await Promise.all(found);
    return { hours: joined(all.flatMap(({ hours }) => hours)), minutes: joined(all.flatMap(({ minutes }) => minutes)) };
  };
}

/** The minutes of a closed hour are closed; one that has no mark has no rows either. */
function ofDay({ hours, minutes }: Closed, day: Range): Closed {
  const closedHours = overlap(day, hours);
  const all = [...closedHours, ...overlap(day, minutes)].sort(([a], [b]) => a - b);
  return { hours: closedHours, minutes: joined(all) };
}

function joined(ranges: readonly Range[]): Range[] {
  const all: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = all.at(-1);
    if (last !== undefined && last[1] >= from) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}
