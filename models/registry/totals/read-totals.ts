/** From the text of a sheet of totals to rows: area, figure, value, as_of, source, in English or Chinese. */
import { FaultError } from '../../schema/fault.ts';
import type { Total, TotalsProblem } from '../../schema/total.ts';
import { TOTAL_FIGURES, TOTALS, type TotalFigure } from '../../schema/total-figures.ts';
import { cellsOf } from '../sheet/read-sheet.ts';
import { isPersonalHeader, personalValue } from './personal.ts';

export const TOTALS_ROWS_MAX = 50_000;

const COLUMNS = {
  area: ['area', 'area id', 'grid', '区域', '网格', '区域编号', '网格编号'],
  figure: ['figure', 'indicator', '指标', '指标名称', '项目'],
  value: ['value', 'total', 'count', '数值', '值', '合计', '数量'],
  asOf: ['as_of', 'as of', 'asof', 'date', 'day', '日期', '截至', '截止日期', '统计日期'],
  source: ['source', '来源', '数据来源'],
} as const;
type ColumnName = keyof typeof COLUMNS;

/** `area` as the sheet names it: an id or a name. */
export type TotalRow = { row: number; area: string; total: Total };
export type TotalsSheet = { rows: TotalRow[]; problems: TotalsProblem[] };

/** Throws FaultError `personal-record` for a sheet of people, `totals-unreadable` for one that is none of totals. */
export function readTotals(text: string): TotalsSheet {
  const cells = cellsOf(text.replace(/^\uFEFF/, ''));
  const start = cells.findIndex((row) => row.some((cell) => cell.trim() !== ''));
  const header = (cells[start] ?? []).map((cell) => cell.trim());
  const body = cells.flatMap((row, index) =>
    index > start && row.some((cell) => cell.trim() !== '') ? [{ row: index + 1, cells: row }] : [],
  );
  refusePersons(header, body);
  const columns = header.map(columnOf);
  const unknown = header.filter((name, index) => columns[index] === undefined && name !== '');
  if (unknown.length > 0) throw unreadable(`it has the unknown column "${unknown[0]}"`);
  const missing = (Object.keys(COLUMNS) as ColumnName[]).filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw unreadable(`the column ${missing.map((name) => COLUMNS[name][0]).join(', ')} is missing`);
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw unreadable(`two columns mean ${COLUMNS[twice][0]}`);
  if (body.length === 0) throw unreadable('it holds no row');
  if (body.length > TOTALS_ROWS_MAX) throw unreadable(`it has ${body.length} rows, ${TOTALS_ROWS_MAX} is the most`);
  const sheet: TotalsSheet = { rows: [], problems: [] };
  for (const { row, cells } of body) {
    const text = (name: ColumnName) => (cells[columns.indexOf(name)] ?? '').trim();
    readRow(row, text, sheet);
  }
  return sheet;
}

type Body = readonly { row: number; cells: readonly string[] }[];

/** The whole file is refused, and the message repeats nothing of what it holds. */
function refusePersons(header: readonly string[], body: Body): void {
  const column = header.find(isPersonalHeader);
  const refuse = (what: string, about: Record<string, unknown>) => {
    throw new FaultError('personal-record', `${what}: nothing of the file was kept`, { about });
  };
  if (column !== undefined) refuse(`the column "${column}" is of persons, not a total`, { column });
  for (const { row, cells } of body) {
    for (const [index, cell] of cells.entries()) {
      const kind = personalValue(cell);
      if (kind === undefined) continue;
      const column = header[index] ?? `${index + 1}`;
      refuse(`row ${row}, column "${column}" looks like ${kind}`, { row, column });
    }
  }
}

const unreadable = (what: string) => new FaultError('totals-unreadable', `the sheet of totals cannot be read: ${what}`);

const columnOf = (header: string): ColumnName | undefined =>
  (Object.keys(COLUMNS) as ColumnName[]).find((name) =>
    (COLUMNS[name] as readonly string[]).includes(header.toLowerCase()),
  );

function figureOf(text: string): TotalFigure | undefined {
  const wanted = text.toLowerCase();
  return TOTAL_FIGURES.find((figure) => {
    const { english, chinese } = TOTALS[figure];
    return [figure, figure.replaceAll('-', '_'), english.toLowerCase(), chinese].includes(wanted);
  });
}

/** 2026-11-26, 2026/11/26, 2026.11.26 and 2026年11月26日. */
function dayOf(text: string): string | undefined {
  const [, year, month, day] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const ms = Date.parse(`${iso}T00:00:00Z`);
  const isDay = Number.isFinite(ms) && new Date(ms).toISOString().startsWith(iso);
  return isDay && Number(year) >= 1990 && ms < Date.now() + 2 * 86_400_000 ? iso : undefined;
}

function readRow(row: number, text: (name: ColumnName) => string, { rows, problems }: TotalsSheet): void {
  const before = problems.length;
  const say = (column: ColumnName, message: string) => problems.push({ row, column: COLUMNS[column][0], message });
  const figure = figureOf(text('figure'));
  const asOf = dayOf(text('asOf'));
  const plain = text('value').replace(/(?<=\d)[,，](?=\d{3})/g, '');
  const value = /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
  if (text('area') === '') say('area', 'the id or the name of an area is wanted');
  if (figure === undefined) say('figure', `"${text('figure').slice(0, 60)}" is none of ${TOTAL_FIGURES.join(', ')}`);
  if (!(value >= 0 && value <= 1e12)) say('value', `"${text('value').slice(0, 60)}" is no number from 0 on`);
  if (asOf === undefined) say('asOf', `"${text('asOf').slice(0, 60)}" is no day from 1990 to today, as 2026-11-26`);
  if (text('source').length > 200) say('source', 'it is longer than 200 signs');
  if (problems.length > before || figure === undefined || asOf === undefined) return;
  rows.push({ row, area: text('area'), total: { figure, value, asOf, source: text('source') } });
}
