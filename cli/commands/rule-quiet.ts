/** `rule quiet`: spans in which no alerts are sent: maintenance windows, and snoozes that end by themselves. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Quiet } from '#models/schema/rule.ts';
import type { QuietInput } from '#models/schema/rule-view.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { printRows, type Row } from '../print.ts';
import { readDurationMs } from '../rules/duration.ts';

type AddOptions = {
  rule?: string;
  camera?: string;
  area?: string;
  from?: string;
  to?: string;
  for?: number;
  reason: string;
};

export function addQuietCommands(rule: Command): void {
  const quiet = rule.command('quiet').description('Spans without alerts; what was held meanwhile is counted and told.');
  quiet
    .command('list')
    .description('Those to come, of now, and of the last week.')
    .option('--json', 'machine-readable')
    .action(async ({ json }: { json?: boolean }) => {
      const { quiets } = await openApi(loadConfig()).json<{ quiets: Quiet[] }>('GET', '/quiets');
      if (json === true) return console.log(JSON.stringify(quiets, null, 2));
      const columns = ['id', 'kind', 'of', 'from', 'to', 'by', 'reason'];
      printRows(quiets.map(rowOf), { columns, isJson: false, none: 'There is none.' });
    });

  quiet
    .command('add')
    .description('Begins now and lasts --for so long (a snooze), or from … to (a maintenance window).')
    .option('--rule <id>', 'alerts of this rule')
    .option('--camera <id>', 'alerts of this camera')
    .option('--area <id>', 'alerts of this area and what lies in it')
    .option('--for <duration>', '30m, 2h, 3d', readDurationMs)
    .option('--from <time>', 'ISO 8601: 2026-12-01T22:00:00+08:00')
    .option('--to <time>', 'ISO 8601')
    .requiredOption('--reason <text>', 'why; it is shown wherever alerts are missed')
    .action(async (options: AddOptions) => {
      const quiet = await openApi(loadConfig()).json<Quiet>('POST', '/quiets', inputOf(options, Date.now()));
      console.log(`${quiet.id}: no alerts of ${ofText(quiet)} until ${new Date(quiet.toMs).toISOString()}`);
    });

  quiet
    .command('remove')
    .description('Ends it now, or takes back one that has not begun.')
    .argument('<id>', 'id of the span')
    .action(async (id: string) => {
      await openApi(loadConfig()).request('DELETE', `/quiets/${id}`);
      console.log(`${id} is over`);
    });
}

function inputOf({ rule, camera, area, reason, ...when }: AddOptions, nowMs: number): QuietInput {
  if ((when.for === undefined) === (when.to === undefined))
    throw new InvalidArgumentError('say either --for a duration, or --to a time');
  const fromMs = when.from === undefined ? undefined : timeOf(when.from);
  const toMs = when.for === undefined ? timeOf(when.to ?? '') : (fromMs ?? nowMs) + when.for;
  return {
    kind: fromMs === undefined && when.for !== undefined ? 'snooze' : 'maintenance',
    ...(rule === undefined ? {} : { rule }),
    ...(camera === undefined ? {} : { camera }),
    ...(area === undefined ? {} : { area }),
    ...(fromMs === undefined ? {} : { fromMs }),
    toMs,
    reason,
  };
}

function timeOf(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError(`"${text}" is no time: 2026-12-01T22:00:00+08:00`);
  return ms;
}

const rowOf = (quiet: Quiet): Row => ({
  id: quiet.id,
  kind: quiet.kind,
  of: ofText(quiet),
  from: new Date(quiet.fromMs).toISOString(),
  to: new Date(quiet.toMs).toISOString(),
  by: quiet.by,
  reason: quiet.reason,
});

function ofText({ rule, camera, area }: Quiet): string {
  const parts = Object.entries({ rule, camera, area }).flatMap(([name, id]) =>
    id === undefined ? [] : [`${name} ${id}`],
  );
  return parts.length === 0 ? 'everything' : parts.join(', ');
}
