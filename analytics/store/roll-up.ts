/**
 * Roll-ups, always rebuilt from what is below and never added to: sightings → minutes at every batch, minutes → hours
 * when an hour is over. A row's version is the engine's clock read *before* the rebuilding query begins: a rebuild with
 * a higher version saw every row that was there before a lower one began, whoever wrote it.
 *
 * An hour is open until `closeHours` has rebuilt it and marked it closed with the version of its rows. Whoever changes a
 * minute of an hour that is over marks it open again, *after* the minute is written: a closing that began before has a
 * lower version than the mark, one that began later saw the minute. Marks are rows, so that they survive a crash.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
/** An hour closes this long after its end; longer than a write may take, so that no write straddles the closing. */
export const CLOSING_GRACE_MS = 120_000;

type Settings = Record<string, string | number>;

export type Rebuild = {
  /** Begins of the minutes to rebuild, ms. */
  minutes: readonly number[];
  /** Minutes in which a stored row may have been replaced by another: cells that are no longer in the base get zeros. */
  mayVanish: readonly number[];
};

/** The engine's clock, nanoseconds, as text: it does not fit a double. */
export async function readVersion(client: ClickHouseClient): Promise<string> {
  const result = await client.query({
    query: 'SELECT toString(toUnixTimestamp64Nano(now64(9))) AS version',
    format: 'JSONEachRow',
  });
  return (await result.json<{ version: string }>())[0]!.version;
}

/** `(column >= a AND column < b) OR …` for the given minutes (or hours), neighbours joined. */
export function within(column: string, begins: readonly number[], sizeMs: number): string {
  const ranges: [number, number][] = [];
  for (const begin of [...new Set(begins)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === begin) last[1] = begin + sizeMs;
    else ranges.push([begin, begin + sizeMs]);
  }
  return inRanges(column, ranges);
}

export function inRanges(column: string, ranges: readonly (readonly [fromMs: number, toMs: number])[]): string {
  if (ranges.length === 0) return 'false';
  const at = (ms: number) => `toDateTime(${Math.floor(ms / 1000)}, 'UTC')`;
  return `(${ranges.map(([from, to]) => `(${column} >= ${at(from)} AND ${column} < ${at(to)})`).join(' OR ')})`;
}

/** Rebuilds the minutes of `cells_minute` and `observed_minute` from the base. Returns the version of the new rows. */
export async function rebuildMinutes(client: ClickHouseClient, rebuild: Rebuild, settings: Settings): Promise<string> {
  const version = await readVersion(client);
  const chunk = 360;
  for (let start = 0; start < rebuild.minutes.length; start += chunk) {
    const minutes = rebuild.minutes.slice(start, start + chunk);
    const vanishing = rebuild.mayVanish.filter((minute) => minutes.includes(minute));
    const change = { clickhouse_settings: settings };
    await client.command({ query: cellsOfMinutes(minutes, vanishing, version), ...change });
    await client.command({ query: observedOfMinutes(minutes, vanishing, version), ...change });
  }
  return version;
}

function cellsOfMinutes(minutes: readonly number[], vanishing: readonly number[], version: string): string {
  const key = 'minute, kind, cell, camera, area_path';
  const placed = `
    SELECT minute, kind, cell, camera, area_path, toUInt64(presence_ms) * weight AS us, toUInt64(weight) AS milli, track, 1 AS is_row
    FROM (
      SELECT toStartOfMinute(captured_at) AS minute, kind, camera, area_path, presence_ms, track, cells, weights
      FROM ${DATABASE}.sightings FINAL WHERE ${within('captured_at', minutes, MINUTE_MS)}
    ) ARRAY JOIN cells AS cell, weights AS weight`;
  const former = `
    SELECT DISTINCT ${key}, toUInt64(0), toUInt64(0), '', 0
    FROM ${DATABASE}.cells_minute WHERE ${within('minute', vanishing, MINUTE_MS)}`;
  return vanishing.length === 0
    ? `INSERT INTO ${DATABASE}.cells_minute SELECT ${key}, sum(us), sum(milli), uniqState(track), ${version} FROM (${placed}) GROUP BY ${key}`
    : `INSERT INTO ${DATABASE}.cells_minute SELECT ${key}, sum(us), sum(milli), uniqStateIf(track, is_row), ${version}
       FROM (${placed} UNION ALL ${former}) GROUP BY ${key}`;
}

function observedOfMinutes(minutes: readonly number[], vanishing: readonly number[], version: string): string {
  const key = 'minute, camera, calibration_version, area_path';
  const former =
    vanishing.length === 0
      ? ''
      : `UNION ALL SELECT DISTINCT ${key}, 0, 0, 0, 0 FROM ${DATABASE}.observed_minute WHERE ${within('minute', vanishing, MINUTE_MS)}`;
  return `INSERT INTO ${DATABASE}.observed_minute
    SELECT ${key}, sum(observed_ms), sum(looks), sum(messages), sum(sightings), ${version}
    FROM (
      SELECT toStartOfMinute(watched_from) AS minute, camera, calibration_version, area_path, observed_ms, looks, 1 AS messages, sightings
      FROM ${DATABASE}.looks FINAL WHERE ${within('watched_from', minutes, MINUTE_MS)}
      ${former}
    ) GROUP BY ${key}`;
}

/** Says that minutes of these hours have changed. Call it after the minutes are written. */
export async function markOpen(client: ClickHouseClient, hours: readonly number[], settings: Settings): Promise<void> {
  const list = hours.map((hour) => Math.floor(hour / 1000)).join(', ');
  await client.command({
    query: `INSERT INTO ${DATABASE}.hours
      SELECT toDateTime(arrayJoin([${list}]), 'UTC'), toUnixTimestamp64Nano(now64(9)), false`,
    clickhouse_settings: settings,
  });
}

/** Rebuilds and closes every hour that is over and open. Returns the hours closed (ms). */
export async function closeHours(
  client: ClickHouseClient,
  options: { settings: Settings; graceMs?: number; signal?: AbortSignal },
): Promise<number[]> {
  const graceS = Math.floor((options.graceMs ?? CLOSING_GRACE_MS) / 1000);
  const result = await client.query({
    query: `SELECT toUnixTimestamp(hour) AS hour_s FROM ${DATABASE}.hours
      WHERE hour <= now() - INTERVAL ${3600 + graceS} SECOND
      GROUP BY hour HAVING argMax(is_closed, version) = false ORDER BY hour`,
    format: 'JSONEachRow',
  });
  const open = (await result.json<{ hour_s: number }>()).map((row) => row.hour_s * 1000);
  const closed: number[] = [];
  for (const hour of open) {
    if (options.signal?.aborted) break;
    await closeHour(client, hour, options.settings);
    closed.push(hour);
  }
  return closed;
}

/** Minutes keep vanished keys as zeros, so an hour's keys only grow and a later closing replaces every row of an earlier. */
async function closeHour(client: ClickHouseClient, hour: number, settings: Settings): Promise<void> {
  const version = await readVersion(client);
  const minutes = within('minute', [hour], HOUR_MS);
  const begin = `toDateTime(${hour / 1000}, 'UTC')`;
  const run = (query: string) => client.command({ query, clickhouse_settings: settings });
  const figures = `sum(presence_us), sum(sightings_milli), uniqMergeState(tracks), ${version}`;
  await run(`INSERT INTO ${DATABASE}.cells_hour
    SELECT ${begin}, kind, cell, camera, area_path, ${figures}
    FROM ${DATABASE}.cells_minute FINAL WHERE ${minutes} GROUP BY kind, cell, camera, area_path`);
  await run(`INSERT INTO ${DATABASE}.kinds_hour
    SELECT ${begin}, camera, kind, area_path, ${figures}
    FROM ${DATABASE}.cells_minute FINAL WHERE ${minutes} GROUP BY camera, kind, area_path`);
  await run(`INSERT INTO ${DATABASE}.observed_hour
    SELECT ${begin}, camera, calibration_version, area_path, sum(observed_ms), sum(looks), sum(messages), sum(sightings), ${version}
    FROM ${DATABASE}.observed_minute FINAL WHERE ${minutes} GROUP BY camera, calibration_version, area_path`);
  await run(`INSERT INTO ${DATABASE}.hours SELECT ${begin}, ${version}, true`);
}
