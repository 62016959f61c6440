/**
 * Closes minutes and hours that are over: rebuilds them with one version and marks that version as the whole. What is
 * open is found by its marks, so that nothing is forgotten after a crash and late data is taken in. Two processes that
 * close the same do double work and no harm.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { peaksOfHours } from './peaks.ts';
import {
  CLOSING_GRACE_MS,
  cellsFromBase,
  KEYS_ARE_APART,
  observedFromBase,
  readVersion,
  type Settings,
} from './roll-up.ts';
import { closedRows } from './spans.ts';
import { chunksOf, HOUR_MS, inRanges, MINUTE_MS, rangesOf } from './time-ranges.ts';
import { insertTotals } from './totals.ts';

type Options = { settings: Settings; graceMs?: number; signal?: AbortSignal };

export type Closed = { minutes: number; hours: number };

/** Most minutes of a live site that are closed at once. */
const MINUTES_AT_ONCE = 30;
/**
 * Most of what one statement groups, however much is closed: a day of twelve cameras in one took 11.1 s of CPU, by six
 * hours 5.7 s, by one hour 6.8 s with the merges that many small parts ask for.
 */
const GROUPED_MINUTES = 360;
const GROUPED_HOURS = 6;
/** Hours of a large city are closed one by one: a statement holds what it groups in memory. */
const HOURS_AT_ONCE = 1;

/** Closes every minute, then every hour, that is open and over since `graceMs`. */
export async function closeBuckets(client: ClickHouseClient, options: Options): Promise<Closed> {
  const { settings, signal, graceMs = CLOSING_GRACE_MS } = options;
  const minutes = await readOpen(client, 'minute', MINUTE_MS + graceMs);
  for (let start = 0; start < minutes.length && !signal?.aborted; start += MINUTES_AT_ONCE)
    await closeMinutes(client, minutes.slice(start, start + MINUTES_AT_ONCE), settings);
  const hours = await readOpen(client, 'hour', HOUR_MS + graceMs);
  let closed = 0;
  for (let start = 0; start < hours.length && !signal?.aborted; start += HOURS_AT_ONCE)
    closed += await closeHours(client, hours.slice(start, start + HOURS_AT_ONCE), settings);
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

/** Closes the minutes that begin at the given times (ms), marked or not. */
export async function closeMinutes(
  client: ClickHouseClient,
  minutes: readonly number[],
  settings: Settings,
): Promise<void> {
  const version = await readVersion(client);
  const run = (query: string) => client.command({ query, clickhouse_settings: { ...settings, ...KEYS_ARE_APART } });
  const rebuilt = (begins: readonly number[]) => {
    const source = rangesOf(begins, MINUTE_MS);
    return { level: 'minute', source, former: source, version } as const;
  };
  for (const some of chunksOf(minutes, GROUPED_MINUTES)) await run(cellsFromBase(rebuilt(some)));
  await run(observedFromBase(rebuilt(minutes)));
  const list = minutes.map((minute) => minute / 1000).join(', ');
  await run(
    `INSERT INTO ${DATABASE}.minutes (minute, is_closed, version) SELECT toDateTime(arrayJoin([${list}]), 'UTC'), true, ${version}`,
  );
}

/**
 * Closes the hours that begin at the given times (ms), and says how many: those with an open
 * minute are left. A minute is marked before its hour, so that a mark that this look at the minutes missed makes a mark
 * on the hour that is higher than our version. Minutes keep keys that vanished as zeros, so a later closing replaces
 * every row of an earlier one.
 */
export async function closeHours(
  client: ClickHouseClient,
  hours: readonly number[],
  settings: Settings,
): Promise<number> {
  const version = await readVersion(client);
  const closable = await withoutOpenMinutes(client, hours);
  if (closable.length === 0) return 0;
  const run = (query: string) => client.command({ query, clickhouse_settings: { ...settings, ...KEYS_ARE_APART } });
  const minutes = closedRows('minute', rangesOf(closable, HOUR_MS));
  const begin = 'toStartOfHour(minute) AS hour';
  const sums = 'sum(presence_us), sum(sightings_milli), sum(moved_mm), sum(timed_ms), sum(error_mm_us)';
  const sumColumns = 'presence_us, sightings_milli, moved_mm, timed_ms, error_mm_us';
  const rollUp = (table: string, key: string, { tracks = true, placed = false } = {}) =>
    run(`INSERT INTO ${DATABASE}.${table} (hour, ${key}, ${sumColumns}${tracks ? ', tracks' : ''}, version)
      SELECT ${begin}, ${key}, ${sums}${tracks ? ', uniqCombinedMergeState(12)(tracks)' : ''}, ${version}
      FROM ${DATABASE}.cells_minute WHERE ${minutes}${placed ? ' AND cell != 0' : ''} GROUP BY hour, ${key}`);
  await rollUp('cells_hour', 'kind, cell, camera, area_path');
  await rollUp('cell_totals_hour', 'cell, camera, area_path', { tracks: false });
  await rollUp('kinds_hour', 'camera, kind, area_path');
  await rollUp('areas_hour', 'kind, area_path', { placed: true });
  for (const some of chunksOf(closable, GROUPED_HOURS))
    await run(`INSERT INTO ${DATABASE}.peaks_hour (hour, kind, scale, place, peak_us, version)
      SELECT hour, kind, scale, place, peak_us, ${version} FROM (${peaksOfHours(closedRows('minute', rangesOf(some, HOUR_MS)))})`);
  await run(`INSERT INTO ${DATABASE}.observed_hour
    SELECT ${begin}, camera, calibration_version, area_path, sum(observed_ms), sum(looks), sum(messages), sum(sightings), ${version}
    FROM ${DATABASE}.observed_minute WHERE ${minutes} GROUP BY hour, camera, calibration_version, area_path`);
  for (const some of chunksOf(closable, GROUPED_HOURS)) await run(insertTotals(rangesOf(some, HOUR_MS)));
  const list = closable.map((hour) => hour / 1000).join(', ');
  await run(
    `INSERT INTO ${DATABASE}.hours (hour, is_closed, version, has_totals)
      SELECT toDateTime(arrayJoin([${list}]), 'UTC'), true, ${version}, true`,
  );
  return closable.length;
}

async function withoutOpenMinutes(client: ClickHouseClient, hours: readonly number[]): Promise<number[]> {
  const open = await client.query({
    query: `SELECT DISTINCT toUnixTimestamp(toStartOfHour(minute)) AS hour_s FROM (
        SELECT minute FROM ${DATABASE}.minutes WHERE ${inRanges('minute', rangesOf(hours, HOUR_MS))}
        GROUP BY minute HAVING NOT (maxIf(version, is_closed) > maxIf(version, NOT is_closed)))`,
    format: 'JSONEachRow',
  });
  const opened = new Set((await open.json<{ hour_s: number }>()).map(({ hour_s }) => hour_s * 1000));
  return hours.filter((hour) => !opened.has(hour));
}
