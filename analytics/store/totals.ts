/**
 * Totals of areas per hour, made of the rows of cameras: an area's row holds all below it, so that a week of a city is a
 * thousand rows and as many sketches of tracks to merge, where its cameras have a hundred times as many.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { AREA_LEVELS } from '#models/schema/area.ts';
import { DATABASE } from '#system/store-client.ts';
import type { Settings } from './roll-up.ts';
import { chunksOf, HOUR_MS, inRanges, type Range, rangesOf } from './time-ranges.ts';

const LEVELS = `[${AREA_LEVELS.map((level) => `'${level}'`).join(', ')}]`;
const WAY = "splitByChar('.', leaf)";
const NO_TRACKS = "arrayReduce('uniqCombinedState(12)', CAST([], 'Array(String)'))";
const SUMS = ['presence_us', 'sightings_milli', 'moved_mm', 'timed_ms', 'error_mm_us', 'placed_us', 'observed_ms'];
const KEY = 'area, hour, kind, area_path, level';

/**
 * Hours whose last closing has no totals beside it: one of before they were kept, or of an older process that runs beside a
 * newer one. A closing that was filled in later stands there twice until the engine has merged it.
 */
export const LACKING_HOURS = `SELECT hour FROM ${DATABASE}.hours WHERE is_closed
  GROUP BY hour HAVING NOT argMax(has_totals, (version, has_totals))`;

/** `SELECT` of rows of `totals_hour`, of the hours for which `isIn` holds. Keys that vanished come as zeros, as they do in the rows of cameras. */
export function totalsWhere(isIn: string): string {
  const sums = SUMS.map((name) => `sum(of_${name}) AS ${name}`).join(', ');
  const named = (values: readonly string[]) => values.map((value, index) => `${value} AS of_${SUMS[index]}`).join(', ');
  const seen = named([...SUMS.slice(0, 5), 'if(error_mm_us > 0, presence_us, 0)', '0']);
  const watched = named(['0', '0', '0', '0', '0', '0', 'observed_ms']);
  return `SELECT ${WAY}[depth] AS area, hour, kind, arrayStringConcat(arraySlice(${WAY}, 1, depth), '.') AS area_path, ${LEVELS}[depth] AS level,
      ${sums}, uniqCombinedMergeState(12)(states) AS tracks, max(written) AS version
    FROM (
      SELECT hour, kind, area_path AS leaf, ${seen}, tracks AS states, version AS written FROM ${DATABASE}.kinds_hour FINAL WHERE ${isIn}
      UNION ALL
      SELECT hour, '' AS kind, area_path AS leaf, ${watched}, ${NO_TRACKS} AS states, version AS written FROM ${DATABASE}.observed_hour FINAL WHERE ${isIn}
    ) ARRAY JOIN arrayFilter(step -> ${WAY}[step] != '_', range(1, length(${WAY}) + 1)) AS depth
    GROUP BY ${KEY}`;
}

export const insertTotals = (ranges: readonly Range[]) =>
  `INSERT INTO ${DATABASE}.totals_hour (${KEY}, ${SUMS.join(', ')}, tracks, version)
    SELECT ${KEY}, ${SUMS.join(', ')}, tracks, version FROM (${totalsWhere(inRanges('hour', ranges))})`;

/** The same rows as they are kept, and those of hours that lack them made of the rows of cameras: right, only slower. */
export const KEPT_TOTALS = `SELECT ${KEY}, ${SUMS.join(', ')}, tracks FROM ${DATABASE}.totals_hour FINAL`;
export const ALL_TOTALS = `${KEPT_TOTALS} WHERE hour NOT IN (${LACKING_HOURS})
  UNION ALL SELECT ${KEY}, ${SUMS.join(', ')}, tracks FROM (${totalsWhere(`hour IN (${LACKING_HOURS})`)})`;

/** A statement holds the sketches that it merges in memory: hours of a day at once. 63 days of 100 cameras took 12.6 s of CPU. */
const HOURS_AT_ONCE = 24;
/** Live rows wait meanwhile: of a week at most. */
const HOURS_A_TURN = 7 * 24;

type Lacking = { beginS: number; version: string };

type Filling = { settings: Settings; signal?: AbortSignal; onLacking?: (hours: number) => void };

/** Fills in the newest hours that lack totals, and says of how many; `onLacking` is told how many there are, and are left. */
export async function fillTotals(
  client: ClickHouseClient,
  { settings, signal, onLacking = () => {} }: Filling,
): Promise<number> {
  const lacking = await readLacking(client);
  onLacking(lacking.length);
  let filled = 0;
  for (const some of chunksOf(lacking.slice(0, HOURS_A_TURN), HOURS_AT_ONCE)) {
    if (signal?.aborted) break;
    await fill(client, some, settings);
    filled += some.length;
    onLacking(lacking.length - filled);
  }
  return filled;
}

/** The versions are read before the rows: what is closed meanwhile has a higher one, and still lacks. */
async function readLacking(client: ClickHouseClient): Promise<Lacking[]> {
  const result = await client.query({
    query: `SELECT toUnixTimestamp(hour) AS beginS, toString(max(version)) AS version FROM ${DATABASE}.hours
      WHERE is_closed AND hour IN (${LACKING_HOURS}) GROUP BY hour ORDER BY hour DESC`,
    format: 'JSONEachRow',
  });
  return result.json<Lacking>();
}

async function fill(client: ClickHouseClient, hours: readonly Lacking[], settings: Settings): Promise<void> {
  const run = (query: string) => client.command({ query, clickhouse_settings: settings });
  const begins = hours.map(({ beginS }) => beginS * 1000);
  await run(insertTotals(rangesOf(begins, HOUR_MS)));
  const marks = hours.map(({ beginS, version }) => `(${beginS}, toUInt64(${version}))`).join(', ');
  await run(`INSERT INTO ${DATABASE}.hours (hour, is_closed, version, has_totals)
    SELECT toDateTime(mark.1, 'UTC'), true, mark.2, true FROM (SELECT arrayJoin([${marks}]) AS mark)`);
}
