/** How many were at once: presence per minute of every cell and area at every scale. */
import type { ClickHouseClient } from '@clickhouse/client';
import { AREA_LEVELS } from '#models/schema/area.ts';
import { KINDS } from '#models/schema/kind.ts';
import { DATABASE } from '#system/store-client.ts';
import {
  askPlaces,
  type FigureQuestion,
  isCells,
  isLimited,
  paramsOf,
  placeSql,
  type ReadOptions,
  rowFilter,
  sampleSql,
  type Time,
} from './figures/question.ts';
import { closedRows, cutIntoSpans, fromSpans, type Spans } from './spans.ts';

/** Scales of `peaks_hour`, beside the levels of areas. */
const RESOLUTIONS = [9, 10, 11, 12, 13];

/** Kinds as numbers, 0 for all together: grouping by names costs more. */
const KIND_NAMES = `['', ${KINDS.map((kind) => `'${kind}'`).join(', ')}]`;
const KIND_NUMBER = `toUInt8(indexOf(${KIND_NAMES}, toString(kind)) - 1)`;

/**
 * `hour, kind, scale, place, peak_us` of the rows of cells_minute that fulfil the condition: presence in the busiest
 * minute of the hour; kind '' is all together. Where two cameras see a cell, the one that saw more counts, so that nobody
 * is counted twice. An hour is kept as a list of its sixty minutes, so that there is one key per hour and not one per minute.
 */
export function peaksOfHours(condition: string): string {
  const most = mostPerCell(condition);
  const parents = RESOLUTIONS.map((resolution) => (resolution === 13 ? 'cell' : `h3ToParent(cell, ${resolution})`));
  const levels = AREA_LEVELS.map((level) => `'${level}'`).join(', ');
  const kind = `${KIND_NAMES}[kind_number + 1] AS kind`;
  const sum = 'sumForEach(minutes) AS minutes';
  return `SELECT hour, ${kind}, toString(h3GetResolution(h3)) AS scale, h3ToString(h3) AS place, arrayMax(minutes) AS peak_us FROM (
      SELECT hour, kind_number, h3, ${sum}
      FROM (SELECT hour, kind_number, cell, ${sum} FROM (${most}) GROUP BY hour, kind_number, cell)
      ARRAY JOIN [${parents.join(', ')}] AS h3 GROUP BY hour, kind_number, h3
    )
    UNION ALL
    SELECT hour, ${kind}, scale, place, arrayMax(minutes) AS peak_us FROM (
      SELECT hour, kind_number, scale, place, ${sum}
      FROM (SELECT hour, kind_number, path, ${sum} FROM (${most}) GROUP BY hour, kind_number, path) AS busy
      INNER JOIN (
        SELECT DISTINCT cityHash64(area_path) AS path, area_path FROM ${DATABASE}.cells_minute WHERE ${condition}
      ) AS named USING (path)
      ARRAY JOIN [${levels}] AS scale, arrayResize(splitByChar('.', toString(area_path)), ${AREA_LEVELS.length}, '_') AS place
      WHERE place != '_' GROUP BY hour, kind_number, scale, place
    )`;
}

/** `hour, kind_number, cell, path, minutes`: of the camera that saw most there; `path` is the hash of the area path. */
function mostPerCell(condition: string): string {
  return `SELECT hour, kind_number, cell, path, maxForEach(minutes) AS minutes FROM (
      SELECT toStartOfHour(minute) AS hour, kind_number, cell, cityHash64(camera) AS seen_by, cityHash64(area_path) AS path,
        sumResample(0, 60, 1)(presence_us, toMinute(minute)) AS minutes
      FROM ${DATABASE}.cells_minute ARRAY JOIN [toUInt8(0), ${KIND_NUMBER}] AS kind_number
      WHERE ${condition} AND cell != 0
      GROUP BY hour, kind_number, cell, seen_by, path
    ) GROUP BY hour, kind_number, cell, path`;
}

/**
 * Most things at once per sample and place. Hours are read from `peaks_hour`, but for a limited scope and for another
 * division than the one that was counted by: then all of it from minutes, as long as they are kept.
 */
export async function readPeaks(
  client: ClickHouseClient,
  time: Time,
  { question, signal }: ReadOptions & { question: FigureQuestion },
): Promise<Map<number, Map<string, number>>> {
  const { where, kind, scope } = question;
  const isStored = !isLimited(scope) && (isCells(where) || where.division === 'then');
  const spans = isStored ? time.spans : await withoutHours(client, time.spans, signal);
  const sample = sampleSql(time);
  const { place, nameOf, join, isKnown } = placeSql(where);
  const parts: string[] = [];
  if (spans.hours.length > 0) {
    const scale = isCells(where) ? String(where.resolution) : where.level;
    parts.push(`SELECT ${sample.select}place, us FROM (
        SELECT hour AS bucket, place, peak_us AS us FROM ${DATABASE}.peaks_hour
        WHERE ${closedRows('hour', spans.hours)} AND kind = '${kind ?? ''}' AND scale = '${scale}')`);
  }
  const finer = { ...spans, hours: [] };
  if (finer.minutes.length > 0 || finer.slices.length > 0) {
    const rows = fromSpans(finer, {
      tables: 'cells',
      columns: 'bucket, cell, camera, area_path, presence_us',
      filter: rowFilter(question),
    });
    const minutes = `SELECT minute AS bucket, ${place} AS at, sum(us) AS us FROM (
          SELECT minute, cell, area_path, max(us) AS us FROM (
            SELECT toStartOfMinute(bucket) AS minute, cell, camera, area_path, sum(presence_us) AS us FROM (${rows})
            GROUP BY minute, cell, camera, area_path
          ) GROUP BY minute, cell, area_path
        ) AS busy ${join} WHERE ${isKnown} GROUP BY minute, at`;
    // Named when one number per place is left.
    parts.push(`SELECT ${sample.group}${nameOf('at')} AS place, most AS us FROM (
        SELECT ${sample.select}at, max(us) AS most FROM (${minutes}) GROUP BY ${sample.group}at)`);
  }
  if (parts.length === 0) return new Map();
  const query = `SELECT ${sample.group}place, max(us) / 6e7 AS value FROM (${parts.join('\nUNION ALL\n')})
    GROUP BY ${sample.group}place HAVING value > 0`;
  type Columns = { value: number[] };
  return askPlaces(client, { query, params: paramsOf(question), signal }, ({ value }: Columns, row) => value[row]!);
}

async function withoutHours(client: ClickHouseClient, spans: Spans, signal: AbortSignal | undefined): Promise<Spans> {
  const { fromMs, toMs } = spans;
  const ranges = [...spans.hours, ...spans.minutes, ...spans.slices].sort(([a], [b]) => a - b);
  return cutIntoSpans(client, { fromMs, toMs, ranges, finest: 'minute' }, signal === undefined ? {} : { signal });
}
