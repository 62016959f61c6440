/** `sql`: asks ClickHouse through the API, embedded or server, read-only. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';

export function addSqlCommand(program: Command): void {
  program
    .command('sql')
    .description('Asks ClickHouse, e.g. "select camera, count() from sightings group by camera".')
    .argument('<query>', 'SQL; read-only, tables of the database sharp_eyes need no prefix')
    .option('--format <format>', 'any ClickHouse output format', 'PrettyCompactMonoBlock')
    .option('--json', 'one JSON object a row (JSONEachRow)')
    .action(async (query: string, options: { format: string; json?: boolean }) => {
      const format = options.json === true ? 'JSONEachRow' : options.format;
      const response = await openApi(loadConfig()).request('POST', '/sql', { query, format });
      if (response.body !== null)
        await pipeline(Readable.fromWeb(response.body as never), process.stdout, { end: false });
    });
}
