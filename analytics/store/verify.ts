/** Compares what is rolled up with what it was rolled up from: counts that reconcile are shown, not promised. */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { readStaleHours } from './backfill.ts';
import { namesInBase, placedFromBase } from './roll-up.ts';
import { closedRows, cutIntoSpans } from './spans.ts';
import { floorTo, HOUR_MS, inRanges, overlap, rangesOf, type Range as TimeRange, without } from './time-ranges.ts';
import { LACKING_HOURS, totalsWhere } from './totals.ts';
import { peaksByName } from './verify-peaks.ts';

export type Difference = { table: string; key: string; expected: string; found: string };

export type StoredCounts = { messages: number; sightings: number; quarantined: number; observedMs: number };

type Range = { fromMs: number; toMs: number };

const LIMIT = 100;

const CELLS = 'kind, cell, camera, area_path';
const TOTALS = 'cell, camera, area_path';
const AREAS = 'kind, area_path';
const KINDS = 'camera, kind, area_path';
const CAMERAS = 'camera, calibration_version, area_path';
const FIGURES = 'toUInt64(sum(presence_us)), toUInt64(sum(sightings_milli)), uniqCombinedMerge(12)(tracks)';
/** Not kept by former versions. */
const MOTION = 'sum(moved_mm), sum(timed_ms), sum(error_mm_us)';
const TOTALS_OF_AREAS = 'area, hour, kind, area_path, level';
const AREA_FIGURES = `${FIGURES}, ${MOTION}, sum(placed_us), sum(observed_ms)`;
const OBSERVED = 'sum(observed_ms), sum(looks), sum(messages), sum(sightings)';

/**
 * Differences between roll-ups and what they come from, at most 100 per table; none when all is well. Compared are
 * slices where a minute is open, minutes that are closed, and hours that are closed: what a reader would read. Of hours
 * that a former version closed only what it kept.
 */
export async function verifyRollups(client: ClickHouseClient, range: Range): Promise<Difference[]> {
  const byMinute = await cutIntoSpans(client, { ...range, finest: 'minute' });
  const byHour = await cutIntoSpans(client, range);
  const { slices, minutes } = byMinute;
  const around: TimeRange = [floorTo(range.fromMs, HOUR_MS), Math.ceil(range.toMs / HOUR_MS) * HOUR_MS];
  const stale = rangesOf(await readStaleHours(client, [around]), HOUR_MS);
  const [formerHours, hours] = split(byHour.hours, stale);
  const [, motion] = split(minutes, stale);
  const comparisons = [
    ...againstBase('slice', slices, `${inRanges('slice', slices)}`),
    ...againstBase('minute', minutes, closedRows('minute', minutes)),
    motionAgainstBase('slice', slices, `${inRanges('slice', slices)}`),
    motionAgainstBase('minute', motion, closedRows('minute', motion)),
    ...againstMinutes(formerHours, false),
    ...againstMinutes(hours, true),
  ];
  const differences = await Promise.all(comparisons.map((comparison) => compare(client, comparison)));
  return differences.flat();
}

/** What of the ranges lies in the others (sorted, apart), and what does not. */
function split(ranges: readonly TimeRange[], others: readonly TimeRange[]): [TimeRange[], TimeRange[]] {
  const inside = ranges.flatMap((range) => overlap(range, others));
  return [inside, ranges.flatMap((range) => without(range, overlap(range, others)))];
}

type Comparison = { table: string; expected: string; found: string };

function againstBase(level: 'slice' | 'minute', ranges: readonly TimeRange[], rows: string): Comparison[] {
  const begin = (column: string) =>
    level === 'slice'
      ? `toStartOfInterval(toDateTime(${column}, 'UTC'), INTERVAL 10 SECOND)`
      : `toStartOfMinute(toDateTime(${column}, 'UTC'))`;
  const final = level === 'slice' ? 'FINAL' : '';
  return [
    {
      table: `cells_${level}`,
      expected: `SELECT toString(tuple(begin, ${CELLS})) AS key, tuple(sum(toUInt64(presence_ms) * weight), sum(toUInt64(weight)), uniqCombined(12)(track)) AS figures
        FROM (SELECT ${begin('captured_at')} AS begin, * FROM ${DATABASE}.sightings FINAL WHERE ${inRanges('captured_at', ranges)})
        ARRAY JOIN cells AS cell, weights AS weight GROUP BY begin, ${CELLS}`,
      found: `SELECT toString(tuple(${level}, ${CELLS})) AS key, tuple(${FIGURES}) AS figures
        FROM ${DATABASE}.cells_${level} ${final} WHERE ${rows} AND sightings_milli > 0 GROUP BY ${level}, ${CELLS}`,
    },
    {
      table: `observed_${level}`,
      expected: `SELECT toString(tuple(begin, ${CAMERAS})) AS key, tuple(sum(toUInt64(observed_ms)), sum(toUInt64(looks)), count(), sum(toUInt64(sightings))) AS figures
        FROM (SELECT ${begin('watched_from')} AS begin, * FROM ${DATABASE}.looks FINAL WHERE ${inRanges('watched_from', ranges)})
        GROUP BY begin, ${CAMERAS}`,
      found: `SELECT toString(tuple(${level}, ${CAMERAS})) AS key, tuple(${OBSERVED}) AS figures
        FROM ${DATABASE}.observed_${level} ${final} WHERE ${rows} AND messages > 0 GROUP BY ${level}, ${CAMERAS}`,
    },
  ];
}

/** How far tracks moved, in which time, and how sure their places are. */
function motionAgainstBase(level: 'slice' | 'minute', ranges: readonly TimeRange[], rows: string): Comparison {
  const key = `toString(tuple(${level}, ${CELLS})) AS key`;
  return {
    table: `cells_${level}`,
    expected: `SELECT ${key}, tuple(sum(mm), sum(ms), sum(error)) AS figures FROM (${placedFromBase(level, ranges)}) AS placed
      INNER JOIN (${namesInBase({ level, source: ranges, former: [] })}) AS named USING (who) GROUP BY ${level}, ${CELLS}`,
    found: `SELECT ${key}, tuple(${MOTION}) AS figures
      FROM ${DATABASE}.cells_${level} ${level === 'slice' ? 'FINAL' : ''} WHERE ${rows} AND sightings_milli > 0 GROUP BY ${level}, ${CELLS}`,
  };
}

/** Hours are made of minutes that are all closed. */
function againstMinutes(hours: readonly TimeRange[], isAll: boolean): Comparison[] {
  const [ofMinutes, ofHours] = [closedRows('minute', hours), closedRows('hour', hours)];
  const isCounted = 'sightings_milli > 0';
  const isTotal = '(sightings_milli > 0 OR observed_ms > 0)';
  const motion = isAll ? `, ${MOTION}` : '';
  const tables = [
    ['cells_hour', CELLS, 'cells_minute', FIGURES + motion, isCounted],
    ['cell_totals_hour', TOTALS, 'cells_minute', `sum(presence_us), sum(sightings_milli)${motion}`, isCounted],
    ['kinds_hour', KINDS, 'cells_minute', FIGURES + motion, isCounted],
    ...(isAll ? [['areas_hour', AREAS, 'cells_minute', FIGURES + motion, `${isCounted} AND cell != 0`] as const] : []),
    ['observed_hour', CAMERAS, 'observed_minute', OBSERVED, 'messages > 0'],
  ] as const;
  const summed = tables.map(([table, key, source, sums, isThere]) => ({
    table,
    expected: `SELECT toString(tuple(toStartOfHour(minute), ${key})) AS key, tuple(${sums}) AS figures
      FROM ${DATABASE}.${source} WHERE ${ofMinutes} AND ${isThere} GROUP BY toStartOfHour(minute), ${key}`,
    found: `SELECT toString(tuple(hour, ${key})) AS key, tuple(${sums}) AS figures
      FROM ${DATABASE}.${table} WHERE ${ofHours} AND ${isThere.replace(' AND cell != 0', '')} GROUP BY hour, ${key}`,
  }));
  if (!isAll) return summed;
  // Where totals lack, a reader makes them of the rows of cameras.
  const isKept = `hour NOT IN (${LACKING_HOURS})`;
  const totals = {
    table: 'totals_hour',
    expected: `SELECT toString(tuple(${TOTALS_OF_AREAS})) AS key, tuple(${AREA_FIGURES}) AS figures
      FROM (${totalsWhere(inRanges('hour', hours))}) WHERE ${isTotal} AND ${isKept} GROUP BY ${TOTALS_OF_AREAS}`,
    found: `SELECT toString(tuple(${TOTALS_OF_AREAS})) AS key, tuple(${AREA_FIGURES}) AS figures
      FROM ${DATABASE}.totals_hour WHERE ${ofHours} AND ${isTotal} AND ${isKept} GROUP BY ${TOTALS_OF_AREAS}`,
  };
  const peaks = {
    table: 'peaks_hour',
    expected: `SELECT toString(tuple(hour, kind, scale, place)) AS key, tuple(peak) AS figures FROM (${peaksByName(ofMinutes)}) WHERE peak > 0`,
    found: `SELECT toString(tuple(hour, kind, scale, place)) AS key, tuple(sum(peak_us)) AS figures
      FROM ${DATABASE}.peaks_hour WHERE ${ofHours} AND peak_us > 0 GROUP BY hour, kind, scale, place`,
  };
  return [...summed, peaks, totals];
}

async function compare(client: ClickHouseClient, { table, expected, found }: Comparison): Promise<Difference[]> {
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
