/** Which part of a time range is read from hours and which from minutes. */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { HOUR_MS, inRanges, MINUTE_MS } from './roll-up.ts';

type Range = readonly [fromMs: number, toMs: number];

/** Closed hours, and whatever else of the range, as sorted ranges that do not touch each other's time. */
export type Spans = { fromMs: number; toMs: number; hours: Range[]; minutes: Range[] };

/**
 * Cuts a range, widened to whole minutes, into closed hours and the rest. A query over the result counts each minute
 * once, even where an hour is closed or opened between this call and that query.
 */
export async function cutIntoSpans(
  client: ClickHouseClient,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<Spans> {
  const from = Math.floor(fromMs / MINUTE_MS) * MINUTE_MS;
  const to = Math.max(from, Math.ceil(toMs / MINUTE_MS) * MINUTE_MS);
  const [firstHour, lastHour] = [Math.ceil(from / HOUR_MS) * HOUR_MS, Math.floor(to / HOUR_MS) * HOUR_MS];
  if (firstHour >= lastHour) return { fromMs: from, toMs: to, hours: [], minutes: from < to ? [[from, to]] : [] };
  const result = await client.query({
    query: `SELECT toUnixTimestamp(hour) AS hour_s FROM ${DATABASE}.hours
      WHERE ${inRanges('hour', [[firstHour, lastHour]])} GROUP BY hour HAVING argMax(is_closed, version) ORDER BY hour`,
    format: 'JSONEachRow',
  });
  const closed = (await result.json<{ hour_s: number }>()).map((row) => row.hour_s * 1000);
  const hours: [number, number][] = [];
  for (const hour of closed) {
    const last = hours.at(-1);
    if (last !== undefined && last[1] === hour) last[1] = hour + HOUR_MS;
    else hours.push([hour, hour + HOUR_MS]);
  }
  const edges = [from, ...hours.flat(), to];
  const minutes: Range[] = [];
  for (let index = 0; index < edges.length; index += 2)
    if (edges[index]! < edges[index + 1]!) minutes.push([edges[index]!, edges[index + 1]!]);
  return { fromMs: from, toMs: to, hours, minutes };
}

/**
 * The rows of closed hours, without FINAL: each closing wrote all rows of its hour with one version, so that the rows
 * of the last closing are the whole hour.
 */
export function closedHours(hours: readonly Range[]): string {
  const range = inRanges('hour', hours);
  return `${range} AND (hour, version) IN (
    SELECT hour, max(version) FROM ${DATABASE}.hours WHERE is_closed AND ${range} GROUP BY hour)`;
}

/**
 * `SELECT` over hours and minutes as one: `columns` are the same in both, `filter` holds in both. `hourTable` and
 * `minuteTable` are names in our database; `bucket` in columns stands for the begin of the hour or minute.
 */
export function fromBoth(
  spans: Spans,
  options: { hourTable: string; minuteTable: string; columns: string; filter: string },
): string {
  const { hourTable, minuteTable, columns, filter } = options;
  const parts: string[] = [];
  if (spans.hours.length > 0) {
    parts.push(
      `SELECT ${columns.replaceAll('bucket', 'hour AS bucket')} FROM ${DATABASE}.${hourTable} WHERE ${closedHours(spans.hours)} AND ${filter}`,
    );
  }
  if (spans.minutes.length > 0 || parts.length === 0) {
    parts.push(
      `SELECT ${columns.replaceAll('bucket', 'minute AS bucket')} FROM ${DATABASE}.${minuteTable} FINAL WHERE ${inRanges('minute', spans.minutes)} AND ${filter}`,
    );
  }
  return parts.join('\nUNION ALL\n');
}
