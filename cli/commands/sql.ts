/** `sql`: asks ClickHouse through the API, embedded or server, read-only; a prompt where no query is given. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { type ApiClient, openApi } from '../api-client.ts';
import { grantStatements } from '../sql-grants.ts';
import { historyPathOf, runPrompt } from '../sql-prompt.ts';

type SqlOptions = { format: string; json?: boolean; out?: string };

export function addSqlCommand(program: Command): void {
  const sql = program
    .command('sql')
    .description('Asks ClickHouse, e.g. "select camera, count() from sightings group by camera"; see docs/sql.md.')
    .argument('[query]', 'SQL; read-only, tables of the database sharp_eyes need no prefix; none opens a prompt')
    .option(
      '--format <format>',
      'any ClickHouse output format: CSVWithNames, Parquet, Vertical …',
      'PrettyCompactMonoBlock',
    )
    .option('--out <file>', 'writes the answer there instead')
    .option('--json', 'one JSON object a row (JSONEachRow)')
    .action(async (query: string | undefined, options: SqlOptions) => {
      const config = loadConfig();
      const api = openApi(config);
      const format = options.json === true ? 'JSONEachRow' : options.format;
      if (query !== undefined) return answer(api, { query, format, out: options.out });
      if (options.out !== undefined) throw new FaultError('invalid-value', '--out needs a query');
      await runPrompt({
        format,
        historyPath: historyPathOf(config.dataDir),
        run: (asked, asFormat) => answer(api, { query: asked, format: asFormat, out: undefined }),
        complain: (error) => console.error((error as Error).message),
      });
    });
  sql
    .command('grants')
    .description('Prints statements for a ClickHouse server that show an analyst the rows of some areas alone.')
    .requiredOption('--user <name>', 'account of the server; it should have no other grants')
    .requiredOption('--area <ids>', 'areas, each with all below it, separated by commas')
    .option('--whole <names>', 'accounts that see every row, separated by commas', 'sharp_eyes,sharp_eyes_analyst')
    .action(({ user, area, whole }: { user: string; area: string; whole: string }) => {
      const areas = namesIn(area, '--area');
      const grants = { user: namesIn(user, '--user')[0]!, areas, whole: namesIn(whole, '--whole') };
      console.log(grantStatements({ ...grants, cluster: loadConfig().clickhouseCluster }).join('\n'));
    });
  sql.addHelpText('after', '\nViews for analysts and a dozen worked questions: docs/sql.md.');
}

/** Names that need no quoting, whatever stands around them. */
function namesIn(text: string, option: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !/^[A-Za-z0-9_-]{1,64}$/.test(name));
  if (wrong !== undefined)
    throw new FaultError('invalid-value', `${option} expects names of letters, digits, - and _, got "${wrong}"`);
  return names;
}

type Asked = { query: string; format: string; out: string | undefined };

async function answer(api: ApiClient, { query, format, out }: Asked): Promise<void> {
  const { body } = await api.request('POST', '/sql', { query, format });
  if (body === null) return;
  const rows = Readable.fromWeb(body as never);
  if (out === undefined) return pipeline(rows, process.stdout, { end: false });
  try {
    await pipeline(rows, createWriteStream(out, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST';
    if (isTaken)
      throw new FaultError('already-exists', `${out} is there already`, {
        cause: error,
        cure: 'Choose another name, or remove it.',
      });
    // Half an answer must not be taken for a whole one.
    await rm(out, { force: true });
    throw error;
  }
}
