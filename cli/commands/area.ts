/** `grid`: imports the administrative tree from files of many formats, checks it, and exports it. */
import { writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { AREA_LEVELS } from '#models/schema/area.ts';
import type { AreaImportAnswer, AreaImportProblem } from '#models/schema/area-import.ts';
import { CRS_NAMES, type DivisionReport } from '#models/schema/division.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import type { Feature } from '../areas/read-area-file.ts';
import { printReport, reportAsGeoJson } from '../areas/report.ts';
import { printRows } from '../print.ts';
import { addAreaRemoveCommand } from './area-remove.ts';
import { addDivisionCommands } from './division.ts';

type FileOptions = {
  crs?: string;
  swap?: boolean;
  level?: string;
  parent?: string;
  map?: string;
  encoding?: string;
  epsg?: number;
  layer?: string;
};
type ImportOptions = FileOptions & { dryRun?: boolean; json?: boolean };
type CheckOptions = FileOptions & { out?: string; json?: boolean; max: number };

const FORMATS = 'GeoJSON, shapefile (.zip, or .shp with its .dbf and .prj), KML, KMZ or GeoPackage';
const LISTED_MAX = 50;

export function addAreaCommands(program: Command): void {
  const grid = program
    .command('grid')
    .description('Areas and grids: import, check, publish, remove; see docs/grids.md.');
  withFileOptions(
    grid
      .command('import')
      .description('Imports files, all of them or nothing; areas they do not name stay.')
      .argument('<files...>', FORMATS)
      .option('--dry-run', 'say what would be imported, and what is wrong'),
  )
    .option('--json', 'machine-readable')
    .action(importFiles);

  withFileOptions(
    grid
      .command('check')
      .description(
        'Gaps, overlaps, slivers, wrong parents, missing figures: of what is registered, or with files imported.',
      )
      .argument('[files...]', FORMATS),
  )
    .option('--out <file>', 'write the faults as GeoJSON')
    .option('--max <n>', 'list so many faults', wholeNumber, LISTED_MAX)
    .option('--json', 'machine-readable')
    .action(check);

  grid
    .command('export')
    .description('Writes all areas as GeoJSON, WGS-84.')
    .argument('<file>', 'what to write; - for the terminal')
    .action(async (file: string) => {
      const text = await (await openApi(loadConfig()).request('GET', '/areas')).text();
      if (file === '-') console.log(text);
      else writeFileSync(file, `${text}\n`);
    });
  addAreaRemoveCommand(grid);
  addDivisionCommands(grid);
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is wanted');
  return Number(text);
}

function withFileOptions(command: Command): Command {
  const crs = new Option('--crs <name>', 'what its degrees are; converted to WGS-84').choices(CRS_NAMES);
  const level = new Option('--level <level>', 'of features that say none').choices(AREA_LEVELS);
  return command
    .addOption(crs)
    .addOption(level)
    .option('--parent <id>', 'of features that say none')
    .option('--map <names>', 'how its properties are called: id=网格编号,name=名称,households=户数')
    .option('--swap', 'it gives latitude before longitude')
    .option('--epsg <code>', 'its projection, where it does not say so itself', wholeNumber)
    .option('--encoding <name>', 'of the texts of a shapefile, such as gbk')
    .option('--layer <name>', 'of a GeoPackage or archive with several');
}

async function importFiles(files: string[], options: ImportOptions): Promise<void> {
  const { body, skipped } = await readAll(files, options);
  const path = `/areas?${queryOf(options, options.dryRun)}`;
  const answer = await openApi(loadConfig()).json<AreaImportAnswer>('PUT', path, body);
  if (options.json === true) console.log(JSON.stringify({ ...answer, skipped }, null, 2));
  else printAnswer(answer, { isTrial: options.dryRun === true, skipped });
  if (answer.problemCount > 0) process.exitCode = 1;
}

function printAnswer(answer: AreaImportAnswer, { isTrial, skipped }: { isTrial: boolean; skipped: number }): void {
  const { imported, added, changed, unchanged, problems, problemCount, warnings } = answer;
  for (const { words } of warnings) console.log(`warning: ${words.en}`);
  if (skipped > 0) console.log(`${skipped} points and lines are no areas and were passed over`);
  if (problemCount === 0) {
    const does = isTrial ? 'would be imported' : 'imported';
    console.log(`${imported} areas ${does}: ${added} new, ${changed} changed, ${unchanged} as they were`);
    return;
  }
  console.log(`nothing would be imported: ${problemCount} problems`);
  printRows(problems.map(asRow), { columns: ['feature', 'id', 'place', 'problem'], isJson: false, none: '' });
}

const asRow = ({ feature, id, at, message }: AreaImportProblem) => ({
  feature: feature === 0 ? '' : feature,
  id,
  place: at === undefined ? '' : at.map((degrees) => degrees.toFixed(6)).join(' '),
  problem: message,
});

async function check(files: string[], options: CheckOptions): Promise<void> {
  const api = openApi(loadConfig());
  if (files.length > 0 && !(await canBeImported(files, options))) return;
  const report =
    files.length === 0
      ? await api.json<DivisionReport>('GET', '/area-check')
      : await api.json<DivisionReport>('POST', `/area-check?${queryOf(options)}`, (await readAll(files, options)).body);
  if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(reportAsGeoJson(report))}\n`);
  if (options.json === true) console.log(JSON.stringify(report, null, 2));
  else printReport(report, { max: options.max });
  if (report.faults.length > 0) process.exitCode = 1;
}

/** Says what is wrong with the files themselves, before the ground is looked at. */
async function canBeImported(files: readonly string[], options: CheckOptions): Promise<boolean> {
  const { body, skipped } = await readAll(files, options);
  const answer = await openApi(loadConfig()).json<AreaImportAnswer>('PUT', `/areas?${queryOf(options, true)}`, body);
  if (answer.problemCount === 0) return true;
  if (options.json === true) console.log(JSON.stringify({ ...answer, skipped }, null, 2));
  else printAnswer(answer, { isTrial: true, skipped });
  process.exitCode = 1;
  return false;
}

/** The readers of all formats are loaded here, so that other commands do not wait for them. */
async function readAll(files: readonly string[], options: FileOptions): Promise<{ body: unknown; skipped: number }> {
  const { asBody, readAreaFile } = await import('../areas/read-area-file.ts');
  const { encoding, epsg, layer } = options;
  const read = files.map((file) => readAreaFile(file, { encoding, epsg, layer }));
  const features: Feature[] = read.flatMap((file) => file.features);
  return { body: asBody(features, files.join(', ')), skipped: read.reduce((sum, file) => sum + file.skipped, 0) };
}

function queryOf({ crs, swap, level, parent, map }: FileOptions, dryRun?: boolean): string {
  const query = new URLSearchParams();
  const given = { crs, swap, level, parent, map, dryRun };
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, String(value));
  return query.toString();
}
