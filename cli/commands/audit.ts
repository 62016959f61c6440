/** `audit verify|list`: whether the audit log is what was written, and who saw, exported, unblurred and changed. */
import type { Command } from 'commander';
import type { AuditList, AuditVerification } from '#models/schema/audit.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';

type VerifyOptions = { from?: string; json?: boolean };
type ListOptions = {
  from?: string;
  to?: string;
  user?: string;
  action?: string;
  text?: string;
  limit: string;
  json?: boolean;
};

export function addAuditCommands(program: Command): void {
  const audit = program
    .command('audit')
    .description('The audit log: append-only, each line chained to the one before.');
  audit
    .command('verify')
    .description('Follows the chain and names the first line that is not as it was written; exit code 1 where one is.')
    .option('--from <day>', 'first day to check, YYYY-MM-DD; absent: all that is kept')
    .option('--json', 'machine-readable')
    .action(async ({ from, json }: VerifyOptions) => {
      const path = `/audit/verification${queryOf({ from })}`;
      const found = await openApi(loadConfig()).json<AuditVerification>('GET', path);
      console.log(json === true ? JSON.stringify(found) : describe(found));
      if (!found.isIntact) process.exitCode = 1;
    });
  audit
    .command('list')
    .description('Lists entries, the latest first.')
    .option('--from <day>', 'from that day on, YYYY-MM-DD')
    .option('--to <day>', 'up to and with that day')
    .option('--user <id>', 'of that user')
    .option('--action <action>', 'of that action, or all that begin so: evidence.')
    .option('--text <text>', 'with that text anywhere: the id of an alert, a reason')
    .option('--limit <n>', 'at most so many', '100')
    .option('--json', 'one entry a line, whole')
    .action(async ({ json, ...query }: ListOptions) => {
      const { entries, hasMore } = await openApi(loadConfig()).json<AuditList>('GET', `/audit${queryOf(query)}`);
      for (const entry of entries) console.log(json === true ? JSON.stringify(entry) : lineOf(entry));
      if (hasMore && json !== true) console.log('(more: raise --limit, or narrow it down)');
    });
}

function queryOf(query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

function describe({ isIntact, lines, unchained, first, last, broken }: AuditVerification): string {
  const span = first === undefined ? 'nothing is written yet' : `${first} to ${last}, ${lines} lines`;
  const apart = unchained === 0 ? '' : `; ${unchained} lines of before it was chained, for which nothing vouches`;
  if (isIntact) return `The audit log is as it was written: ${span}${apart}.`;
  const { file = '', line = 0, what = '' } = broken ?? {};
  const place = line === 0 ? file : `${file}, line ${line}`;
  return `The audit log is NOT as it was written. ${place}: ${what}. (${lines} lines before it are good.)  [audit-broken]`;
}

const SAID = ['alert', 'camera', 'reason', 'picture', 'area', 'query'];

function lineOf(entry: Record<string, unknown>): string {
  const more = SAID.flatMap((key) => (entry[key] === undefined ? [] : `${key}=${JSON.stringify(entry[key])}`));
  const { at, user, action, status, path } = entry;
  return [at, user ?? '-', action, status ?? '', path ?? '', ...more].map(String).join('  ');
}
