/** Figures as rows of a file: one row per cell or area, the same columns in every format. */
import { stringify } from 'csv-stringify/sync';
import { cellToBoundary, cellToLatLng } from 'h3-js';
import type { Area } from '#models/schema/area.ts';
import type { FIGURE_FORMATS } from '#models/schema/figure-query.ts';
import type { AreaFigure, AreaFigures, HeatCell, HeatMap } from '#models/schema/heat-map.ts';
import type { Context } from '../context.ts';
import { CSV_TYPE } from '../http/csv.ts';
import { inParts } from './parts.ts';

export const TYPES: Record<(typeof FIGURE_FORMATS)[number], string> = {
  geojson: 'application/geo+json',
  csv: CSV_TYPE,
  parquet: 'application/vnd.apache.parquet',
};

const known = <Type extends string>(type: Type) => ({ type, isNullable: false }) as const;
const maybe = <Type extends string>(type: Type) => ({ type, isNullable: true }) as const;

/** Types are Parquet's; CSV has the names, GeoJSON too, in the way of JSON. */
export const COLUMNS = {
  from: known('TIMESTAMP'),
  to: known('TIMESTAMP'),
  kind: known('STRING'),
  measure: known('STRING'),
  cell: maybe('STRING'),
  area: maybe('STRING'),
  name: maybe('STRING'),
  parent: maybe('STRING'),
  lon: maybe('DOUBLE'),
  lat: maybe('DOUBLE'),
  value: maybe('DOUBLE'),
  observed_s: known('DOUBLE'),
  error_m: maybe('DOUBLE'),
  compare_value: maybe('DOUBLE'),
  compare_observed_s: maybe('DOUBLE'),
  normal: maybe('DOUBLE'),
  spread: maybe('DOUBLE'),
  departure: maybe('DOUBLE'),
  covered_cells: maybe('INT64'),
  observed_share: maybe('DOUBLE'),
  is_suppressed: known('BOOLEAN'),
  is_partial: known('BOOLEAN'),
} as const;

export type Column = keyof typeof COLUMNS;
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

/** Made one by one, as the file is written. */
export function* cellRows(heatMap: HeatMap): Generator<ExportRow> {
  const asked = askedColumns(heatMap);
  for (const { cell, ...figure } of heatMap.cells) {
    const [lat, lon] = cellToLatLng(cell);
    const geometry = () => ({ type: 'Polygon', coordinates: [cellToBoundary(cell, true)] });
    yield { columns: { ...asked, cell, lon, lat, ...figureColumns(figure) }, geometry };
  }
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

export function* asGeoJson(rows: Iterable<ExportRow>): Generator<string> {
  yield '{"type":"FeatureCollection","features":[';
  let separator = '';
  for (const part of inParts(rows, ROWS_AT_ONCE)) {
    const features = part.map(({ columns, geometry }) => {
      const properties = Object.fromEntries(Object.entries(columns).map(([name, value]) => [jsonName(name), value]));
      return JSON.stringify({ type: 'Feature', properties, geometry: geometry() });
    });
    yield `${separator}\n${features.join(',\n')}`;
    separator = ',';
  }
  yield '\n]}\n';
}

/** With a mark for UTF-8, and no text that a spreadsheet would take for a formula. */
export function* asCsv(rows: Iterable<ExportRow>): Generator<string> {
  const columns = Object.keys(COLUMNS);
  const options = { columns, escape_formulas: true, cast: { boolean: String } };
  yield stringify([], { ...options, header: true, bom: true });
  for (const part of inParts(rows, ROWS_AT_ONCE))
    yield stringify(
      part.map((row) => row.columns),
      options,
    );
}
