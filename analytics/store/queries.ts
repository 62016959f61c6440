/** The figures that the API tells: heat maps and summaries, from the coarsest level that is closed. */
import type { ClickHouseClient } from '@clickhouse/client';
import { cellToLatLng } from 'h3-js';
import type { HeatCell, HeatMap, Measure } from '#models/schema/heat-map.ts';
import type { Kind } from '#models/schema/kind.ts';
import type { Box } from './cell-ranges.ts';
import { ask, inScope, isLimited, type ReadOptions } from './figures/question.ts';
import { type Figures, type FiguresQuestion, readFigures } from './figures/read.ts';
import { cutIntoSpans, fromSpans } from './spans.ts';

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
} & Pick<FiguresQuestion, 'weekHours' | 'zone' | 'compare' | 'versusNormal'>;

/**
 * Per cell the measure, and how many camera-seconds it was watched: where two cameras see a cell, both count in both, so
 * that presence / observedS is the mean number of things there. A cell that was watched with nothing in it has value 0
 * (null where there is no zero, of speed and dwell); one that nobody watched is not in the answer. Times are widened to
 * whole minutes.
 */
export async function readHeatMap(
  client: ClickHouseClient,
  question: HeatMapQuestion,
  options: ReadOptions = {},
): Promise<HeatMap> {
  const { resolution, bbox } = question;
  const asked = { ...question, where: { resolution, bbox } };
  return heatMapOf(await readFigures(client, asked, options), asked);
}

type CellsQuestion = FiguresQuestion & { where: { resolution: number; bbox?: Box | undefined } };

/** The figures of a question as a heat map: cells whose middle lies in the box. */
export function heatMapOf({ spans, places, normal, missingHours }: Figures, question: CellsQuestion): HeatMap {
  const { kind, measure, weekHours, compare } = question;
  const { resolution, bbox } = question.where;
  const cells: HeatCell[] = [];
  // The figure itself becomes the cell: copying 5,000 of them took two to three times as long.
  for (const [cell, figure] of places)
    if (bbox === undefined || isInside(cell, bbox)) cells.push(Object.assign(figure, { cell }));
  return {
    fromMs: spans.fromMs,
    toMs: spans.toMs,
    kind,
    measure,
    ...(weekHours === undefined ? {} : { weekHours: [...weekHours] }),
    ...(compare === undefined ? {} : { compare }),
    ...(normal === undefined ? {} : { normal }),
    ...(missingHours === 0 ? {} : { missingHours }),
    resolution,
    cells,
  };
}

function isInside(cell: string, [west, south, east, north]: Box): boolean {
  const [lat, lon] = cellToLatLng(cell);
  return lat >= south && lat <= north && lon >= west && lon <= east;
}

const scoped = (scope: readonly string[] | undefined) => (isLimited(scope) ? { scope: [...scope] } : {});

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
  const { fromMs, toMs } = question;
  const whole = await cutIntoSpans(client, { fromMs, toMs }, options);
  // Steps finer than an hour need minutes all through.
  const spans = bucketS < 3600 ? await cutIntoSpans(client, { fromMs, toMs, finest: 'minute' }, options) : whole;
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
