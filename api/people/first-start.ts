/** What every start prepares: an administrator at the first one, a one-time link, and a token for the command line. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { FaultError } from '#models/schema/fault.ts';
import type { User } from '#models/schema/user.ts';
import type { Config } from '#system/config.ts';
import type { Logger } from '#system/logs.ts';
import type { Mirror } from '../registry/mirror.ts';
import { hashPassword, makePassword } from './password.ts';
import { hashSecret, type Sessions } from './sessions.ts';

const LINK_LIFE_MS = 15 * 60_000;
const DAY_MS = 24 * 3600_000;
const CLI_TOKEN_LIFE_MS = 365 * DAY_MS;
/** A command-line token that ends within this time is replaced at a start. */
const CLI_TOKEN_RENEW_MS = 60 * DAY_MS;

export type Welcome = { firstPassword?: string; signInCode?: string };

type Parts = { users: Mirror<User>; sessions: Sessions; logger: Logger };

export async function prepareStart(config: Config, { users, sessions, logger }: Parts): Promise<Welcome> {
  await sessions.end((token) => token.expiresAtMs <= Date.now());
  const firstPassword = users.list().length === 0 ? await makeFirstUser(users) : undefined;
  const owner = findOwner(users);
  if (owner === undefined) {
    logger.error('no enabled administrator of everything exists: nobody can be let in at the start');
    return {};
  }
  await keepCliToken(config, owner, sessions);
  const link = await sessions.issue(owner, { purpose: 'sign-in-link', name: 'start', lifeMs: LINK_LIFE_MS });
  return { ...(firstPassword === undefined ? {} : { firstPassword }), signInCode: link.secret };
}

/** Returns the password, or undefined where another process of the API was first. */
async function makeFirstUser(users: Mirror<User>): Promise<string | undefined> {
  const password = makePassword();
  const admin: User = {
    id: 'admin',
    name: 'Administrator',
    roles: ['administrator'],
    scope: [],
    passwordHash: await hashPassword(password),
    isEnabled: true,
    createdAtMs: Date.now(),
  };
  try {
    await users.create(admin.id, admin);
    return password;
  } catch (error) {
    if (error instanceof FaultError && error.code === 'already-exists') return undefined;
    throw error;
  }
}

export function isOwner(user: User | undefined): boolean {
  return user?.isEnabled === true && user.scope.length === 0 && user.roles.includes('administrator');
}

/** `admin` where it is one, else the first administrator of everything. */
function findOwner(users: Mirror<User>): string | undefined {
  return isOwner(users.get('admin')) ? 'admin' : users.list().find(isOwner)?.id;
}

/** Makes the command line's token of this machine anew where it ended; its file is as safe as the machine. */
export async function renewCliToken(config: Config, { users, sessions }: Omit<Parts, 'logger'>): Promise<void> {
  const owner = findOwner(users);
  if (owner !== undefined) await keepCliToken(config, owner, sessions);
}

async function keepCliToken(config: Config, owner: string, sessions: Sessions): Promise<void> {
  const path = resolve(config.dataDir, 'secrets', 'cli-token');
  const former = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  const principal = sessions.find(former, 'api');
  if (principal !== null && principal.expiresAtMs > Date.now() + CLI_TOKEN_RENEW_MS) return;
  const key = hashSecret(former);
  await sessions.end((_token, tokenKey) => tokenKey === key);
  const name = `command line on ${hostname()}`;
  const { secret } = await sessions.issue(owner, { purpose: 'api', name, lifeMs: CLI_TOKEN_LIFE_MS });
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Beside and renamed, so that a reader never meets half a token.
  writeFileSync(`${path}.new`, `${secret}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
