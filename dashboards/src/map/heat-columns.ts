/** A heat map as columns of numbers, sorted by cell, so that a hundred thousand cells cross from the worker at no cost. */
import type { HeatMap, Measure } from '#models/schema/heat-map.ts';
import { isRoot, niceEnd, rateOf } from './measure.ts';

/** What a cell is coloured by: its figure, the difference of two periods' rates, or how far it is from normal. */
export type Shown = 'value' | 'compare' | 'normal';

export const COLUMN_NAMES = [
  'value',
  'observedS',
  'compareValue',
  'compareObservedS',
  'normal',
  'spread',
  'departure',
  'errorM',
] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];
export type Columns = Record<ColumnName, Float32Array>;

/** Bits of what is to be said about a cell besides its colour. */
export const EMPTY = 1;
export const UNCERTAIN = 2;
export const SELDOM = 4;
export const UNKNOWN = 8;

/** Below this share of the time a figure rests on little. */
export const SHARE_MIN = 0.1;
/** As far as the scale of departures from normal goes, in robust standard deviations. */
export const SIGMAS_END = 4;

/** `end` is where the scale ends; a diverging one runs from minus `end` to `end`. */
export type Scale = { end: number; isDiverging: boolean; isRoot: boolean };

export type Asked = { shown: Shown; cellSizeM: number; elapsedS: number };

export type HeatColumns = Asked &
  Pick<HeatMap, 'fromMs' | 'toMs' | 'kind' | 'measure' | 'resolution'> & {
    count: number;
    /** H3 indices, ascending; the columns follow their order. */
    cells: BigUint64Array<ArrayBuffer>;
    columns: Columns;
    /** What the colour follows; NaN where it is not known. */
    tones: Float32Array<ArrayBuffer>;
    flags: Uint8Array<ArrayBuffer>;
    scale: Scale;
    hasFigures: boolean;
    /** Mean share of the time that the cells were watched, 0 to 1; NaN without cells. */
    observedShare: number;
    /** Hours of the time that the store counts anew, and whose part is missing until it has. */
    missingHours: number;
    /** All bits that any cell bears. */
    marks: number;
  };

type CellRow = { cell: string } & Partial<Record<ColumnName, number | null>>;

export function columnsOf(answer: HeatMap, asked: Asked): HeatColumns {
  const rows = (answer.cells as readonly CellRow[])
    .map((row) => ({ row, id: BigInt(`0x${row.cell}`) }))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const columns = {} as Columns;
  for (const name of COLUMN_NAMES) columns[name] = Float32Array.from(rows, ({ row }) => row[name] ?? Number.NaN);
  const { fromMs, toMs, kind, measure, resolution } = answer;
  const tones = tonesOf(columns, measure, asked.shown);
  const scale = scaleOf(tones, measure, asked.shown);
  const flags = flagsOf(columns, tones, asked);
  return {
    ...{ ...asked, fromMs, toMs, kind, measure, resolution, columns, tones, scale, flags },
    marks: flags.reduce((all, each) => all | each, 0),
    count: rows.length,
    cells: BigUint64Array.from(rows, ({ id }) => id),
    hasFigures: tones.some((tone) => (asked.shown === 'value' ? tone > 0 : !Number.isNaN(tone))),
    observedShare: Math.min(mean(columns.observedS) / asked.elapsedS, 1),
    missingHours: answer.missingHours ?? 0,
  };
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

export function toneOf(
  { value, observedS, compareValue, compareObservedS, departure }: Record<ColumnName, number>,
  measure: Measure,
  shown: Shown,
): number {
  if (shown === 'value') return value;
  if (shown === 'normal') return departure;
  return rateOf(value, observedS, measure) - rateOf(compareValue, compareObservedS, measure);
}

function tonesOf(columns: Columns, measure: Measure, shown: Shown): Float32Array<ArrayBuffer> {
  const row = {} as Record<ColumnName, number>;
  return Float32Array.from(columns.value, (_, index) => {
    for (const name of COLUMN_NAMES) row[name] = columns[name][index]!;
    return toneOf(row, measure, shown);
  });
}

/**
 * Where the scale ends: the 98th percentile of what is there, rounded up, so that one parked lorry does not turn the
 * city dark and growing figures do not repaint the map at each refresh.
 */
export function scaleOf(tones: Float32Array, measure: Measure, shown: Shown): Scale {
  if (shown === 'normal') return { end: SIGMAS_END, isDiverging: true, isRoot: false };
  const isDiverging = shown === 'compare';
  const sizes = tones
    .map(Math.abs)
    .filter((size) => size > 0)
    .sort();
  const high = sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * 0.98))] ?? 0;
  return { end: niceEnd(high, measure), isDiverging, isRoot: isDiverging || isRoot(measure) };
}

function flagsOf(columns: Columns, tones: Float32Array, asked: Asked): Uint8Array<ArrayBuffer> {
  const { shown, cellSizeM, elapsedS } = asked;
  return Uint8Array.from(tones, (tone, index) => {
    const value = columns.value[index]!;
    const isEmpty = shown === 'value' && !(value > 0);
    return (
      (isEmpty ? EMPTY : 0) |
      (columns.errorM[index]! > cellSizeM ? UNCERTAIN : 0) |
      (columns.observedS[index]! < elapsedS * SHARE_MIN ? SELDOM : 0) |
      (Number.isNaN(tone) && !isEmpty ? UNKNOWN : 0)
    );
  });
}

/** Where a cell stands in the columns; -1 where it was not watched. */
export function indexOfCell(cells: BigUint64Array, cell: string): number {
  const wanted = BigInt(`0x${cell}`);
  let [low, high] = [0, cells.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = cells[middle]!;
    if (found === wanted) return middle;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export function rowOf({ columns }: HeatColumns, index: number): Record<ColumnName, number> {
  return Object.fromEntries(COLUMN_NAMES.map((name) => [name, columns[name][index] ?? Number.NaN])) as Record<
    ColumnName,
    number
  >;
}

/** 0 to 1 along the scale; a diverging one has its neutral middle at 0.5. */
export function scalePlace(tone: number, { end, isDiverging, isRoot: isRooted }: Scale): number {
  const size = Math.min(Math.abs(tone) / end, 1);
  const place = isRooted ? Math.sqrt(size) : size;
  return isDiverging ? 0.5 + (Math.sign(tone) * place) / 2 : tone > 0 ? place : 0;
}
