/** Compares what is rolled up with what it was rolled up from: counts that reconcile are shown, not promised. */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { inRanges } from './roll-up.ts';
import { closedHours, cutIntoSpans } from './spans.ts';

export type Difference = { table: string; key: string; expected: string; found: string };

export type StoredCounts = { messages: number; sightings: number; quarantined: number; observedMs: number };

type Range = { fromMs: number; toMs: number };

const LIMIT = 100;

/** Differences between roll-ups and base, at most 100 per table; none when all is well. Hours that are open are not compared. */
export async function verifyRollups(client: ClickHouseClient, range: Range): Promise<Difference[]> {
  const spans = await cutIntoSpans(client, range);
  const minutes = [[spans.fromMs, spans.toMs]] as const;
  const [ofMinutes, ofHours] = [inRanges('minute', minutes), closedHours(spans.hours)];
  const minutesOfHours = inRanges('minute', spans.hours);
  const figures = 'toUInt64(sum(presence_us)), toUInt64(sum(sightings_milli)), uniqMerge(tracks)';
  const cells = 'kind, cell, camera, area_path';
  const kinds = 'camera, kind, area_path';
  const cameras = 'camera, calibration_version, area_path';
  const observed = 'sum(observed_ms), sum(looks), sum(messages), sum(sightings)';
  const differences = await Promise.all([
    compare(client, 'cells_minute', {
      expected: `SELECT toString(tuple(minute, ${cells})) AS key, tuple(sum(toUInt64(presence_ms) * weight), sum(toUInt64(weight)), uniq(track)) AS figures
        FROM (SELECT toStartOfMinute(captured_at) AS minute, * FROM ${DATABASE}.sightings FINAL WHERE ${inRanges('captured_at', minutes)})
        ARRAY JOIN cells AS cell, weights AS weight GROUP BY minute, ${cells}`,
      found: `SELECT toString(tuple(minute, ${cells})) AS key, tuple(${figures}) AS figures
        FROM ${DATABASE}.cells_minute FINAL WHERE ${ofMinutes} AND sightings_milli > 0 GROUP BY minute, ${cells}`,
    }),
    compare(client, 'observed_minute', {
      expected: `SELECT toString(tuple(minute, ${cameras})) AS key, tuple(sum(toUInt64(observed_ms)), sum(toUInt64(looks)), count(), sum(toUInt64(sightings))) AS figures
        FROM (SELECT toStartOfMinute(watched_from) AS minute, * FROM ${DATABASE}.looks FINAL WHERE ${inRanges('watched_from', minutes)})
        GROUP BY minute, ${cameras}`,
      found: `SELECT toString(tuple(minute, ${cameras})) AS key, tuple(${observed}) AS figures
        FROM ${DATABASE}.observed_minute FINAL WHERE ${ofMinutes} AND messages > 0 GROUP BY minute, ${cameras}`,
    }),
    ...(
      [
        ['cells_hour', cells, 'cells_minute', figures, 'sightings_milli > 0'],
        ['kinds_hour', kinds, 'cells_minute', figures, 'sightings_milli > 0'],
        ['observed_hour', cameras, 'observed_minute', observed, 'messages > 0'],
      ] as const
    ).map(([table, key, source, sums, isThere]) =>
      compare(client, table, {
        expected: `SELECT toString(tuple(toStartOfHour(minute), ${key})) AS key, tuple(${sums}) AS figures
          FROM ${DATABASE}.${source} FINAL WHERE ${minutesOfHours} AND ${isThere} GROUP BY toStartOfHour(minute), ${key}`,
        found: `SELECT toString(tuple(hour, ${key})) AS key, tuple(${sums}) AS figures
          FROM ${DATABASE}.${table} WHERE ${ofHours} AND ${isThere} GROUP BY hour, ${key}`,
      }),
    ),
  ]);
  return differences.flat();
}

async function compare(
  client: ClickHouseClient,
  table: string,
  { expected, found }: { expected: string; found: string },
): Promise<Difference[]> {
  const result = await client.query({
    query: `SELECT key, maxIf(text, side = 'expected') AS expected, maxIf(text, side = 'found') AS found
      FROM (
        SELECT key, toString(figures) AS text, 'expected' AS side FROM (${expected})
        UNION ALL SELECT key, toString(figures), 'found' FROM (${found})
      ) GROUP BY key HAVING expected != found ORDER BY key LIMIT ${LIMIT}`,
    format: 'JSONEachRow',
  });
  const rows = await result.json<Omit<Difference, 'table'>>();
  return rows.map((row) => ({ table, ...row }));
}

/** What is stored of a time range, repeats counted once: to be compared with what was published. */
export async function countStored(client: ClickHouseClient, { fromMs, toMs }: Range): Promise<StoredCounts> {
  const range = [[fromMs, toMs]] as const;
  const result = await client.query({
    query: `SELECT
      (SELECT toFloat64(count()) FROM ${DATABASE}.looks FINAL WHERE ${inRanges('watched_from', range)}) AS messages,
      (SELECT toFloat64(sum(observed_ms)) FROM ${DATABASE}.looks FINAL WHERE ${inRanges('watched_from', range)}) AS observedMs,
      (SELECT toFloat64(count()) FROM ${DATABASE}.sightings FINAL WHERE ${inRanges('captured_at', range)}) AS sightings,
      (SELECT toFloat64(count()) FROM ${DATABASE}.quarantine FINAL) AS quarantined`,
    format: 'JSONEachRow',
  });
  return (await result.json<StoredCounts>())[0]!;
}
