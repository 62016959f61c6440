/** `subscription`: credentials at the broker for one area's alerts. */
import type { Command } from 'commander';
import type { SubscriptionMade, SubscriptionView } from '#models/schema/subscription.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { printRows } from '../print.ts';

export function addSubscriptionCommands(program: Command): void {
  const subscription = program.command('subscription').description('Users of NATS that read the alerts of one area.');
  subscription
    .command('add')
    .description('Makes one; its password is shown once.')
    .argument('<name>', 'who or what it is for')
    .option('--area <area>', 'this area with all below; absent: everywhere')
    .option('--days <days>', 'days it is valid', Number, 90)
    .option('--json', 'machine-readable')
    .action(add);
  subscription
    .command('list')
    .description('Every subscription, without passwords.')
    .option('--json', 'machine-readable')
    .action(async (options: { json?: boolean }) => {
      const { subscriptions } = await openApi(loadConfig()).json<{ subscriptions: SubscriptionView[] }>(
        'GET',
        '/subscriptions',
      );
      const rows = subscriptions.map((one) => ({
        ...one,
        area: one.area ?? 'everywhere',
        expires: new Date(one.expiresAtMs).toISOString(),
      }));
      printRows(rows, {
        columns: ['id', 'name', 'area', 'subject', 'expires'],
        isJson: options.json === true,
        none: 'No subscriptions.',
      });
    });
  subscription
    .command('remove')
    .description('Takes the credentials away; a connection that is open with them ends.')
    .argument('<id>')
    .action(async (id: string) => {
      await openApi(loadConfig()).request('DELETE', `/subscriptions/${id}`);
      console.log(`${id} removed`);
    });
}

async function add(name: string, options: { area?: string; days: number; json?: boolean }): Promise<void> {
  const body = { name, area: options.area ?? null, days: options.days };
  const made = await openApi(loadConfig()).json<SubscriptionMade>('POST', '/subscriptions', body);
  if (options.json === true) return console.log(JSON.stringify(made));
  console.log(`user ${made.user}, password "${made.password}" (shown only now)`);
  console.log(`  reads ${made.subscription.subject} until ${new Date(made.subscription.expiresAtMs).toISOString()}`);
  console.log(
    `  inboxes below ${made.inboxPrefix}; consumers of ${made.stream} may be named ${made.consumers.join(', ')}`,
  );
}
