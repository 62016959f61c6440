/** `camera tag`, `move`, `enable`, `disable`, `password`: what is done to many cameras at once. */
import type { Command } from 'commander';
import type { CameraView } from '#models/schema/camera-view.ts';
import { FaultError } from '#models/schema/fault.ts';
import { changeMany } from '../cameras/change-many.ts';
import { type SelectionOptions, withSelection } from '../cameras/selection.ts';
import { findPassword } from '../password.ts';

type PasswordOptions = SelectionOptions & { passwordFile?: string; user?: string };

export function addCameraGroupCommands(camera: Command): void {
  addTagCommands(camera);
  withJson(withSelection(camera.command('move').description('Puts cameras into another area.'), { isShort: false }))
    .requiredOption('--area <id>', 'where to; "-" takes them out of any')
    .action(async (ids: string[], { area, ...options }: SelectionOptions & { area: string }) => {
      await changeMany(ids, options, () => ({ area: area === '-' ? null : area }));
    });
  for (const [name, isEnabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    const says = isEnabled ? 'Looks at cameras again.' : 'Looks at cameras no longer; their registration stays.';
    withJson(withSelection(camera.command(name).description(says), { isShort: true })).action(
      (ids: string[], options: SelectionOptions) => changeMany(ids, options, () => ({ isEnabled })),
    );
  }
  withJson(withSelection(camera.command('password').description('Gives cameras a new password.'), { isShort: true }))
    .option('--password-file <file>', 'file with the password (or SHARP_EYES_PASSWORD; else you are asked)')
    .option('--user <user>', 'with another user as well')
    .action(changePasswords);
}

const withJson = (command: Command) => command.option('--json', 'machine-readable');

function addTagCommands(camera: Command): void {
  const tag = camera.command('tag').description('Words to find cameras by: add and remove them.');
  const apply: Record<'add' | 'remove', (tags: readonly string[], word: string) => string[]> = {
    add: (tags, word) => [...new Set([...tags, word])],
    remove: (tags, word) => tags.filter((one) => one !== word),
  };
  for (const name of ['add', 'remove'] as const) {
    const says = name === 'add' ? 'Gives cameras a tag.' : 'Takes a tag from cameras.';
    withJson(
      withSelection(tag.command(name).description(says).argument('<word>', 'the tag'), { isShort: true }),
    ).action(async (word: string, ids: string[], options: SelectionOptions) => {
      await changeMany(ids, options, ({ tags = [] }: CameraView) => ({ tags: apply[name](tags, word) }));
    });
  }
}

async function changePasswords(ids: string[], { passwordFile, user, ...options }: PasswordOptions): Promise<void> {
  const password = await findPassword({ passwordFile, user: user ?? '' }, 'new password of the cameras: ');
  if (password === undefined || password === '') {
    throw new FaultError('invalid-value', 'no password was given', { cure: 'Name a --password-file.' });
  }
  await changeMany(ids, options, () => ({ password, ...(user === undefined ? {} : { user }) }));
}
