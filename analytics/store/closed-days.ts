/**
 * Which hours and minutes are closed, remembered by the day (UTC), so that a heat map need not ask for it first. A day is
 * *unknown*, *fresh*, *ageing* (used, and asked for again beside) or *old* (asked for again before it is used). What is
 * closed or opened meanwhile harms nobody: spans name levels only, and each level is read by its own last closing. A question
 * to the store ends when the last one who waits for it leaves.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { readClosed } from './closed.ts';
import { floorTo, HOUR_MS, overlap, type Range, rangesOf } from './time-ranges.ts';

/** Closed hours, and closed minutes with those of closed hours; sorted, neighbours joined. */
export type Closed = { hours: Range[]; minutes: Range[] };
export type ReadClosedDays = (range: Range, signal?: AbortSignal) => Promise<Closed>;

const DAY_MS = 24 * HOUR_MS;
const FRESH_MS = 1000;
/** Late rows of a closed minute are told after this at the latest. */
const OLD_MS = 1500;
const DAYS_MAX = 1000;

type Asking = { waiting: number; nobody: AbortController };
type Asked = { asking: Asking; answer: Promise<Closed> };
type Day = { known: Closed | undefined; knownSinceMs: number; asked: Asked | undefined };

export function openClosedDays(client: ClickHouseClient, clockMs = () => performance.now()): ReadClosedDays {
  const days = new Map<number, Day>();

  function ask(wanted: readonly number[]): void {
    const askedAtMs = clockMs();
    const asking: Asking = { waiting: 0, nobody: new AbortController() };
    const ranges = rangesOf(wanted, DAY_MS);
    const all = readClosed(client, { inner: ranges, minutes: ranges, signal: asking.nobody.signal });
    for (const dayMs of wanted) {
      const { known, knownSinceMs = Number.NEGATIVE_INFINITY } = days.get(dayMs) ?? {};
      const answer = all.then((found) => ofDay(found, [dayMs, dayMs + DAY_MS]));
      const day: Day = { known, knownSinceMs, asked: { asking, answer } };
      answer.then(
        (closed) => Object.assign(day, { known: closed, knownSinceMs: askedAtMs, asked: undefined }),
        () => days.get(dayMs) === day && days.delete(dayMs),
      );
      // Asked for last, forgotten last.
      days.delete(dayMs);
      days.set(dayMs, day);
    }
  }

  /** Who comes now begins anew, instead of sharing what is being ended. */
  function leave(asking: Asking): void {
    asking.waiting--;
    if (asking.waiting > 0) return;
    for (const [dayMs, { asked }] of days) if (asked?.asking === asking) days.delete(dayMs);
    asking.nobody.abort(new Error('nobody waits for it any more'));
  }

  async function wait(asked: readonly Asked[], signal: AbortSignal | undefined): Promise<void> {
    const askings = new Set(asked.map(({ asking }) => asking));
    for (const asking of askings) asking.waiting++;
    const left = Promise.withResolvers<never>();
    const onAbort = () => left.reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([Promise.all(asked.map(({ answer }) => answer)), left.promise]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      for (const asking of askings) leave(asking);
    }
  }

  return async ([fromMs, toMs], signal) => {
    signal?.throwIfAborted();
    const wanted: number[] = [];
    for (let dayMs = floorTo(fromMs, DAY_MS); dayMs < toMs; dayMs += DAY_MS) wanted.push(dayMs);
    const nowMs = clockMs();
    const ageing = wanted.filter((dayMs) => {
      const day = days.get(dayMs);
      return day === undefined || (day.asked === undefined && nowMs - day.knownSinceMs > FRESH_MS);
    });
    if (ageing.length > 0) ask(ageing);
    const read = wanted.map((dayMs) => days.get(dayMs)!);
    for (const oldest of days.keys()) {
      if (days.size <= DAYS_MAX) break;
      days.delete(oldest);
    }
    await wait(
      read.flatMap(({ asked, knownSinceMs }) => (asked !== undefined && nowMs - knownSinceMs > OLD_MS ? [asked] : [])),
      signal,
    );
    const closed = read.flatMap(({ known }) => known ?? []);
    return {
      hours: joined(closed.flatMap(({ hours }) => hours)),
      minutes: joined(closed.flatMap(({ minutes }) => minutes)),
    };
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
