/** The table as rows for a spreadsheet: one for each figure of each area, with source, age and share observed. */
import type { AreaTable } from '#models/schema/area-table.ts';
import { type CsvRow, toCsv } from '../http/csv.ts';

const COLUMNS = [
  'area',
  'name',
  'level',
  'group',
  'figure',
  'value',
  'unit',
  'origin',
  'source',
  'as_of',
  'observed_share',
  'areas_known',
  'areas_below',
];

export function tableCsv({ areas, rows }: AreaTable): string {
  const lines = areas.flatMap(({ id, name, level }, index) =>
    rows.flatMap(({ group, figure, unit, origin, cells }): CsvRow[] => {
      const cell = cells[index];
      if (cell === undefined) return [];
      const { value, source, asOf, observedShare, parts } = cell;
      const about = {
        source,
        as_of: asOf,
        observed_share: observedShare,
        areas_known: parts?.known,
        areas_below: parts?.all,
      };
      return [{ area: id, name, level, group, figure, value, unit, origin, ...about }];
    }),
  );
  return toCsv(lines, COLUMNS);
}
