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
  const from = floorTo(fromMs, MINUTE_MS);
  const to = Math.max(from, Math.ceil(toMs / MINUTE_MS) * MINUTE_MS);
  const whole = ranges === undefined ? [[from, to] as const] : toMinutes(ranges);
  const inner = whole.flatMap(([begin, end]): Range[] => {
    const [first, last] = [Math.ceil(begin / HOUR_MS) * HOUR_MS, floorTo(end, HOUR_MS)];
    return finest === 'hour' && first < last ? [[first, last]] : [];
  });
  const asking = { inner, signal };
  // Of a few days it is asked at once which minutes are closed that no closed hour holds.
  const isShort = to - from <= ASK_AT_ONCE_MS;
  const known = await readClosed(client, { ...asking, minutes: isShort ? [[from, to]] : [] });
  const hours = inner.flatMap((range) => overlap(range, known.hours));
  const rest = whole.flatMap((range) => without(range, within(range, hours)));
  const closed = isShort || rest.length === 0 ? known : await readClosed(client, { inner: [], signal, minutes: rest });
  const minutes = rest.flatMap((range) => overlap(range, closed.minutes));
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

type Asked = {
  /** Whole hours that may be read as such. */
  inner: readonly Range[];
  minutes: readonly Range[];
  signal: AbortSignal | undefined;
};

/** Closed hours of `inner`, and closed minutes of `minutes` but for those that lie in these hours. */
async function readClosed(client: ClickHouseClient, { inner, minutes, signal }: Asked) {
  const around: readonly Range[] = inner.length === 0 ? [] : [[inner[0]![0], inner.at(-1)![1]]];
  const closed = (level: 'minute' | 'hour', where: string) =>
    `SELECT ${level} FROM ${DATABASE}.${level}s WHERE ${where} GROUP BY ${level}
      HAVING maxIf(version, is_closed) > maxIf(version, NOT is_closed)`;
  const hours = closed('hour', inRanges('hour', around));
  const isHeld = `(${inRanges('minute', inner)} AND toStartOfHour(minute) IN (${hours}))`;
  const parts = [
    ...(inner.length === 0 ? [] : [`SELECT true AS is_hour, toUnixTimestamp(hour) AS begin_s FROM (${hours})`]),
    ...(minutes.length === 0
      ? []
      : [
          `SELECT false AS is_hour, toUnixTimestamp(minute) AS begin_s
            FROM (${closed('minute', `${inRanges('minute', minutes)} AND NOT ${isHeld}`)})`,
        ]),
  ];
  if (parts.length === 0) return { hours: [], minutes: [] };
  const result = await client.query({
    query: parts.join('\nUNION ALL\n'),
    format: 'JSONEachRow',
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  const rows = await result.json<{ is_hour: boolean; begin_s: number }>();
  const begins = (isHour: boolean) =>
    rows.filter(({ is_hour }) => is_hour === isHour).map(({ begin_s }) => begin_s * 1000);
  return { hours: rangesOf(begins(true), HOUR_MS), minutes: rangesOf(begins(false), MINUTE_MS) };
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
