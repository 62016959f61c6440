/** Password hashes: scrypt (RFC 7914) with the cost written into the text, so that it can be raised later. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { FaultError } from '#models/schema/fault.ts';

/** 32 MiB and about a fifth of a second: one of the settings that OWASP's Password Storage Cheat Sheet calls equal. */
const COST = { log2N: 15, r: 8, p: 3 };
const HASH_BYTES = 32;

/** Hashes in the making at once; each holds 32 MiB and a thread of libuv's pool. */
const CONCURRENT_MAX = 2;
const WAITING_MAX = 20;

let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  if (running >= CONCURRENT_MAX) {
    if (waiting.length >= WAITING_MAX) throw new FaultError('too-many-attempts', 'too many sign-ins at the same time');
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running++;
  const options: ScryptOptions = { N: 2 ** cost.log2N, r: cost.r, p: cost.p, maxmem: 256 * 2 ** cost.log2N * cost.r };
  try {
    return await new Promise((resolve, reject) =>
      scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) =>
        error === null ? resolve(key) : reject(error),
      ),
    );
  } finally {
    running--;
    waiting.shift()?.();
  }
}

/** `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`, base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, COST);
  const cost = `ln=${COST.log2N},r=${COST.r},p=${COST.p}`;
  return `$scrypt$${cost}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

const PATTERN = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]+)\$([\w-]+)$/;

/** What an unknown user's password is compared with: it fits none, and costs the same time. */
const NOBODY = `$scrypt$ln=${COST.log2N},r=${COST.r},p=${COST.p}$${randomBytes(16).toString('base64url')}$${randomBytes(HASH_BYTES).toString('base64url')}`;

/** False for a wrong password, and, after the same time, for `undefined` (there is no such user). */
export async function isPassword(password: string, hashed: string | undefined): Promise<boolean> {
  const [, log2N, r, p, salt, hash] = PATTERN.exec(hashed ?? NOBODY) ?? PATTERN.exec(NOBODY) ?? [];
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) };
  const derived = await derive(password, Buffer.from(salt ?? '', 'base64url'), cost);
  const expected = Buffer.from(hash ?? '', 'base64url');
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

/** 120 random bits in 20 characters. */
export function makePassword(): string {
  return randomBytes(15).toString('base64url');
}
