/** Which part of a time range is read from hours, which from minutes and which from slices. */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { readClosed } from './closed.ts';
import type { ReadClosedDays } from './closed-days.ts';
import { floorTo, HOUR_MS, inRanges, MINUTE_MS, overlap, type Range, without } from './time-ranges.ts';

/** Sorted ranges that share no time and together are the whole: closed hours, closed minutes, and the rest. */
export type Spans = { fromMs: number; toMs: number; hours: Range[]; minutes: Range[]; slices: Range[] };

const ASK_AT_ONCE_MS = 3 * 24 * HOUR_MS;

type Cut = {
  fromMs: number;
  toMs: number;
  /** Parts of the range, sorted and apart; absent: the whole of it. */
  ranges?: readonly Range[] | undefined;
  finest?: 'minute' | 'hour';
};

/** `closedDays` remembers what is closed; without it the store is asked. */
export type CutOptions = { signal?: AbortSignal | undefined; closedDays?: ReadClosedDays | undefined };

/**
 * Cuts a range, or parts of it, widened to whole minutes. A query over the result counts each moment once, even where
 * something is closed or opened between this call and that query. `finest: 'minute'` leaves hours out.
 */
export async function cutIntoSpans(
  client: ClickHouseClient,
  { fromMs, toMs, ranges, finest = 'hour' }: Cut,
  { signal, closedDays }: CutOptions = {},
): Promise<Spans> {
  const from = floorTo(fromMs, MINUTE_MS);
  const to = Math.max(from, Math.ceil(toMs / MINUTE_MS) * MINUTE_MS);
  const whole = ranges === undefined ? [[from, to] as const] : toMinutes(ranges);
  const inner = whole.flatMap(([begin, end]): Range[] => {
    const [first, last] = [Math.ceil(begin / HOUR_MS) * HOUR_MS, floorTo(end, HOUR_MS)];
    return finest === 'hour' && first < last ? [[first, last]] : [];
  });
  if (closedDays !== undefined) {
    const closed = await closedDays([from, to], signal);
    const hours = inner.flatMap((range) => overlap(range, closed.hours));
    return { fromMs: from, toMs: to, hours, ...inFiner(whole, hours, closed.minutes) };
  }
  const asking = { inner, signal };
  // Of a few days it is asked at once which minutes are closed that no closed hour holds.
  const isShort = to - from <= ASK_AT_ONCE_MS;
  const known = await readClosed(client, { ...asking, minutes: isShort ? [[from, to]] : [] });
  const hours = inner.flatMap((range) => overlap(range, known.hours));
  const rest = whole.flatMap((range) => without(range, within(range, hours)));
  const closed = isShort || rest.length === 0 ? known : await readClosed(client, { inner: [], signal, minutes: rest });
  return { fromMs: from, toMs: to, hours, ...inFiner(whole, hours, closed.minutes) };
}

/** What no hour holds, in closed minutes and the rest. */
function inFiner(whole: readonly Range[], hours: readonly Range[], closed: readonly Range[]) {
  const rest = whole.flatMap((range) => without(range, within(range, hours)));
  const minutes = rest.flatMap((range) => overlap(range, closed));
  const slices = rest.flatMap((range) => without(range, within(range, minutes)));
  return { minutes, slices };
}

const within = ([from, to]: Range, ranges: readonly Range[]) => ranges.filter(([begin]) => begin >= from && begin < to);

/** Widened to whole minutes; those that then touch become one. */
function toMinutes(ranges: readonly Range[]): Range[] {
  const joined: [number, number][] = [];
  for (const [from, to] of ranges) {
    const [begin, end] = [floorTo(from, MINUTE_MS), Math.ceil(to / MINUTE_MS) * MINUTE_MS];
    const last = joined.at(-1);
    if (last !== undefined && begin <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([begin, end]);
  }
  return joined;
}

/**
 * The rows of closed minutes or hours, without FINAL: a closing writes all rows of its bucket with one version, so that
 * those with the version of the last closing are the whole bucket.
 */
export function closedRows(level: 'minute' | 'hour', ranges: readonly Range[]): string {
  const around = ranges.length === 0 ? [] : [[ranges[0]![0], ranges.at(-1)![1]] as const];
  return `${inRanges(level, ranges)} AND (${level}, version) IN (
    SELECT ${level}, max(version) FROM ${DATABASE}.${level}s WHERE is_closed AND ${inRanges(level, around)} GROUP BY ${level})`;
}

type Both = {
  /** Names of the tables without the level: `cells` for cells_slice, cells_minute and cells_hour. */
  tables: string;
  /** Where hours have a table of their own, and a filter. */
  hourTable?: string;
  hourFilter?: string;
  /** The same in all; `bucket` stands for the begin of the slice, minute or hour. */
  columns: string;
  filter: string;
};

/** `SELECT` over hours, minutes and slices as one. */
export function fromSpans(spans: Spans, both: Both): string {
  const { tables, hourTable = `${tables}_hour`, columns, filter, hourFilter = filter } = both;
  const parts: string[] = [];
  const add = (level: string, table: string, condition: string, where = filter) =>
    parts.push(
      `SELECT ${columns.replaceAll('bucket', `${level} AS bucket`)} FROM ${DATABASE}.${table} WHERE ${condition} AND ${where}`,
    );
  if (spans.hours.length > 0) add('hour', hourTable, closedRows('hour', spans.hours), hourFilter);
  if (spans.minutes.length > 0) add('minute', `${tables}_minute`, closedRows('minute', spans.minutes));
  if (spans.slices.length > 0 || parts.length === 0)
    add('slice', `${tables}_slice FINAL`, inRanges('slice', spans.slices));
  return parts.join('\nUNION ALL\n');
}
