/** From cameras to the text of a sheet that can be imported again; no password is in it. */
import { stringify } from 'csv-stringify/sync';
import { stringify as stringifyYaml } from 'yaml';
import type { Camera } from '../../schema/camera.ts';
import { writeCell } from './cells.ts';
import { COLUMNS, type Column } from './columns.ts';
import type { SheetFormat } from './read-sheet.ts';

export type SheetLanguage = 'en' | 'zh';

/** Fields by the names of an import; those that are not set are absent. */
export type SheetFields = Record<string, unknown>;

/** What an export says of a camera: what an import takes, less the password. */
export function sheetFields({ source, createdAtMs: _created, updatedAtMs: _updated, ...camera }: Camera): SheetFields {
  const { id, name, ...rest } = camera;
  if (source.kind === 'file') return { id, name, file: source.path, isLooped: source.isLooped, ...rest };
  const { kind: _kind, sealedPassword: _sealed, ...rtsp } = source;
  return { id, name, ...rtsp, ...rest };
}

/** A table begins with the byte order mark by which spreadsheets know UTF-8, and has the columns that are used. */
export function writeSheet(
  cameras: readonly SheetFields[],
  format: SheetFormat,
  language: SheetLanguage = 'en',
): string {
  if (format === 'json') return `${JSON.stringify({ cameras }, null, 2)}\n`;
  if (format === 'yaml') return stringifyYaml({ cameras });
  const used = COLUMNS.filter((column) => cameras.some((camera) => cellOf(camera, column) !== undefined));
  const columns = used.length === 0 ? COLUMNS.slice(0, 2) : used;
  const header = columns.map(({ name, chinese }) => (language === 'zh' ? chinese : name));
  const rows = cameras.map((camera) => columns.map((column) => writeCell(cellOf(camera, column), column)));
  return stringify([header, ...rows], { bom: true, record_delimiter: 'windows' });
}

function cellOf(fields: SheetFields, { field: [first = '', second] }: Column): unknown {
  const value = fields[first];
  const inner = second === undefined ? value : (value as Record<string, unknown> | undefined)?.[second];
  return inner === null ? undefined : inner;
}
