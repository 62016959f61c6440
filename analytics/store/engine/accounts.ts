/** Who may in: the three accounts of the store, by HTTP Basic, by X-ClickHouse-User/Key, or by `user` and `password`. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { STORE_ACCOUNTS, type StoreAccount } from '#system/store-client.ts';
import { storeError } from './store-error.ts';

export type SignIn = (headers: IncomingHttpHeaders, params: URLSearchParams) => StoreAccount;

const digest = (text: string) => createHash('sha256').update(text).digest();

/** The account of a request; throws REQUIRED_PASSWORD (401) or AUTHENTICATION_FAILED (403). */
export function createSignIn(passwords: Record<StoreAccount, string>): SignIn {
  const digests = new Map<string, Buffer>(STORE_ACCOUNTS.map((account) => [account, digest(passwords[account])]));
  // Compared with for an unknown user, so that the time tells nothing about which users there are.
  const nobody = digest(Math.random().toString());
  return (headers, params) => {
    const given = credentials(headers, params);
    if (given === undefined) {
      throw storeError('REQUIRED_PASSWORD', `Sign in as one of ${STORE_ACCOUNTS.join(', ')}, with its password.`);
    }
    const isRight = timingSafeEqual(digests.get(given.user) ?? nobody, digest(given.password));
    if (!isRight || !digests.has(given.user)) {
      throw storeError(
        'AUTHENTICATION_FAILED',
        `${given.user}: Authentication failed: password is incorrect, or there is no user with such name.`,
      );
    }
    return given.user as StoreAccount;
  };
}

function credentials(
  headers: IncomingHttpHeaders,
  params: URLSearchParams,
): { user: string; password: string } | undefined {
  const basic = /^basic\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [user = '', ...rest] = Buffer.from(basic, 'base64').toString().split(':');
    return { user, password: rest.join(':') };
  }
  if (headers.authorization !== undefined) {
    throw storeError('AUTHENTICATION_FAILED', 'Only Basic is understood in Authorization; there are no tokens here.');
  }
  const user = headers['x-clickhouse-user'] ?? params.get('user');
  if (typeof user !== 'string') return undefined;
  return { user, password: String(headers['x-clickhouse-key'] ?? params.get('password') ?? '') };
}
