/**
 * Password hashes: argon2id (RFC 9106) with its cost written into the text, so that it can be raised later. Hashes that were
 * made with scrypt (RFC 7914) still open; the sign-in makes them anew.
 */
import { argon2, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { FaultError } from '#models/schema/fault.ts';

/** 46 MiB, one pass: the first of the settings that OWASP's Password Storage Cheat Sheet calls equal. */
const COST = { memoryKib: 47_104, passes: 1, parallelism: 1 };
const HASH_BYTES = 32;

/** Hashes in the making at once; each holds 46 MiB and a thread of libuv's pool. */
const CONCURRENT_MAX = 2;
const WAITING_MAX = 20;

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn(derive: () => Promise<Buffer>): Promise<Buffer> {
  if (running >= CONCURRENT_MAX) {
    if (waiting.length >= WAITING_MAX) throw new FaultError('too-many-attempts', 'too many sign-ins at the same time');
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running++;
  try {
    return await derive();
  } finally {
    running--;
    waiting.shift()?.();
  }
}

const textOf = (password: string) => password.normalize('NFKC');

function deriveArgon(
  password: string,
  nonce: Buffer,
  { memoryKib, passes, parallelism }: typeof COST,
): Promise<Buffer> {
  const parameters = {
    message: textOf(password),
    nonce,
    memory: memoryKib,
    passes,
    parallelism,
    tagLength: HASH_BYTES,
  };
  return inTurn(
    () =>
      new Promise((resolve, reject) =>
        argon2('argon2id', parameters, (error, key) => (error === null ? resolve(key) : reject(error))),
      ),
  );
}

type ScryptCost = { log2N: number; r: number; p: number };

function deriveScrypt(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** cost.log2N, r: cost.r, p: cost.p, maxmem: 256 * 2 ** cost.log2N * cost.r };
  return inTurn(
    () =>
      new Promise((resolve, reject) =>
        scrypt(textOf(password), salt, HASH_BYTES, options, (error, key) =>
          error === null ? resolve(key) : reject(error),
        ),
      ),
  );
}

/** PHC's text: `$argon2id$v=19$m=47104,t=1,p=1$<salt>$<hash>`, base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return writeHash(salt, await deriveArgon(password, salt, COST));
}

const writeHash = (salt: Buffer, hash: Buffer) =>
  `${PREFIX}${salt.toString('base64url')}$${hash.toString('base64url')}`;

const PREFIX = `$argon2id$v=19$m=${COST.memoryKib},t=${COST.passes},p=${COST.parallelism}$`;
const ARGON_PATTERN = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w-]+)\$([\w-]+)$/;
const SCRYPT_PATTERN = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]+)\$([\w-]+)$/;

/** What an unknown user's password is compared with: it fits none, and costs the same time. */
const NOBODY = writeHash(randomBytes(16), randomBytes(HASH_BYTES));

/** Whether a right password is worth a new hash: it was made another way, or at another cost. */
export const isOutdated = (hashed: string): boolean => !hashed.startsWith(PREFIX);

/** False for a wrong password, and, after the same time, for `undefined` (there is no such user). */
export async function isPassword(password: string, hashed: string | undefined): Promise<boolean> {
  const text = hashed ?? NOBODY;
  const old = SCRYPT_PATTERN.exec(text);
  const [, one, two, three, salt = '', hash = ''] = old ?? ARGON_PATTERN.exec(text) ?? ARGON_PATTERN.exec(NOBODY) ?? [];
  const salted = Buffer.from(salt, 'base64url');
  const derived =
    old === null
      ? await deriveArgon(password, salted, { memoryKib: Number(one), passes: Number(two), parallelism: Number(three) })
      : await deriveScrypt(password, salted, { log2N: Number(one), r: Number(two), p: Number(three) });
  const expected = Buffer.from(hash, 'base64url');
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

/** 120 random bits in 20 characters. */
export function makePassword(): string {
  return randomBytes(15).toString('base64url');
}
