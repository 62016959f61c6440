/** Which part of a time range is read from hours, which from minutes and which from slices. */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { floorTo, HOUR_MS, inRanges, MINUTE_MS, overlap, type Range, rangesOf, without } from './time-ranges.ts';

/** Sorted ranges that share no time and together are the whole: closed hours, closed minutes, and the rest. */
export type Spans = { fromMs: number; toMs: number; hours: Range[]; minutes: Range[]; slices: Range[] };

const ASK_AT_ONCE_MS = 3 * 24 * HOUR_MS;

type Cut = { fromMs: number; toMs: number; finest?: 'minute' | 'hour' };

/**
 * Cuts a range, widened to whole minutes. A query over the result counts each moment once, even where something is
 * closed or opened between this call and that query. `finest: 'minute'` leaves hours out.
 */
export async function cutIntoSpans(
  client: ClickHouseClient,
  { fromMs, toMs, finest = 'hour' }: Cut,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Spans> {
  const closedIn = (level: 'minute' | 'hour', ranges: readonly Range[]) =>
    readClosed(client, { level, ranges, signal });
  const from = floorTo(fromMs, MINUTE_MS);
  const to = Math.max(from, Math.ceil(toMs / MINUTE_MS) * MINUTE_MS);
  const whole: Range = [from, to];
  const inner: Range = [Math.ceil(from / HOUR_MS) * HOUR_MS, floorTo(to, HOUR_MS)];
  const isInner = finest === 'hour' && inner[0] < inner[1];
  // Asking for all minutes of a few days costs less than waiting for the hours first.
  const [hours, allMinutes] = await Promise.all([
    isInner ? closedIn('hour', [inner]) : [],
    to - from <= ASK_AT_ONCE_MS ? closedIn('minute', [whole]) : undefined,
  ]);
  const rest = without(whole, hours);
  const closed = allMinutes ?? (rest.length === 0 ? [] : await closedIn('minute', rest));
  const minutes = rest.flatMap((range) => overlap(range, closed));
  const slices = rest.flatMap((range) =>
    without(
      range,
      minutes.filter(([begin]) => begin >= range[0] && begin < range[1]),
    ),
  );
  return { fromMs: from, toMs: to, hours, minutes, slices };
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
  const range = inRanges(level, ranges);
  return `${range} AND (${level}, version) IN (
    SELECT ${level}, max(version) FROM ${DATABASE}.${level}s WHERE is_closed AND ${range} GROUP BY ${level})`;
}

type Both = {
  /** Names of the tables without the level: `cells` for cells_slice, cells_minute and cells_hour. */
  tables: string;
  /** Where hours have a table of their own. */
  hourTable?: string;
  /** The same in all; `bucket` stands for the begin of the slice, minute or hour. */
  columns: string;
  filter: string;
};

/** `SELECT` over hours, minutes and slices as one. */
export function fromSpans(spans: Spans, { tables, hourTable = `${tables}_hour`, columns, filter }: Both): string {
  const parts: string[] = [];
  const add = (level: string, table: string, condition: string) =>
    parts.push(
      `SELECT ${columns.replaceAll('bucket', `${level} AS bucket`)} FROM ${DATABASE}.${table} WHERE ${condition} AND ${filter}`,
    );
  if (spans.hours.length > 0) add('hour', hourTable, closedRows('hour', spans.hours));
  if (spans.minutes.length > 0) add('minute', `${tables}_minute`, closedRows('minute', spans.minutes));
  if (spans.slices.length > 0 || parts.length === 0)
    add('slice', `${tables}_slice FINAL`, inRanges('slice', spans.slices));
  return parts.join('\nUNION ALL\n');
}
