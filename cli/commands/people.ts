/** `user` and `token`: who may sign in, and secrets for programs. */
import type { Command } from 'commander';
import { ROLES, type Token, type User } from '#models/schema/user.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { readPassword } from '../password.ts';
import { printRows } from '../print.ts';

type UserView = Omit<User, 'passwordHash'>;

export function addPeopleCommands(program: Command): void {
  const user = program.command('user').description('People who may sign in.');
  user
    .command('add')
    .description('Adds a user; prints a random password once unless a file brings one.')
    .argument('<id>')
    .requiredOption('--role <role...>', ROLES.join(', '))
    .option('--name <name>', 'free text')
    .option('--scope <area...>', 'areas it is for, each with all below; absent: everywhere')
    .option('--password-file <file>', 'file with the password')
    .action(addUser);
  user
    .command('list')
    .option('--json', 'machine-readable')
    .description('Every user with roles and scope.')
    .action(async (options: { json?: boolean }) => {
      const { users } = await openApi(loadConfig()).json<{ users: UserView[] }>('GET', '/users');
      const rows = users.map(({ provider, ...one }) => ({
        ...one,
        roles: one.roles.join(' '),
        scope: one.scope.join(' ') || 'everywhere',
        signsIn: provider === undefined ? 'by password' : `at ${provider.issuer}`,
      }));
      printRows(rows, {
        columns: ['id', 'name', 'roles', 'scope', 'signsIn', 'isEnabled'],
        isJson: options.json === true,
        none: 'No users.',
      });
    });
  user
    .command('remove')
    .description('Removes a user and ends their sessions and tokens.')
    .argument('<id>')
    .action(async (id: string) => {
      await openApi(loadConfig()).request('DELETE', `/users/${id}`);
      console.log(`${id} removed`);
    });
  const token = program.command('token').description('Secrets for programs.');
  token
    .command('add')
    .description('Makes a token; it is shown once.')
    .argument('<name>', 'what it is for')
    .option('--days <days>', 'days it is valid', Number, 90)
    .action(async (name: string, options: { days: number }) => {
      const made = await openApi(loadConfig()).json<{ token: string }>('POST', '/tokens', { name, days: options.days });
      console.log(made.token);
    });
  token
    .command('list')
    .description('Your tokens, without their secrets.')
    .option('--json', 'machine-readable')
    .action(async (options: { json?: boolean }) => {
      const { tokens } = await openApi(loadConfig()).json<{ tokens: Token[] }>('GET', '/tokens');
      const rows = tokens.map((one) => ({ ...one, expires: new Date(one.expiresAtMs).toISOString() }));
      printRows(rows, {
        columns: ['id', 'name', 'user', 'purpose', 'expires'],
        isJson: options.json === true,
        none: 'No tokens.',
      });
    });
  token
    .command('remove')
    .description('Ends a token.')
    .argument('<id>')
    .action(async (id: string) => {
      await openApi(loadConfig()).request('DELETE', `/tokens/${id}`);
      console.log(`${id} removed`);
    });
}

async function addUser(
  id: string,
  options: { role: string[]; name?: string; scope?: string[]; passwordFile?: string },
): Promise<void> {
  const body = {
    id,
    name: options.name ?? id,
    roles: options.role,
    scope: options.scope ?? [],
    ...(options.passwordFile === undefined ? {} : { password: readPassword(options.passwordFile) }),
  };
  const made = await openApi(loadConfig()).json<{ user: UserView; password?: string }>('POST', '/users', body);
  console.log(
    made.password === undefined ? `${id} added` : `${id} added, password "${made.password}" (shown only now)`,
  );
}
