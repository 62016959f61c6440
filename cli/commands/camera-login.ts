/** `camera login`: logins that are remembered, so that a site's devices are registered without typing them again. */
import type { Command } from 'commander';
import type { DeviceLoginView } from '#models/schema/device-login.ts';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { findPassword } from '../password.ts';
import { printRows } from '../print.ts';

type AddOptions = {
  user: string;
  passwordFile?: string;
  site?: string;
  area?: string;
  host?: string[];
  replace?: boolean;
};

export function addCameraLoginCommands(camera: Command): void {
  const login = camera
    .command('login')
    .description(
      'Remembered logins of devices: probe, add and import take them by --login; no one is told the password.',
    );
  login
    .command('add')
    .description('Remembers a login.')
    .argument('<id>', 'what it is called from now on, e.g. harbour')
    .requiredOption('--user <user>', 'user of the devices')
    .option('--password-file <file>', 'file with the password (or SHARP_EYES_PASSWORD; else you are asked)')
    .option('--host <pattern...>', 'where the password may go: hosts, 10.0.0.0/22, *.domain; absent: anywhere')
    .option('--site <id>', 'site that it is for')
    .option('--area <id>', 'who sees all of this area may use it; absent: only who sees everything')
    .option('--replace', 'in the place of one of this id; cameras that took that keep what they have')
    .action(addLogin);
  login
    .command('list')
    .description('The logins that you may use, without their passwords.')
    .option('--json', 'machine-readable')
    .action(async (options: { json?: boolean }) => {
      const { logins } = await openApi(loadConfig()).json<{ logins: DeviceLoginView[] }>('GET', '/logins');
      const rows = logins.map(({ id, user, site, area, hosts }) => {
        return { id, user, site, area, hosts: hosts?.join(' ') ?? 'anywhere' };
      });
      const columns = ['id', 'user', 'site', 'area', 'hosts'];
      printRows(rows, { columns, isJson: options.json === true, none: 'No login is remembered.' });
    });
  login
    .command('remove')
    .description('Forgets a login; cameras that took it keep what they have.')
    .argument('<id>')
    .action(async (id: string) => {
      await openApi(loadConfig()).request('DELETE', `/logins/${id}`);
      console.log(`${id} removed`);
    });
}

async function addLogin(
  id: string,
  { user, passwordFile, host: hosts, site, area, replace }: AddOptions,
): Promise<void> {
  const password = await findPassword({ user, passwordFile }, `password of ${user}: `);
  if (password === undefined || password === '') {
    throw new FaultError('invalid-value', 'no password was given', { cure: 'Name a --password-file.' });
  }
  const fields = Object.entries({ user, password, hosts, site, area }).filter(([, value]) => value !== undefined);
  const api = openApi(loadConfig());
  if (replace === true) await api.json('PATCH', `/logins/${id}`, Object.fromEntries(fields));
  else await api.json('POST', '/logins', { id, ...Object.fromEntries(fields) });
  console.log(`${id} remembered`);
}
