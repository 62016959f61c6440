/** `table` and `totals import`: one table of an area; totals that others count come in by a sheet. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { decodeText } from '#models/registry/sheet/read-sheet.ts';
import type { AreaTable, TableCell } from '#models/schema/area-table.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { TotalsOutcome } from '#models/schema/total.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { printRows } from '../print.ts';

type TableOptions = { from?: string; to?: string; csv?: boolean; json?: boolean };

export function addTableCommands(program: Command): void {
  program
    .command('table')
    .description(
      'One table of an area: people, place, event, thing, situation, each with source, age and share observed.',
    )
    .argument('<area>', 'its id')
    .option('--from <time>', 'ISO 8601; 24 hours before the end without')
    .option('--to <time>', 'ISO 8601; now without')
    .option('--csv', 'every figure of the area and of those below it, for a spreadsheet')
    .option('--json', 'machine-readable')
    .action(printTable);
  program
    .command('totals')
    .description('Totals per area that others count: residents, housing, staff, events of a day.')
    .command('import')
    .description('Takes a sheet with the columns area, figure, value, as_of, source; all or nothing. docs/table.md')
    .argument('<file>', 'CSV in UTF-8 or GBK, English or Chinese headers')
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--json', 'machine-readable')
    .action(importSheet);
}

async function printTable(area: string, { from, to, csv, json }: TableOptions): Promise<void> {
  const query = new URLSearchParams({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
  const api = openApi(loadConfig());
  const path = `/areas/${encodeURIComponent(area)}/table`;
  if (csv === true) {
    process.stdout.write(await (await api.request('GET', `${path}.csv?${query}`)).text());
    return;
  }
  const table = await api.json<AreaTable>('GET', `${path}?${query}`);
  if (json === true) return console.log(JSON.stringify(table, null, 2));
  const [own] = table.areas;
  console.log(`${own?.name} (${own?.id}), ${iso(table.fromMs)} to ${iso(table.toMs)}`);
  printRows(
    table.rows.map(({ group, figure, unit, cells }) => ({ group, figure, ...shown(cells[0], unit) })),
    { columns: ['group', 'figure', 'value', 'unit', 'source', 'as of', 'observed'], isJson: false, none: 'no figures' },
  );
}

const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16);

function shown(cell: TableCell | undefined, unit: string) {
  const { value = null, source = '', asOf = null, observedShare = null, parts } = cell ?? {};
  return {
    value: value ?? '-',
    unit,
    source: parts === undefined ? source : `sum of ${parts.known} of ${parts.all} areas below: ${source}`,
    'as of': asOf?.slice(0, 16) ?? '',
    observed: observedShare === null ? '' : `${Math.round(observedShare * 1000) / 10} %`,
  };
}

async function importSheet(file: string, { dryRun, json }: { dryRun?: boolean; json?: boolean }): Promise<void> {
  const query = dryRun === true ? '?dryRun=true' : '';
  const body = { csv: decodeText(readBytes(file)) };
  const outcome = await openApi(loadConfig()).json<TotalsOutcome>('POST', `/totals/import${query}`, body);
  if (json === true) console.log(JSON.stringify(outcome, null, 2));
  else printOutcome(outcome);
  if (outcome.problemCount > 0) process.exitCode = 1;
}

function printOutcome({ isDryRun, added, changed, unchanged, areas, problems, problemCount }: TotalsOutcome): void {
  for (const { row, column, message } of problems) console.log(`row ${row}, ${column}: ${message}`);
  if (problemCount > 0) console.log(`${problemCount} problems: nothing would be imported`);
  else {
    const what = `${added} totals added, ${changed} changed, ${unchanged} as before; ${areas} ${areas === 1 ? 'area' : 'areas'}`;
    console.log(isDryRun ? `dry run, nothing is written: ${what}` : what);
  }
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const said = `${file} cannot be read: ${(cause as Error).message}`;
    throw new FaultError('file-missing', said, { cause, cure: 'Correct the path.' });
  }
}
