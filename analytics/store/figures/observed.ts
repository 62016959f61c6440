/** How long places were watched: the time of cameras under each calibration, times the ground that they saw then. */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { fromSpans } from '../spans.ts';
import {
  ask,
  askPlaces,
  type FigureQuestion,
  inPlace,
  inScope,
  isCells,
  type PlaceSql,
  paramsOf,
  placeSql,
  type ReadOptions,
  sampleSql,
  type Time,
} from './question.ts';

/** Camera-seconds per sample and place: two cameras that see a place both count. */
export type Observed = Map<number, Map<string, number>>;

/** `[sample, ]camera, calibration_version, ms` of what was watched. */
export function watchedSql(time: Time): string {
  const sample = sampleSql(time);
  const rows = fromSpans(time.spans, {
    tables: 'observed',
    columns: `${sample.bucket}camera, calibration_version, observed_ms`,
    filter: 'calibration_version > 0',
  });
  return `SELECT ${sample.select}camera, calibration_version, sum(observed_ms) AS ms FROM (${rows})
      GROUP BY ${sample.group}camera, calibration_version HAVING ms > 0`;
}

/** `camera, calibration_version, cell, place` of coverage. */
export function coveredSql(
  question: FigureQuestion,
  { place, join, isKnown }: PlaceSql,
  ground = inPlace(question.where),
): string {
  return `SELECT camera, calibration_version, cell, ${place} AS at FROM (
        SELECT camera, calibration_version, cell, area_path FROM ${DATABASE}.coverage FINAL WHERE hidden_by = '' AND ${ground} AND ${inScope(question.scope)}
      ) AS seen ${join} WHERE ${isKnown}`;
}

export async function readObserved(
  client: ClickHouseClient,
  time: Time,
  { question, signal }: ReadOptions & { question: FigureQuestion },
): Promise<Observed> {
  const sample = sampleSql(time);
  const place = placeSql(question.where);
  // A camera covers a cell once, but several cells of a larger place.
  const isOnce = isCells(question.where) && question.where.resolution === 13;
  const query = `SELECT ${sample.group}${place.nameOf('at')} AS place, sum(ms) / 1000 AS value
    FROM (SELECT ${isOnce ? '' : 'DISTINCT '}camera, calibration_version, at FROM (${coveredSql(question, place)})) AS seen
    INNER JOIN (${watchedSql(time)}) AS watched USING (camera, calibration_version)
    GROUP BY ${sample.group}at`;
  type Columns = { value: number[] };
  return askPlaces(client, { query, params: paramsOf(question), signal }, ({ value }: Columns, row) => value[row]!);
}

/** Days in which a camera must have been watched for its ground to count as ground that could be. */
const RECENT_DAYS = 30;

export type Share = { coveredCells: number; observedShare: number | null };

/** Per area its covered cells, and which part of the time and of them was watched. `elapsedMs` is the time asked for. */
export async function readShares(
  client: ClickHouseClient,
  time: Time,
  { question, elapsedMs, signal }: ReadOptions & { question: FigureQuestion; elapsedMs: number },
): Promise<Map<string, Share>> {
  const endS = Math.ceil(time.spans.toMs / 1000);
  const place = placeSql(question.where);
  const query = `SELECT ${place.nameOf('at')} AS place, toFloat64(count()) AS cells, sum(least(1, total / ${elapsedMs})) / cells AS share FROM (
      SELECT at, cell, sum(ms) AS total
      FROM (${coveredSql(question, place)}) AS seen
      INNER JOIN (
        SELECT camera, calibration_version, sum(ms) AS ms FROM (
          SELECT camera, calibration_version, ms FROM (${watchedSql({ spans: time.spans })})
          UNION ALL
          SELECT camera, max(calibration_version), toUInt64(0) FROM ${DATABASE}.observed_hour
          WHERE hour >= toDateTime(${endS - RECENT_DAYS * 86_400}, 'UTC') AND hour < toDateTime(${endS}, 'UTC') AND calibration_version > 0
          GROUP BY camera
        ) GROUP BY camera, calibration_version
      ) AS watched USING (camera, calibration_version)
      GROUP BY at, cell
    ) GROUP BY at`;
  const rows = await ask<{ place: string; cells: number; share: number }>(client, query, {
    params: paramsOf(question),
    signal,
  });
  return new Map(rows.map(({ place, cells, share }) => [place, { coveredCells: cells, observedShare: share }]));
}
