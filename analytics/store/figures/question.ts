/** What figures are asked for, and how it is written in SQL: where (cells or areas), when (spans, samples), whose. */
import type { ClickHouseClient } from '@clickhouse/client';
import { AREA_LEVELS, type AreaLevel } from '#models/schema/area.ts';
import type { Measure } from '#models/schema/heat-map.ts';
import type { Kind } from '#models/schema/kind.ts';
import { DATABASE } from '#system/store-client.ts';
import { type Box, cellRangesOf, cellsBelow } from '../cell-ranges.ts';
import type { CutOptions, Spans } from '../spans.ts';

/** The store ends the queries of a signal that aborts. */
export type ReadOptions = CutOptions;

/** then: the area path as it was counted; a number: that published division, 0 the areas of today. */
export type Division = 'then' | number;

export type Where =
  | {
      resolution: number;
      bbox?: Box | undefined;
      /** One cell of the resolution. */
      only?: string | undefined;
    }
  | { level: AreaLevel; division: Division; within?: string | undefined };

export type FigureQuestion = {
  where: Where;
  kind: Kind | null;
  measure: Measure;
  /** Areas, each with all below it; absent or empty means everywhere. */
  scope?: readonly string[] | undefined;
};

/** A time that is read: its spans, and where it falls into several samples, their begins (ms), sorted. */
export type Time = { spans: Spans; samples?: readonly number[] | undefined };

/**
 * A place in SQL: `key` is a column of the rows, `place` an expression over it, `join` what that needs. Cells are grouped
 * as numbers; `nameOf` gives a place its name, once per place and not per row.
 */
export type PlaceSql = { key: string; place: string; nameOf: (place: string) => string; join: string; isKnown: string };

export const isCells = (where: Where): where is Extract<Where, { resolution: number }> => 'resolution' in where;

export function placeSql(where: Where): PlaceSql {
  if (isCells(where)) {
    const place = where.resolution === 13 ? 'cell' : `h3ToParent(cell, ${where.resolution})`;
    return { key: 'cell', place, nameOf: (cell) => `h3ToString(${cell})`, join: '', isKnown: 'true' };
  }
  const nameOf = (area: string) => area;
  const { level, division, within } = where;
  const idIn = (path: string) => `splitByChar('.', ${path})[${AREA_LEVELS.indexOf(level) + 1}]`;
  const isWithin = (path: string) => (within === undefined ? 'true' : isBelow(path));
  if (division === 'then') {
    const isKnown = `${idIn('area_path')} != '_' AND ${isWithin('area_path')}`;
    return { key: 'area_path', place: idIn('area_path'), nameOf, join: '', isKnown };
  }
  const join = `INNER JOIN (
      SELECT cell, ${idIn('area_path')} AS place FROM ${DATABASE}.cell_areas FINAL
      WHERE division = ${division} AND place != '_' AND ${isWithin('area_path')}
    ) AS divided USING (cell)`;
  return { key: 'cell', place: 'divided.place', nameOf, join, isKnown: 'true' };
}

/** `expression AS sample, ` and what to group by, nothing where there is one sample only. */
export function sampleSql({ samples }: Time): { select: string; group: string; bucket: string } {
  if (samples === undefined) return { select: '', group: '', bucket: '' };
  const begins = samples.map((ms) => Math.floor(ms / 1000)).join(', ');
  return {
    select: `roundDown(toUnixTimestamp(bucket), [${begins}]) AS sample, `,
    group: 'sample, ',
    bucket: 'bucket, ',
  };
}

/** Conditions on rows of the tables of cells. */
export function rowFilter({ where, kind, scope }: FigureQuestion): string {
  const parts = ['cell != 0'];
  if (kind !== null) parts.push('kind = {kind:String}');
  parts.push(inPlace(where), inScope(scope));
  return parts.join(' AND ');
}

/** On cells and area paths: what of the question's own ground can be known before places are found. */
export function inPlace(where: Where): string {
  if (!isCells(where)) return where.division === 'then' && where.within !== undefined ? isBelow('area_path') : 'true';
  const { only, bbox, resolution } = where;
  if (only !== undefined) return cellsBelow('cell', only);
  return bbox === undefined ? 'true' : cellRangesOf('cell', bbox, resolution);
}

const isBelow = (path: string) => `has(splitByChar('.', ${path}), {within:String})`;

export const inScope = (scope: readonly string[] | undefined) =>
  isLimited(scope) ? `hasAny(splitByChar('.', area_path), {scope:Array(String)})` : 'true';

export const isLimited = (scope: readonly string[] | undefined): scope is readonly string[] =>
  scope !== undefined && scope.length > 0;

export function paramsOf({ where, kind, scope }: FigureQuestion): Record<string, unknown> {
  return {
    ...(kind === null ? {} : { kind }),
    ...(isLimited(scope) ? { scope: [...scope] } : {}),
    ...(!isCells(where) && where.within !== undefined ? { within: where.within } : {}),
  };
}

type Asked = ReadOptions & { params: Record<string, unknown> };

export async function ask<Row>(client: ClickHouseClient, query: string, { params, signal }: Asked): Promise<Row[]> {
  const result = await client.query({
    query,
    query_params: params,
    format: 'JSONEachRow',
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  return result.json<Row>();
}

/** Columns of an answer with a row per place and sample; without a row there are none. */
type PlaceColumns = { place?: string[]; sample?: number[] };

/**
 * By sample (its begin, ms; 0 where there is one only) and place what `take` makes of a row. Read column by column, which
 * costs the store half and us a third of what lines of JSON cost.
 */
export async function askPlaces<Columns, Value>(
  client: ClickHouseClient,
  { query, params, signal }: Asked & { query: string },
  take: (columns: Columns, row: number) => Value,
): Promise<Map<number, Map<string, Value>>> {
  const result = await client.query({
    query,
    query_params: params,
    format: 'JSONColumnsWithMetadata',
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  const { data } = (await result.json()) as unknown as { data: Columns & PlaceColumns };
  const samples = new Map<number, Map<string, Value>>();
  for (const [row, place] of (data.place ?? []).entries()) {
    const sample = (data.sample?.[row] ?? 0) * 1000;
    const places = samples.get(sample) ?? samples.set(sample, new Map()).get(sample)!;
    places.set(place, take(data, row));
  }
  return samples;
}
