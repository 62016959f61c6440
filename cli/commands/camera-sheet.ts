/** `camera import` and `camera export`: cameras by the hundred, from and to CSV, YAML and JSON. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { type Command, Option } from 'commander';
import { readSheet, SHEET_FORMATS, type SheetFormat } from '#models/registry/sheet/read-sheet.ts';
import type { ImportOutcome, RowOutcome } from '#models/schema/camera-import.ts';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { changeText } from '../cameras/change-text.ts';
import { resolveRows } from '../cameras/import-rows.ts';
import { printRows } from '../print.ts';

type ImportOptions = { dryRun?: boolean; allOrNothing?: boolean; format?: SheetFormat; json?: boolean };
type ExportOptions = { out?: string; format?: SheetFormat; headers: string; area?: string; tag?: string };

export function addCameraSheetCommands(camera: Command): void {
  camera
    .command('import')
    .description('Adds and changes cameras by a sheet; safe to run again. docs/cameras.md lists the columns.')
    .argument('<file>', 'CSV (UTF-8 or GBK; commas, semicolons or tabs), YAML or JSON; English or Chinese headers')
    .option('--dry-run', 'say what would change, and change nothing; devices are asked all the same')
    .option('--all-or-nothing', 'one refused row refuses all')
    .addOption(new Option('--format <format>', 'where the file’s name does not say it').choices(SHEET_FORMATS))
    .option('--json', 'machine-readable')
    .action(importSheet);
  camera
    .command('export')
    .description('Writes cameras as a sheet that can be imported again; no password is in it.')
    .option('--out <file>', 'where to; the terminal where none is named')
    .addOption(new Option('--format <format>', 'csv where the file’s name does not say it').choices(SHEET_FORMATS))
    .addOption(new Option('--headers <language>', 'of a CSV').choices(['en', 'zh']).default('en'))
    .option('--area <id>', 'only those in this area and below')
    .option('--tag <tag>', 'only those with this tag')
    .action(exportSheet);
}

async function importSheet(file: string, options: ImportOptions): Promise<void> {
  const sheet = readSheet(readBytes(file), options.format ?? formatOf(file));
  const say = (text: string) => {
    if (options.json !== true) console.error(text);
  };
  const { rows, refused } = await resolveRows(sheet.rows, { folder: dirname(file), say });
  const isBlocked = options.allOrNothing === true && refused.length > 0;
  const query = new URLSearchParams({
    ...(options.dryRun === true || isBlocked ? { dryRun: 'true' } : {}),
    ...(options.allOrNothing === true ? { allOrNothing: 'true' } : {}),
  });
  const nothing = { isDryRun: false, isApplied: false, counts: { added: 0, changed: 0, unchanged: 0, refused: 0 } };
  const told =
    rows.length === 0
      ? { ...nothing, notices: [], rows: [] }
      : await openApi(loadConfig()).json<ImportOutcome>('POST', `/cameras/import?${query}`, { rows });
  const outcome: ImportOutcome = {
    ...told,
    isDryRun: options.dryRun === true,
    counts: { ...told.counts, refused: told.counts.refused + refused.length },
    notices: [...sheet.notices, ...told.notices],
    rows: [...told.rows, ...refused].sort((a, b) => a.row - b.row),
  };
  if (options.json === true) console.log(JSON.stringify(outcome, null, 2));
  else printOutcome(outcome);
  if (outcome.counts.refused > 0) process.exitCode = 1;
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new FaultError('file-missing', `${file} cannot be read: ${(cause as Error).message}`, {
      cause,
      cure: 'Correct the path.',
    });
  }
}

const FORMATS_BY_NAME: Readonly<Record<string, SheetFormat>> = {
  '.csv': 'csv',
  '.txt': 'csv',
  '.tsv': 'csv',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.json': 'json',
};

function formatOf(file: string): SheetFormat {
  const format = FORMATS_BY_NAME[extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw new FaultError('sheet-unreadable', `the name ${file} does not say whether it is CSV, YAML or JSON`, {
    cure: 'Name it .csv, .yaml or .json, or add --format. A spreadsheet (.xlsx) must be saved as CSV first.',
  });
}

function printOutcome({ rows, notices, counts, isDryRun, isApplied }: ImportOutcome): void {
  for (const notice of notices) console.error(`note: ${notice}`);
  printRows(rows.filter(({ verdict }) => verdict !== 'unchanged').map(asRow), {
    columns: ['row', 'verdict', 'camera', 'what'],
    isJson: false,
    none: 'Every row is as it is registered.',
  });
  const { added, changed, unchanged, refused } = counts;
  const would = isApplied ? '' : 'would be ';
  console.log(`\n${added} ${would}added, ${changed} ${would}changed, ${unchanged} unchanged, ${refused} refused.`);
  if (isDryRun) console.log('Nothing was written: this was a dry run.');
  else if (!isApplied) console.log('Nothing was written.');
}

function asRow({ row, verdict, camera, changes, message, cure, code }: RowOutcome) {
  const what = verdict === 'refused' ? `${message} — ${cure} [${code}]` : (changes ?? []).map(changeText).join(', ');
  return { row, verdict, camera: camera ?? '', what };
}

async function exportSheet({ out, format, headers, area, tag }: ExportOptions): Promise<void> {
  const chosen = format ?? (out === undefined ? 'csv' : formatOf(out));
  const query = new URLSearchParams({
    format: chosen,
    headers,
    ...(area === undefined ? {} : { area }),
    ...(tag === undefined ? {} : { tag }),
  });
  const response = await openApi(loadConfig()).request('GET', `/cameras/export?${query}`);
  // As bytes: read as text, the byte order mark by which a spreadsheet knows UTF-8 would be lost.
  const sheet = Buffer.from(await response.arrayBuffer());
  if (out === undefined) return void process.stdout.write(sheet);
  // Addresses and users of every camera are nobody else's business on a shared machine.
  writeFileSync(out, sheet, { mode: 0o600 });
  console.error(`${out} written`);
}
