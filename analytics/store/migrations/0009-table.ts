/** Totals per area that others count, as the registry has them: rows for those who ask in SQL. */
import { DATABASE } from '#system/store-client.ts';
import { columns, type Migration, NAME } from './migration.ts';

export const table: Migration = {
  number: 9,
  title: 'totals of areas',
  statements: ({ onCluster, replacing }) => [
    `CREATE TABLE IF NOT EXISTS ${DATABASE}.area_totals${onCluster} (
${columns([
  ['area', NAME, 'Id of the area'],
  ['figure', NAME, 'What was counted, such as population or events-reported: docs/table.md'],
  ['as_of', 'Date', 'The day that it is of'],
  ['value', 'Float64', 'How much'],
  ['source', 'String', 'Who counted it'],
  ['version', 'UInt64', 'Revision of the registry; the highest counts'],
])}
) ENGINE = ${replacing('area_totals', 'version')}
ORDER BY (area, figure, as_of)
COMMENT 'Totals of areas as imported; read it with FINAL'`,
  ],
};
