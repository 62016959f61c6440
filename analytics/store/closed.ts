/** Which hours and minutes the store's marks say are closed. */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { HOUR_MS, inRanges, MINUTE_MS, type Range, rangesOf } from './time-ranges.ts';

type Asked = {
  /** Whole hours that may be read as such. */
  inner: readonly Range[];
  minutes: readonly Range[];
  signal: AbortSignal | undefined;
};

/** Closed hours of `inner`, and closed minutes of `minutes` but for those that lie in these hours. */
export async function readClosed(client: ClickHouseClient, { inner, minutes, signal }: Asked) {
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
