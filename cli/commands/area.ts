/** `grid`: checks and imports the administrative tree as GeoJSON. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { printRows } from '../print.ts';

type ImportAnswer = { imported: number; problems: { id: string; code: string; message: string }[] };

export function addAreaCommands(program: Command): void {
  const grid = program.command('grid').description('Areas and grids: check and import GeoJSON.');
  for (const name of ['check', 'import'] as const) {
    grid
      .command(name)
      .description(
        name === 'check' ? 'Says what is wrong with a file; changes nothing.' : 'Imports a file, all of it or nothing.',
      )
      .argument('<file>', 'GeoJSON FeatureCollection; properties id, name, level, parent, households')
      .option('--json', 'machine-readable')
      .action(async (file: string, options: { json?: boolean }) => {
        const path = name === 'check' ? '/areas?dryRun=true' : '/areas';
        const answer = await openApi(loadConfig()).json<ImportAnswer>('PUT', path, readCollection(file));
        if (options.json === true) console.log(JSON.stringify(answer, null, 2));
        else {
          console.log(
            name === 'check' ? `${answer.imported} areas would be imported` : `${answer.imported} areas imported`,
          );
          if (answer.problems.length > 0)
            printRows(answer.problems, { columns: ['id', 'code', 'message'], isJson: false, none: '' });
        }
        if (answer.problems.length > 0) process.exitCode = 1;
      });
  }
}

function readCollection(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new FaultError('invalid-value', `${file} is no readable GeoJSON file: ${(cause as Error).message}`, {
      cause,
    });
  }
}
