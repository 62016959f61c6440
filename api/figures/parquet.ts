/** Rows of figures as Parquet, a row group at a time: neither the rows nor the file are ever held as a whole. */
import { setImmediate } from 'node:timers/promises';
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { COLUMNS, type Column, type ExportRow } from './export.ts';
import { inParts } from './parts.ts';

/** Enough for dictionaries and compression to pay, and some 50 ms of work between two turns of the event loop. */
const GROUP_ROWS = 5000;

const NAMES = Object.keys(COLUMNS) as Column[];

/** The bytes of the file in order; it has all its columns without a row, too. */
export async function* asParquet(rows: Iterable<ExportRow>): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const schema = schemaFromColumnData({ columnData: columnsOf([]) });
  const file = new ParquetWriter({ writer: bytes, schema, createdBy: 'Sharp Eyes' });
  for (const part of inParts(rows, GROUP_ROWS)) {
    file.write({ columnData: columnsOf(part), rowGroupSize: GROUP_ROWS });
    yield taken(bytes);
    await setImmediate();
  }
  file.finish();
  yield taken(bytes);
}

function columnsOf(rows: readonly ExportRow[]) {
  return NAMES.map((name) => {
    const { type, isNullable } = COLUMNS[name];
    return { name, type, nullable: isNullable, data: rows.map(({ columns }) => written(columns[name], type)) };
  });
}

function written(value: ExportRow['columns'][Column], type: (typeof COLUMNS)[Column]['type']) {
  if (value === null || value === undefined) return null;
  if (type === 'TIMESTAMP') return new Date(value as string);
  return type === 'INT64' ? BigInt(value) : value;
}

/** What was written since the last time; the writer goes on counting from the file's begin. */
function taken(bytes: ByteWriter): Uint8Array {
  const part = bytes.getBytes().slice();
  bytes.index = 0;
  return part;
}
