/** Which part of a time range is read from hours, which from minutes and which from slices. */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { floorTo, HOUR_MS, inRanges, MINUTE_MS, overlap, type Range, rangesOf, without } from './time-ranges.ts';

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

/**
 * Cuts a range, or parts of it, widened to whole minutes. A query over the result counts each moment once, even where
 * something is closed or opened between this call and that query. `finest: 'minute'` leaves hours out.
 */
export async function cutIntoSpans(
  client: ClickHouseClient,
  { fromMs, toMs, ranges, finest = 'hour' }: Cut,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Spans> {
  const closedIn = (level: 'minute' | 'hour', ranges: readonly Range[]) =>
    readClosed(client, { level, ranges, signal });
  const from = floorTo(fromMs, MINUTE_MS);
  const to = Math.max(from, Math.ceil(toMs / MINUTE_MS) * MINUTE_MS);
  const whole = ranges === undefined ? [[from, to] as const] : toMinutes(ranges);
  const inner = whole.flatMap(([begin, end]): Range[] => {
    const [first, last] = [Math.ceil(begin / HOUR_MS) * HOUR_MS, floorTo(end, HOUR_MS)];
    return finest === 'hour' && first < last ? [[first, last]] : [];
  });
  // Asking for all minutes of a few days costs less than waiting for the hours first.
  const [closedHours, allMinutes] = await Promise.all([
    inner.length > 0 ? closedIn('hour', [[inner[0]![0], inner.at(-1)![1]]]) : [],
    to - from <= ASK_AT_ONCE_MS ? closedIn('minute', [[from, to]]) : undefined,
  ]);
  const hours = inner.flatMap((range) => overlap(range, closedHours));
  const rest = whole.flatMap((range) => without(range, within(range, hours)));
  const closed = allMinutes ?? (rest.length === 0 ? [] : await closedIn('minute', rest));
  const minutes = rest.flatMap((range) => overlap(range, closed));
  const slices = rest.flatMap((range) => without(range, within(range, minutes)));
  return { fromMs: from, toMs: to, hours, minutes, slices };
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

type Closed = { level: 'minute' | 'hour'; ranges: readonly Range[]; signal: AbortSignal | undefined };

async function readClosed(client: ClickHouseClient, { level, ranges, signal }: Closed): Promise<Range[]> {
  const result = await client.query({
    query: `SELECT toUnixTimestamp(${level}) AS begin_s FROM ${DATABASE}.${level}s WHERE ${inRanges(level, ranges)}
      GROUP BY ${level} HAVING maxIf(version, is_closed) > maxIf(version, NOT is_closed)`,
    format: 'JSONEachRow',
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  const begins = (await result.json<{ begin_s: number }>()).map((row) => row.begin_s * 1000);
  return rangesOf(begins, level === 'hour' ? HOUR_MS : MINUTE_MS);
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
