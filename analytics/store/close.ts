/**
 * Closes minutes and hours that are over: rebuilds them with one version and marks that version as the whole. What is
 * open is found by its marks, so that nothing is forgotten after a crash and late data is taken in. Two processes that
 * close the same do double work and no harm.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { busyMinutes } from './peaks.ts';
import { CLOSING_GRACE_MS, cellsFromBase, observedFromBase, readVersion, type Settings } from './roll-up.ts';
import { closedRows } from './spans.ts';
import { HOUR_MS, inRanges, MINUTE_MS, rangesOf } from './time-ranges.ts';

type Options = { settings: Settings; graceMs?: number; signal?: AbortSignal };

export type Closed = { minutes: number; hours: number };

/** Most minutes that one statement rebuilds. */
const MINUTES_AT_ONCE = 30;

/** Closes every minute, then every hour, that is open and over since `graceMs`. */
export async function closeBuckets(client: ClickHouseClient, options: Options): Promise<Closed> {
  const { settings, signal, graceMs = CLOSING_GRACE_MS } = options;
  const minutes = await readOpen(client, 'minute', MINUTE_MS + graceMs);
  for (let start = 0; start < minutes.length && !signal?.aborted; start += MINUTES_AT_ONCE)
    await closeMinutes(client, minutes.slice(start, start + MINUTES_AT_ONCE), settings);
  let closed = 0;
  for (const hour of await readOpen(client, 'hour', HOUR_MS + graceMs)) {
    if (signal?.aborted) break;
    if (await closeHour(client, hour, settings)) closed++;
  }
  return { minutes: minutes.length, hours: closed };
}

/** Begins (ms) of what is open and began at least `ageMs` ago by the engine's clock. */
async function readOpen(client: ClickHouseClient, level: 'minute' | 'hour', ageMs: number): Promise<number[]> {
  const result = await client.query({
    query: `SELECT toUnixTimestamp(${level}) AS begin_s FROM ${DATABASE}.${level}s
      WHERE ${level} <= now() - INTERVAL ${Math.ceil(ageMs / 1000)} SECOND
      GROUP BY ${level} HAVING NOT (maxIf(version, is_closed) > maxIf(version, NOT is_closed)) ORDER BY ${level}`,
    format: 'JSONEachRow',
  });
  return (await result.json<{ begin_s: number }>()).map((row) => row.begin_s * 1000);
}

async function closeMinutes(client: ClickHouseClient, minutes: readonly number[], settings: Settings): Promise<void> {
  const version = await readVersion(client);
  const source = rangesOf(minutes, MINUTE_MS);
  const options = { level: 'minute', source, former: source, version } as const;
  const run = (query: string) => client.command({ query, clickhouse_settings: settings });
  await run(cellsFromBase(options));
  await run(observedFromBase(options));
  const list = minutes.map((minute) => minute / 1000).join(', ');
  await run(
    `INSERT INTO ${DATABASE}.minutes (minute, is_closed, version) SELECT toDateTime(arrayJoin([${list}]), 'UTC'), true, ${version}`,
  );
}

/**
 * False, and nothing done, while one of its minutes is open. A minute is marked before its hour, so that a mark that
 * this look at the minutes missed makes a mark on the hour that is higher than our version. Minutes keep keys that
 * vanished as zeros, so a later closing replaces every row of an earlier one.
 */
async function closeHour(client: ClickHouseClient, hour: number, settings: Settings): Promise<boolean> {
  const version = await readVersion(client);
  const range = [[hour, hour + HOUR_MS]] as const;
  const open = await client.query({
    query: `SELECT minute FROM ${DATABASE}.minutes WHERE ${inRanges('minute', range)}
      GROUP BY minute HAVING NOT (maxIf(version, is_closed) > maxIf(version, NOT is_closed)) LIMIT 1`,
    format: 'JSONEachRow',
  });
  if ((await open.json()).length > 0) return false;
  const begin = `toDateTime(${hour / 1000}, 'UTC')`;
  const run = (query: string) => client.command({ query, clickhouse_settings: settings });
  const minutes = closedRows('minute', range);
  const sums = 'sum(presence_us), sum(sightings_milli), sum(moved_mm), sum(timed_ms), sum(error_mm_us)';
  const sumColumns = 'presence_us, sightings_milli, moved_mm, timed_ms, error_mm_us';
  const rollUp = (table: string, key: string, { tracks = true, placed = false } = {}) =>
    run(`INSERT INTO ${DATABASE}.${table} (hour, ${key}, ${sumColumns}${tracks ? ', tracks' : ''}, version)
      SELECT ${begin}, ${key}, ${sums}${tracks ? ', uniqCombinedMergeState(12)(tracks)' : ''}, ${version}
      FROM ${DATABASE}.cells_minute WHERE ${minutes}${placed ? ' AND cell != 0' : ''} GROUP BY ${key}`);
  await rollUp('cells_hour', 'kind, cell, camera, area_path');
  await rollUp('cell_totals_hour', 'cell, camera, area_path', { tracks: false });
  await rollUp('kinds_hour', 'camera, kind, area_path');
  await rollUp('areas_hour', 'kind, area_path', { placed: true });
  await run(`INSERT INTO ${DATABASE}.peaks_hour (hour, kind, scale, place, peak_us, version)
    SELECT ${begin}, kind, scale, place, max(us), ${version} FROM (${busyMinutes(minutes)}) GROUP BY kind, scale, place`);
  await run(`INSERT INTO ${DATABASE}.observed_hour
    SELECT ${begin}, camera, calibration_version, area_path, sum(observed_ms), sum(looks), sum(messages), sum(sightings), ${version}
    FROM ${DATABASE}.observed_minute WHERE ${minutes} GROUP BY camera, calibration_version, area_path`);
  await run(`INSERT INTO ${DATABASE}.hours (hour, is_closed, version) SELECT ${begin}, true, ${version}`);
  return true;
}
