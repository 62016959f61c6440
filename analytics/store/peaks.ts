/** How many were at once: presence per minute of every cell and area at every scale. */
import type { ClickHouseClient } from '@clickhouse/client';
import { AREA_LEVELS, type AreaLevel } from '#models/schema/area.ts';
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

/** H3 resolutions as text, and levels of areas: what `peaks_hour.scale` may be. */
export const RESOLUTION_SCALES = ['9', '10', '11', '12', '13'] as const;
export type Scale = (typeof RESOLUTION_SCALES)[number] | AreaLevel;
const SCALES: readonly Scale[] = [...RESOLUTION_SCALES, ...AREA_LEVELS];

const placeAt = (scale: Scale) => {
  const level = AREA_LEVELS.indexOf(scale as AreaLevel);
  if (level >= 0) return `splitByChar('.', area_path)[${level + 1}]`;
  return scale === '13' ? 'h3ToString(cell)' : `h3ToString(h3ToParent(cell, ${scale}))`;
};

/**
 * `minute, kind, scale, place, us` of the rows of cells_minute that fulfil the condition; kind '' is all together.
 * Where two cameras see a cell, the one that saw more counts, so that nobody is counted twice.
 */
export function busyMinutes(condition: string): string {
  const places = SCALES.map((scale) => `${placeAt(scale)} AS place_${scale}`).join(', ');
  const sets = SCALES.map((scale) => `(minute, kind, place_${scale})`).join(', ');
  const scale = SCALES.map((one) => `grouping(place_${one}) = 0, '${one}'`).join(', ');
  const place = SCALES.map((one) => `grouping(place_${one}) = 0, place_${one}`).join(', ');
  return `SELECT minute, kind, multiIf(${scale}, '') AS scale, multiIf(${place}, '') AS place, sum(us) AS us
    FROM (SELECT minute, kind, us, ${places} FROM (${mostPerCell(condition)}))
    GROUP BY GROUPING SETS (${sets})
    HAVING place != '_'`;
}

/** `minute, kind, cell, area_path, us`: of the camera that saw most there. */
function mostPerCell(condition: string): string {
  return `SELECT minute, kind, cell, area_path, max(us) AS us FROM (
      SELECT minute, one AS kind, cell, camera, area_path, sum(presence_us) AS us
      FROM ${DATABASE}.cells_minute ARRAY JOIN ['', toString(kind)] AS one
      WHERE ${condition} AND cell != 0
      GROUP BY minute, one, cell, camera, area_path
    ) GROUP BY minute, kind, cell, area_path`;
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
