/** `channel`: where alerts go, how each place does, and what it gave up. */
import type { Command } from 'commander';
import type { ChannelView, DeadLetter } from '#models/schema/channel.ts';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { printRows } from '../print.ts';

type Json = { json?: boolean };

export function addChannelCommands(program: Command): void {
  const channel = program.command('channel').description('Webhooks and MQTT brokers that get alerts.');
  channel
    .command('list')
    .description('Every channel, how it does and what waits.')
    .option('--json', 'machine-readable')
    .action(list);
  channel
    .command('letters')
    .description('What a channel gave up and why; kept for a month.')
    .argument('<channel>')
    .option('--json', 'machine-readable')
    .action(letters);
  channel
    .command('resend')
    .description('Sends what was given up again; what fails again stays.')
    .argument('<channel>')
    .argument('[events...]', 'as `letters` names them')
    .option('--all', 'all of them')
    .action((id: string, events: string[], options: { all?: boolean }) => act(id, 'resend', { events, ...options }));
  channel
    .command('discard')
    .description('Throws away what was given up; the audit log says who did.')
    .argument('<channel>')
    .argument('[events...]', 'as `letters` names them')
    .option('--all', 'all of them')
    .action((id: string, events: string[], options: { all?: boolean }) => act(id, 'discard', { events, ...options }));
}

async function list({ json }: Json): Promise<void> {
  const { channels } = await openApi(loadConfig()).json<{ channels: ChannelView[] }>('GET', '/channels');
  const rows = channels.map(({ id, name, type, area, state }) => ({
    ...{ id, name, type, area: area ?? 'everywhere', state: state?.state ?? 'unknown' },
    ...{ waits: state?.backlog ?? 0, delivered: state?.delivered ?? 0, 'given up': state?.dead ?? 0 },
    'last error': state?.lastError ?? '',
  }));
  const columns = ['id', 'name', 'type', 'area', 'state', 'waits', 'delivered', 'given up', 'last error'];
  printRows(rows, { columns, isJson: json === true, none: 'No channels.' });
}

async function letters(id: string, { json }: Json): Promise<void> {
  const path = `/channels/${encodeURIComponent(id)}/dead-letters`;
  const told = await openApi(loadConfig()).json<{ letters: DeadLetter[]; count: number }>('GET', path);
  const rows = told.letters.map(({ event, attempts, message, deadAtMs, isToBeSent }) => ({
    ...{ event, at: new Date(deadAtMs).toISOString(), attempts, why: message },
    again: isToBeSent === true ? 'being sent' : '',
  }));
  const columns = ['event', 'at', 'attempts', 'why', 'again'];
  printRows(rows, { columns, isJson: json === true, none: `${id} gave up nothing.` });
  if (json !== true && told.count > rows.length) console.log(`and ${told.count - rows.length} older ones`);
}

async function act(
  id: string,
  what: 'resend' | 'discard',
  { events, all }: { events: string[]; all?: boolean },
): Promise<void> {
  if ((events.length === 0) === (all !== true)) throw new FaultError('invalid-value', 'name events, or say --all');
  const path = `/channels/${encodeURIComponent(id)}/dead-letters/${what}`;
  const body = all === true ? {} : { events };
  const { letters: count } = await openApi(loadConfig()).json<{ letters: number }>('POST', path, body);
  console.log(what === 'resend' ? `${count} of ${id} are sent again` : `${count} of ${id} discarded`);
}
