/** From the bytes of a camera sheet (CSV in UTF-8, UTF-16 or GBK; YAML; JSON) to rows, each with its own faults. */
import { CsvError, parse } from 'csv-parse/sync';
import { closest, distance } from 'fastest-levenshtein';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { FaultError } from '../../schema/fault.ts';
import { type CellReading, readCell } from './cells.ts';
import { type Column, findColumn, HEADERS } from './columns.ts';

export const SHEET_FORMATS = ['csv', 'yaml', 'json'] as const;
export type SheetFormat = (typeof SHEET_FORMATS)[number];

export type CellFault = { field: string; message: string };

export type SheetRow = {
  /** Where it stands: the header of a table is row 1; the first entry of YAML and JSON is row 1. */
  row: number;
  /** What it says, by field; `password` is among them. */
  fields: Record<string, unknown>;
  faults: CellFault[];
};

export type Sheet = { rows: SheetRow[]; notices: string[] };

export const ROWS_MAX = 5000;
export const SHEET_MAX_BYTES = 8 * 1024 * 1024;

/** Throws FaultError `sheet-unreadable` where the file as a whole is no sheet. */
export function readSheet(bytes: Uint8Array, format: SheetFormat): Sheet {
  if (bytes.length > SHEET_MAX_BYTES) {
    throw unreadable(`it has ${Math.round(bytes.length / 1024 / 1024)} MiB, 8 MiB is the most`, 'Split the file.');
  }
  const text = decodeText(bytes);
  const sheet = format === 'csv' ? readTable(text) : readEntries(format === 'yaml' ? yamlOf(text) : jsonOf(text));
  if (sheet.rows.length === 0) throw unreadable('it holds no camera', 'Write one camera a row below the header.');
  if (sheet.rows.length > ROWS_MAX) {
    throw unreadable(`it has ${sheet.rows.length} rows, ${ROWS_MAX} is the most`, 'Split the file.');
  }
  const open = sheet.rows.filter(({ fields }) => fields.password !== undefined).length;
  if (open > 0) {
    sheet.notices.push(
      `${open} ${open === 1 ? 'row carries its password' : 'rows carry their passwords'} as plain text: keep the file safe, or use the column password_file or password_env`,
    );
  }
  return sheet;
}

const unreadable = (what: string, cure: string, cause?: unknown) =>
  new FaultError('sheet-unreadable', `the sheet cannot be read: ${what}`, { cure, cause });

/** By its byte order mark; else UTF-8 where it is that, else GBK (GB 18030), in which Chinese spreadsheets save CSV. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!text.includes('\0')) return text;
    } catch {
      // Not in this encoding: the next one.
    }
  }
  throw unreadable(
    'its bytes are neither UTF-8 nor GBK text',
    'Save it as "CSV UTF-8"; a spreadsheet file (.xlsx) is no CSV.',
  );
}

function readTable(text: string): Sheet {
  const cells = cellsOf(text);
  const start = cells.findIndex((row) => row.some((cell) => cell.trim() !== ''));
  const header = cells[start] ?? [];
  const columns = header.map(findColumn);
  if (!columns.some((column) => column !== undefined)) {
    throw unreadable(
      `its first row names no column that is known, but "${header.join(', ').slice(0, 120)}"`,
      'Begin with a header: name, url, user, password_file, area, lon, lat … (docs/cameras.md lists all).',
    );
  }
  const twice = columns.find((column, index) => column !== undefined && columns.indexOf(column) !== index);
  if (twice !== undefined) {
    const headers = header.filter((_, index) => columns[index] === twice);
    throw unreadable(`the columns "${headers.join('" and "')}" mean the same`, 'Keep one of them.');
  }
  const notices = passedOver(header.filter((_, index) => columns[index] === undefined));
  const rows = cells.flatMap((row, index): SheetRow[] => {
    if (index <= start || row.every((cell) => cell.trim() === '')) return [];
    return [readTableRow(row, { row: index + 1, columns })];
  });
  return { rows, notices };
}

export function cellsOf(text: string): string[][] {
  try {
    return parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: 100_000,
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw unreadable(cause.message, 'Close the quotes: a " in a field is written as "".', cause);
  }
}

/** The one of comma, semicolon and tab that stands most often in the header. */
function delimiterOf(text: string): string {
  const header = (text.trimStart().split(/\r?\n|\r/, 1)[0] ?? '').replace(/"[^"]*"/g, '');
  const count = (sign: string) => header.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

function readTableRow(
  cells: readonly string[],
  { row, columns }: { row: number; columns: (Column | undefined)[] },
): SheetRow {
  const read: SheetRow = { row, fields: {}, faults: [] };
  if (cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
    const message = `the row has ${cells.length} cells, the header ${columns.length}: a text with a comma needs quotes around it`;
    read.faults.push({ field: 'row', message });
    return read;
  }
  for (const [index, column] of columns.entries())
    if (column !== undefined) take(readCell(cells[index], column, { isTable: true }), column, read);
  return read;
}

function take(reading: CellReading, column: Column, { fields, faults }: SheetRow): void {
  if (reading.says === 'wrong') faults.push({ field: column.name, message: reading.message });
  if (reading.says === 'value') place(fields, column.field, reading.value);
}

/** Clearing one part of a position clears it as a whole: half a position is none. */
function place(fields: Record<string, unknown>, [first = '', second]: readonly string[], value: unknown): void {
  if (second === undefined) fields[first] = value;
  else if (first === 'position' && value === null) fields[first] = null;
  else if (fields[first] !== null) fields[first] = { ...(fields[first] as object | undefined), [second]: value };
}

/** All scalars stay text: a serial number 00123 keeps its zeros. */
function yamlOf(text: string): unknown {
  try {
    return parseYaml(text, { schema: 'failsafe', maxAliasCount: 100 });
  } catch (cause) {
    if (!(cause instanceof YAMLParseError) && !(cause instanceof ReferenceError)) throw cause;
    throw unreadable(cause.message.split('\n')[0] ?? '', 'Correct the YAML at the place that is named.', cause);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable((cause as Error).message, 'Correct the JSON at the place that is named.', cause);
  }
}

/** A list of cameras, or an object whose `cameras` is one. */
function readEntries(content: unknown): Sheet {
  const list = Array.isArray(content) ? content : (content as { cameras?: unknown } | null)?.cameras;
  if (!Array.isArray(list)) throw unreadable('it holds no list of cameras', 'Write a list, or "cameras:" with a list.');
  const unknown = new Set<string>();
  const rows = list.map((entry: unknown, index) => readEntry(entry, { row: index + 1, unknown }));
  return { rows, notices: passedOver([...unknown]) };
}

function readEntry(entry: unknown, { row, unknown }: { row: number; unknown: Set<string> }): SheetRow {
  const read: SheetRow = { row, fields: {}, faults: [] };
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    read.faults.push({ field: 'row', message: 'fields with values are expected' });
    return read;
  }
  for (const [name, cell] of flatten(entry)) {
    const column = findColumn(name);
    if (column === undefined) unknown.add(name);
    else take(readCell(isNull(cell, column) ? null : cell, column, { isTable: false }), column, read);
  }
  return read;
}

/** In YAML read as text, a null is the word. */
const isNull = (cell: unknown, { kind }: Column) =>
  kind !== 'secret' && (cell === null || cell === 'null' || cell === '~');

/** `{ device: { host: 'a' } }` → [['device.host', 'a']]; null stays as it is. */
function flatten(entry: object): [string, unknown][] {
  return Object.entries(entry).flatMap(([name, cell]): [string, unknown][] => {
    const isGroup = typeof cell === 'object' && cell !== null && !Array.isArray(cell);
    return isGroup ? Object.entries(cell).map(([inner, it]) => [`${name}.${inner}`, it]) : [[name, cell]];
  });
}

function passedOver(names: readonly string[]): string[] {
  const said = names.filter((name) => name.trim() !== '').map((name) => `"${name.trim()}"${hintFor(name)}`);
  return said.length === 0 ? [] : [`columns that are not known were passed over: ${said.join(', ')}`];
}

function hintFor(name: string): string {
  const near = closest(name.toLowerCase(), [...HEADERS]);
  return distance(name.toLowerCase(), near) <= Math.max(1, name.length / 3) ? ` (did you mean "${near}"?)` : '';
}
