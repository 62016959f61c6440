/** The figures that the API tells: heat maps and summaries, from the coarsest level that is closed. */
import type { ClickHouseClient } from '@clickhouse/client';
import { cellToLatLng } from 'h3-js';
import type { HeatCell, HeatMap, Measure } from '#models/schema/heat-map.ts';
import type { Kind } from '#models/schema/kind.ts';
import { DATABASE } from '#system/store-client.ts';
import { type Box, cellRangesOf } from './cell-ranges.ts';
import { cutIntoSpans, fromSpans, type Spans } from './spans.ts';

export type HeatMapQuestion = {
  fromMs: number;
  toMs: number;
  kind: Kind | null;
  /** H3 resolution of the answer, 9 to 13. */
  resolution: number;
  /** Degrees; only cells whose middle lies within. */
  bbox?: Box;
  measure: Measure;
  /** Areas, each with all below it; absent or empty means everywhere. */
  scope?: readonly string[];
};

/** The store ends the queries of a signal that aborts. */
export type ReadOptions = { signal?: AbortSignal };

type Within = ReadOptions & { spans: Spans };

/**
 * Per cell, presence in seconds or distinct tracks, and how many camera-seconds it was watched: where two cameras see a
 * cell, both count in both, so that presence / observedS is the mean number of things there. A cell that was watched
 * with nothing in it has value 0; one that nobody watched is not in the answer. Times are widened to whole minutes.
 */
export async function readHeatMap(
  client: ClickHouseClient,
  question: HeatMapQuestion,
  options: ReadOptions = {},
): Promise<HeatMap> {
  const spans = await cutIntoSpans(client, question, options);
  const [values, observed] = await Promise.all([
    readValues(client, { spans, ...options }, question),
    readObserved(client, { spans, ...options }, question),
  ]);
  const cells: HeatCell[] = [];
  for (const [cell, observedS] of observed) cells.push({ cell, value: values.get(cell) ?? 0, observedS });
  for (const [cell, value] of values) if (!observed.has(cell)) cells.push({ cell, value, observedS: 0 });
  const { kind, measure, resolution, bbox } = question;
  return {
    fromMs: spans.fromMs,
    toMs: spans.toMs,
    kind,
    measure,
    resolution,
    cells: bbox === undefined ? cells : cells.filter(({ cell }) => isInside(cell, bbox)),
  };
}

function isInside(cell: string, [west, south, east, north]: Box): boolean {
  const [lat, lon] = cellToLatLng(cell);
  return lat >= south && lat <= north && lon >= west && lon <= east;
}

type CellValue = { cell: string; value: number };

async function readValues(
  client: ClickHouseClient,
  { spans, signal }: Within,
  { kind, measure, bbox, scope, resolution }: HeatMapQuestion,
): Promise<Map<string, number>> {
  const filter = [
    'cell != 0',
    kind === null ? 'true' : 'kind = {kind:String}',
    bbox === undefined ? 'true' : cellRangesOf('cell', bbox),
    inScope(scope),
  ].join(' AND ');
  const hourTable = kind === null && measure === 'presence' ? 'cell_totals_hour' : 'cells_hour';
  const cells = (columns: string) => fromSpans(spans, { tables: 'cells', hourTable, columns, filter });
  const query =
    measure === 'presence'
      ? `SELECT h3ToString(h3ToParent(cell, {resolution:UInt8})) AS cell, sum(us) / 1e6 AS value FROM (
           SELECT cell, sum(presence_us) AS us FROM (${cells('cell, presence_us')}) GROUP BY cell
         ) GROUP BY cell HAVING value > 0`
      : `SELECT h3ToString(parent) AS cell, toFloat64(uniqCombinedMerge(12)(tracks)) AS value FROM (
           SELECT h3ToParent(cell, {resolution:UInt8}) AS parent, tracks
           FROM (${cells('cell, tracks')})
         ) GROUP BY parent HAVING value > 0`;
  const params = { resolution, ...(kind === null ? {} : { kind }), ...scoped(scope) };
  const rows = await ask<CellValue>(client, query, { params, signal });
  return new Map(rows.map((row) => [row.cell, row.value]));
}

/** Camera-seconds per cell: how long each camera was watched under each calibration, times what it saw then. */
async function readObserved(
  client: ClickHouseClient,
  { spans, signal }: Within,
  { bbox, scope, resolution }: HeatMapQuestion,
): Promise<Map<string, number>> {
  const watched = fromSpans(spans, {
    tables: 'observed',
    columns: 'camera, calibration_version, observed_ms',
    filter: 'calibration_version > 0',
  });
  const query = `SELECT h3ToString(parent) AS cell, sum(ms) / 1000 AS value
    FROM (
      SELECT DISTINCT camera, calibration_version, h3ToParent(cell, {resolution:UInt8}) AS parent
      FROM ${DATABASE}.coverage FINAL
      WHERE ${bbox === undefined ? 'true' : cellRangesOf('cell', bbox)} AND ${inScope(scope)}
    ) AS seen INNER JOIN (
      SELECT camera, calibration_version, sum(observed_ms) AS ms FROM (${watched})
      GROUP BY camera, calibration_version HAVING ms > 0
    ) AS watched USING (camera, calibration_version)
    GROUP BY parent`;
  const rows = await ask<CellValue>(client, query, { params: { resolution, ...scoped(scope) }, signal });
  return new Map(rows.map((row) => [row.cell, row.value]));
}

const inScope = (scope: readonly string[] | undefined) =>
  scope === undefined || scope.length === 0 ? 'true' : `hasAny(splitByChar('.', area_path), {scope:Array(String)})`;

const scoped = (scope: readonly string[] | undefined) =>
  scope === undefined || scope.length === 0 ? {} : { scope: [...scope] };

type Asked = { params: Record<string, unknown>; signal: AbortSignal | undefined };

async function ask<Row>(client: ClickHouseClient, query: string, { params, signal }: Asked): Promise<Row[]> {
  const result = await client.query({
    query,
    query_params: params,
    format: 'JSONEachRow',
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  return result.json<Row>();
}

export type SummaryQuestion = {
  fromMs: number;
  toMs: number;
  area?: string | null;
  /** Areas, each with all below it; absent or empty means everywhere. */
  scope?: readonly string[];
};

export type KindFigures = { kind: Kind; presenceS: number; tracks: number };

export type Summary = {
  fromMs: number;
  toMs: number;
  bucketS: number;
  /** Camera-seconds watched. */
  observedS: number;
  kinds: KindFigures[];
  series: (KindFigures & { bucketMs: number })[];
};

/** Figures of an area (of everything without one), and how they went in at most about 100 steps. */
export async function readSummary(
  client: ClickHouseClient,
  question: SummaryQuestion,
  options: ReadOptions = {},
): Promise<Summary> {
  const { signal } = options;
  const bucketS = bucketFor(question.toMs - question.fromMs);
  const whole = await cutIntoSpans(client, question, options);
  // Steps finer than an hour need minutes all through.
  const spans = bucketS < 3600 ? await cutIntoSpans(client, { ...question, finest: 'minute' }, options) : whole;
  const { area, scope } = question;
  const filter = `${inScope(scope)} AND ${area == null ? 'true' : `has(splitByChar('.', area_path), {area:String})`}`;
  const params = { ...scoped(scope), ...(area == null ? {} : { area }) };
  const figures = fromSpans(spans, {
    tables: 'cells',
    hourTable: 'kinds_hour',
    columns: 'bucket, kind, presence_us, tracks',
    filter,
  });
  const watched = fromSpans(whole, { tables: 'observed', columns: 'observed_ms', filter });
  const [rows, observed] = await Promise.all([
    ask<KindFigures & { bucketMs: number; isTotal: number }>(
      client,
      `SELECT grouping(start) AS isTotal, toFloat64(toUnixTimestamp(start)) * 1000 AS bucketMs, kind,
         sum(presence_us) / 1e6 AS presenceS, toFloat64(uniqCombinedMerge(12)(tracks)) AS tracks
       FROM (SELECT toStartOfInterval(bucket, INTERVAL ${bucketS} SECOND, 'UTC') AS start, kind, presence_us, tracks FROM (${figures}))
       GROUP BY GROUPING SETS ((start, kind), (kind)) HAVING presenceS > 0 OR tracks > 0 ORDER BY start, kind`,
      { params, signal },
    ),
    ask<{ seconds: number }>(client, `SELECT sum(observed_ms) / 1000 AS seconds FROM (${watched})`, { params, signal }),
  ]);
  return {
    fromMs: whole.fromMs,
    toMs: whole.toMs,
    bucketS,
    observedS: observed[0]?.seconds ?? 0,
    kinds: rows.filter((row) => row.isTotal === 1).map(({ kind, presenceS, tracks }) => ({ kind, presenceS, tracks })),
    series: rows
      .filter((row) => row.isTotal === 0)
      .map(({ bucketMs, kind, presenceS, tracks }) => ({ bucketMs, kind, presenceS, tracks })),
  };
}

/** Up to six hours in minutes, which are read one by one; beyond that whole hours, which are rolled up already. */
function bucketFor(lengthMs: number): number {
  const hours = lengthMs / 3_600_000;
  if (hours <= 1.5) return 60;
  if (hours <= 6) return 300;
  if (hours <= 100) return 3600;
  return hours <= 600 ? 6 * 3600 : 24 * 3600;
}
