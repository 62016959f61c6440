/** The value of a measure per place and sample, with how sure its places are; from the coarsest level that is closed. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Measure } from '#models/schema/heat-map.ts';
import { readPeaks } from '../peaks.ts';
import { fromSpans } from '../spans.ts';
import { coveredSql, watchedSql } from './observed.ts';
import {
  askPlaces,
  type FigureQuestion,
  inPlace,
  isCells,
  paramsOf,
  placeSql,
  type ReadOptions,
  rowFilter,
  sampleSql,
  type Time,
} from './question.ts';

/** `value` is null where it is not known: the speed of what was seen once. */
export type Value = { value: number | null; errorM: number | null };
export type Values = Map<number, Map<string, Value>>;

type Options = ReadOptions & { question: FigureQuestion };

export async function readValues(client: ClickHouseClient, time: Time, options: Options): Promise<Values> {
  const { question } = options;
  if (question.measure === 'concurrency') return read(client, concurrencySql(time, question), options);
  if (question.measure !== 'peak') return read(client, sumsSql(time, question), options);
  const [peaks, present] = await Promise.all([
    readPeaks(client, time, options),
    read(client, sumsSql(time, { ...question, measure: 'presence' }), options),
  ]);
  for (const [sample, places] of present)
    for (const [place, value] of places) value.value = peaks.get(sample)?.get(place) ?? 0;
  return present;
}

type Columns = { value: (number | null)[]; error: (number | null)[] };

function read(client: ClickHouseClient, query: string, { question, signal }: Options): Promise<Values> {
  const asked = { query, params: paramsOf(question), signal };
  return askPlaces(client, asked, ({ value, error }: Columns, row) => ({ value: value[row]!, errorM: error[row]! }));
}

/** Columns of the roll-ups that a measure is made of. */
const EXTRA: Record<Measure, readonly string[]> = {
  presence: [],
  concurrency: [],
  peak: [],
  tracks: ['tracks'],
  dwell: ['tracks'],
  speed: ['moved_mm', 'timed_ms'],
};
const TRACKS = 'toFloat64(uniqCombinedMerge(12)(tracks))';
const VALUE: Record<Exclude<Measure, 'concurrency' | 'peak'>, string> = {
  presence: 'sum(us) / 1e6',
  tracks: TRACKS,
  dwell: `if(${TRACKS} = 0, NULL, sum(us) / 1e6 / ${TRACKS})`,
  speed: 'if(sum(timed_ms) = 0, NULL, sum(moved_mm) / sum(timed_ms))',
};
/** Presence of before the error was counted has none and does not weigh. */
const ERROR_M = 'if(sum(sure_us) = 0, NULL, sum(error) / sum(sure_us) / 1000)';
const SUMS = ['presence_us AS us', 'toFloat64(error_mm_us) AS error', 'if(error_mm_us > 0, presence_us, 0) AS sure_us'];

/** Rows of hours, minutes and slices that the question is about. */
function rowsSql(time: Time, question: FigureQuestion, columns: readonly string[]): string {
  const { where, kind, measure } = question;
  const needsTracks = EXTRA[measure].includes('tracks');
  const filter = rowFilter(question);
  const all = columns.join(', ');
  if (!isCells(where) && where.division === 'then' && !columns.includes('cell'))
    return fromSpans(time.spans, {
      tables: 'cells',
      hourTable: 'areas_hour',
      columns: all,
      filter,
      hourFilter: filter.replace('cell != 0 AND ', ''),
    });
  const hourTable = kind === null && !needsTracks ? 'cell_totals_hour' : 'cells_hour';
  return fromSpans(time.spans, { tables: 'cells', hourTable, columns: all, filter });
}

/**
 * Sums by the key of the rows first and by place afterwards, since finding the place of a row costs more than adding it;
 * sketches of tracks are merged once only.
 */
function sumsSql(time: Time, question: FigureQuestion): string {
  const { key, place, nameOf, join, isKnown } = placeSql(question.where);
  const sample = sampleSql(time);
  const extra = EXTRA[question.measure];
  const rows = `SELECT ${sample.select}${[key, ...SUMS, ...extra].join(', ')} FROM (${rowsSql(time, question, [
    ...(sample.bucket === '' ? [] : ['bucket']),
    ...new Set([key, 'presence_us', 'error_mm_us', ...extra]),
  ])})`;
  const isMerged = extra.includes('tracks');
  // Cells of the finest resolution are their own places.
  const isOnce = isMerged || (place === key && join === '');
  const sums = ['us', 'error', 'sure_us', ...(isMerged ? [] : extra)].map((name) => `sum(${name}) AS ${name}_sum`);
  const names = ['us', 'error', 'sure_us', ...(isMerged ? [] : extra)].map((name) => `${name}_sum AS ${name}`);
  const summed = isOnce
    ? rows
    : `SELECT ${sample.group}${key}, ${names.join(', ')} FROM (
        SELECT ${sample.group}${key}, ${sums.join(', ')} FROM (${rows}) GROUP BY ${sample.group}${key})`;
  return `SELECT ${sample.group}${nameOf(place)} AS place, ${VALUE[question.measure as keyof typeof VALUE]} AS value, ${ERROR_M} AS error
    FROM (${summed}) AS summed ${join} WHERE ${isKnown}
    GROUP BY ${sample.group}${place} HAVING sum(us) > 0`;
}

/** Presence over time watched, per cell, and these added up: the mean number of things on the ground that was watched. */
function concurrencySql(time: Time, question: FigureQuestion): string {
  const { key, place, nameOf, join, isKnown } = placeSql(question.where);
  const sample = sampleSql(time);
  const keys = key === 'cell' ? 'cell' : `cell, ${key}`;
  const rows = rowsSql(time, question, [
    ...(sample.bucket === '' ? [] : ['bucket']),
    ...new Set(['cell', key, 'presence_us', 'error_mm_us']),
  ]);
  const present = `SELECT ${sample.group}${keys}, sum(presence_us) AS us, sum(toFloat64(error_mm_us)) AS error,
      sumIf(presence_us, error_mm_us > 0) AS sure_us
    FROM (SELECT ${sample.select}${keys}, presence_us, error_mm_us FROM (${rows})) GROUP BY ${sample.group}${keys}`;
  // An area's ground is of all cells: those that it has no presence in add nothing.
  const ground = isCells(question.where) ? inPlace(question.where) : 'true';
  const cells = placeSql({ resolution: 13 });
  const watched = `SELECT ${sample.group}cell, sum(ms) AS ms
    FROM (${coveredSql(question, cells, ground)}) AS seen
    INNER JOIN (${watchedSql(time)}) AS watched USING (camera, calibration_version)
    GROUP BY ${sample.group}cell`;
  return `SELECT ${sample.group}${nameOf(place)} AS place, sum(us / ms) / 1000 AS value, ${ERROR_M} AS error
    FROM (${present}) AS present INNER JOIN (${watched}) AS watched USING (${sample.group}cell) ${join} WHERE ${isKnown}
    GROUP BY ${sample.group}${place} HAVING value > 0`;
}
