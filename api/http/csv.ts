/** Rows as CSV that opens in a spreadsheet: with a mark for UTF-8, and no text that it would take for a formula. */
import { stringify } from 'csv-stringify/sync';

export type CsvRow = Record<string, string | number | boolean | null | undefined>;

export const CSV_TYPE = 'text/csv; charset=utf-8';

/** Columns in the order named; null and undefined are empty. */
export function toCsv(rows: readonly CsvRow[], columns: readonly string[]): string {
  return stringify([...rows], { header: true, columns: [...columns], bom: true, escape_formulas: true });
}
