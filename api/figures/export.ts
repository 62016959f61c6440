/** Figures as rows of a file: one row per cell or area, the same columns in every format. */
import type { Readable } from 'node:stream';
import type { ClickHouseClient } from '@clickhouse/client';
import { stringify } from 'csv-stringify/sync';
import { cellToBoundary, cellToLatLng } from 'h3-js';
import type { Area } from '#models/schema/area.ts';
import type { FIGURE_FORMATS } from '#models/schema/figure-query.ts';
import type { AreaFigure, AreaFigures, HeatCell, HeatMap } from '#models/schema/heat-map.ts';
import type { Context } from '../context.ts';
import { CSV_TYPE } from '../http/csv.ts';

export const TYPES: Record<(typeof FIGURE_FORMATS)[number], string> = {
  geojson: 'application/geo+json',
  csv: CSV_TYPE,
  parquet: 'application/vnd.apache.parquet',
};

const TIME = "DateTime64(3, 'UTC')";

/** Of Parquet; CSV has the names, GeoJSON too, in the way of JSON. */
const COLUMNS = {
  from: TIME,
  to: TIME,
  kind: 'String',
  measure: 'String',
  cell: 'Nullable(String)',
  area: 'Nullable(String)',
  name: 'Nullable(String)',
  parent: 'Nullable(String)',
  lon: 'Nullable(Float64)',
  lat: 'Nullable(Float64)',
  value: 'Nullable(Float64)',
  observed_s: 'Float64',
  error_m: 'Nullable(Float64)',
  compare_value: 'Nullable(Float64)',
  compare_observed_s: 'Nullable(Float64)',
  normal: 'Nullable(Float64)',
  spread: 'Nullable(Float64)',
  departure: 'Nullable(Float64)',
  covered_cells: 'Nullable(UInt64)',
  observed_share: 'Nullable(Float64)',
  is_suppressed: 'Bool',
  is_partial: 'Bool',
} as const;

type Column = keyof typeof COLUMNS;
export type ExportRow = {
  columns: Partial<Record<Column, string | number | boolean | null>>;
  geometry: () => object | null;
};

type Asked = Pick<HeatMap, 'fromMs' | 'toMs' | 'kind' | 'measure'>;

const askedColumns = ({ fromMs, toMs, kind, measure }: Asked) => ({
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
  kind: kind ?? 'all',
  measure,
});

const figureColumns = (figure: Omit<HeatCell, 'cell'>): ExportRow['columns'] => ({
  value: figure.value,
  observed_s: figure.observedS,
  error_m: figure.errorM ?? null,
  compare_value: figure.compareValue ?? null,
  compare_observed_s: figure.compareObservedS ?? null,
  normal: figure.normal ?? null,
  spread: figure.spread ?? null,
  departure: figure.departure ?? null,
  is_suppressed: figure.isSuppressed ?? false,
  is_partial: figure.isPartial ?? false,
});

export function cellRows(heatMap: HeatMap): ExportRow[] {
  const asked = askedColumns(heatMap);
  return heatMap.cells.map(({ cell, ...figure }) => {
    const [lat, lon] = cellToLatLng(cell);
    const geometry = () => ({ type: 'Polygon', coordinates: [cellToBoundary(cell, true)] });
    return { columns: { ...asked, cell, lon, lat, ...figureColumns(figure) }, geometry };
  });
}

/** The shapes are of the division that was counted by; of areas that are gone there is none. */
export async function areaRows(figures: AreaFigures, { areas, published }: Context): Promise<ExportRow[]> {
  const asked = askedColumns(figures);
  const shapes = new Map<string, Area['geometry']>();
  const division = Number(figures.division);
  const all = division > 0 ? ((await published.areasOf(division)) ?? []) : areas.list();
  for (const { id, geometry } of all) shapes.set(id, geometry);
  return figures.areas.map(({ area, name, parent, coveredCells, observedShare, ...figure }: AreaFigure) => ({
    columns: {
      ...asked,
      area,
      name,
      parent,
      ...figureColumns(figure),
      covered_cells: coveredCells,
      observed_share: observedShare,
    },
    geometry: () => shapes.get(area) ?? null,
  }));
}

/** So many rows are written at once, so that a large file needs no large text. */
const ROWS_AT_ONCE = 2000;

const jsonName = (column: string) => column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

export function* asGeoJson(rows: readonly ExportRow[]): Generator<string> {
  yield '{"type":"FeatureCollection","features":[';
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const features = rows.slice(start, start + ROWS_AT_ONCE).map(({ columns, geometry }) => {
      const properties = Object.fromEntries(Object.entries(columns).map(([name, value]) => [jsonName(name), value]));
      return JSON.stringify({ type: 'Feature', properties, geometry: geometry() });
    });
    yield `${start === 0 ? '' : ','}\n${features.join(',\n')}`;
  }
  yield '\n]}\n';
}

/** With a mark for UTF-8, and no text that a spreadsheet would take for a formula. */
export function* asCsv(rows: readonly ExportRow[]): Generator<string> {
  const columns = Object.keys(COLUMNS);
  const options = { columns, escape_formulas: true, cast: { boolean: String } };
  yield stringify([], { ...options, header: true, bom: true });
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    yield stringify(
      rows.slice(start, start + ROWS_AT_ONCE).map((row) => row.columns),
      options,
    );
}

type Options = { client: ClickHouseClient; signal: AbortSignal };

/** Written by the store, which knows the format: the rows go there as text and come back as a file. */
export async function asParquet(rows: readonly ExportRow[], { client, signal }: Options): Promise<Readable> {
  const lines = rows.map(({ columns }) => JSON.stringify(columns)).join('\n');
  const text = lines.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  const types = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type === TIME ? 'String' : type}`);
  const columns = Object.entries(COLUMNS).map(([name, type]) =>
    type === TIME ? `parseDateTime64BestEffort(row.${name}, 3, 'UTC') AS ${name}` : `row.${name} AS ${name}`,
  );
  // An account that only reads may not call format().
  const { stream } = await client.exec({
    query: `SELECT ${columns.join(', ')} FROM (
        SELECT JSONExtract(line, 'Tuple(${types.join(', ')})') AS row
        FROM (SELECT arrayJoin(splitByChar('\\n', '${text}')) AS line)
        WHERE line != ''
      ) FORMAT Parquet`,
    abort_signal: signal,
    clickhouse_settings: { max_query_size: String(text.length * 4 + 100_000) },
  });
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  return stream;
}
