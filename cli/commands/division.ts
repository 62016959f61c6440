/** `grid publish`, `versions` and `diff`: frozen versions of the division. */
import { type Command, InvalidArgumentError } from 'commander';
import { AREA_LEVELS } from '#models/schema/area.ts';
import type { AreaChange, Division, DivisionDifference } from '#models/schema/division.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { printRows } from '../print.ts';

export function addDivisionCommands(grid: Command): void {
  grid
    .command('publish')
    .description('Freezes the areas as they are as a new version; older versions stay.')
    .option('--note <text>', 'why, or what changed', '')
    .option('--with-faults', 'although it has gaps, overlaps or wrong parents')
    .option('--json', 'machine-readable')
    .action(async ({ note, withFaults, json }: { note: string; withFaults?: boolean; json?: boolean }) => {
      const body = { note, ...(withFaults === true ? { withFaults } : {}) };
      const division = await openApi(loadConfig()).json<Division>('POST', '/divisions', body);
      if (json === true) console.log(JSON.stringify(division, null, 2));
      else console.log(`version ${division.version} published: ${levelsOf(division)}`);
    });

  grid
    .command('versions')
    .description('Lists the published versions.')
    .option('--json', 'machine-readable')
    .action(async (options: { json?: boolean }) => {
      const { divisions } = await openApi(loadConfig()).json<{ divisions: Division[] }>('GET', '/divisions');
      if (options.json === true) return console.log(JSON.stringify(divisions, null, 2));
      printRows(divisions.map(asRow), {
        columns: ['version', 'published', 'by', 'areas', 'faults', 'note'],
        isJson: false,
        none: 'nothing is published yet: ./sharp-eyes grid publish',
      });
    });

  grid
    .command('diff')
    .description('What changed between two versions: moved, split, merged, by how many m².')
    .argument('<from>', 'a version; 0 is today', version)
    .argument('[to]', 'a version; today where absent', version, 0)
    .option('--json', 'machine-readable')
    .action(async (from: number, to: number, options: { json?: boolean }) => {
      const path = `/division-changes?from=${from}&to=${to}`;
      const found = await openApi(loadConfig()).json<DivisionDifference>('GET', path);
      if (options.json === true) return console.log(JSON.stringify(found, null, 2));
      printRows(found.changes.map(changeRow), {
        columns: ['change', 'level', 'area', 'from', 'to', 'gained m²', 'lost m²', 'said'],
        isJson: false,
        none: 'nothing changed',
      });
      console.log(`${found.unchanged} areas are as they were`);
    });
}

function version(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('the number of a version is wanted; 0 is today');
  return Number(text);
}

const levelsOf = ({ areas }: Division) =>
  AREA_LEVELS.flatMap((level) => (areas[level] === undefined ? [] : [`${areas[level]} ${level}`])).join(', ');

const asRow = (division: Division) => ({
  version: division.version,
  published: new Date(division.publishedAtMs).toISOString(),
  by: division.by,
  areas: levelsOf(division),
  faults: Object.entries(division.faults)
    .map(([code, count]) => `${code} ${count}`)
    .join(', '),
  note: division.note,
});

const changeRow = ({ change, level, area, from, to, gainedM2, lostM2, said }: AreaChange) => ({
  change,
  level,
  area,
  from: from.join(' '),
  to: to.join(' '),
  'gained m²': gainedM2 === 0 ? '' : gainedM2,
  'lost m²': lostM2 === 0 ? '' : lostM2,
  said,
});
