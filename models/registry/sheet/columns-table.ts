/** The columns of a camera sheet as a table of docs/cameras.md; `node models/registry/sheet/columns-table.ts` prints it. */
import { COLUMNS } from './columns.ts';

export function columnsTable(): string {
  const rows = COLUMNS.map(({ name, chinese, also, about }) => {
    const others = also.filter((header) => !/[A-Z.]/.test(header) || /[^\x20-\x7f]/.test(header)).join(', ');
    return `| \`${name}\` | ${chinese} | ${others} | ${about} |`;
  });
  return ['| column | 中文 | also read | what to write |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

if (import.meta.main) console.log(columnsTable());
