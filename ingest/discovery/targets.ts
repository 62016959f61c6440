/** Which addresses are asked one by one: hosts by name or address, and IPv4 ranges, within bounds. */
import { lookup } from 'node:dns/promises';
import { isIP, isIPv4 } from 'node:net';
import { FaultError } from '#models/schema/fault.ts';

export type Target = { address: string; family: 4 | 6 };

/** A /16. At 200 packets a second its three questions take 16 minutes. */
export const ADDRESSES_MAX = 65_536;
const LOOKUP_MS = 3000;

/** Throws FaultError `invalid-value`, `range-too-large` or `camera-unreachable` (a name that nobody knows). */
export async function findTargets(wanted: {
  hosts?: readonly string[] | undefined;
  ranges?: readonly string[] | undefined;
}): Promise<Target[]> {
  const ranges = (wanted.ranges ?? []).map(readRange);
  const count = ranges.reduce((sum, { size }) => sum + size, 0);
  if (count > ADDRESSES_MAX) throw tooLarge((wanted.ranges ?? []).join(', '), count);
  const hosts = await Promise.all((wanted.hosts ?? []).map(resolveHost));
  const targets = [...hosts, ...ranges.flatMap(addressesOf)];
  return [...new Map(targets.map((target) => [target.address, target])).values()];
}

type Range = { first: number; size: number };

export function readRange(text: string): Range {
  const [address = '', bits = '', ...more] = text.trim().split('/');
  const prefix = /^\d{1,2}$/.test(bits) ? Number(bits) : Number.NaN;
  if (more.length > 0 || !isIPv4(address) || !(prefix >= 0 && prefix <= 32)) {
    const cure =
      isIP(address) === 6
        ? 'IPv6 networks are too wide to be gone through: leave --range out, or name hosts.'
        : undefined;
    throw new FaultError(
      'invalid-value',
      `"${text}" is no IPv4 range such as 10.0.0.0/22`,
      cure === undefined ? {} : { cure },
    );
  }
  const size = 2 ** (32 - prefix);
  if (size > ADDRESSES_MAX) throw tooLarge(text, size);
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / size) * size;
  if (first < 2 ** 24 || first >= 224 * 2 ** 24) {
    throw new FaultError('invalid-value', `"${text}" holds no addresses of devices`);
  }
  return { first, size };
}

/** Without the network's own address and its broadcast. */
function addressesOf({ first, size }: Range): Target[] {
  const numbers = Array.from({ length: size }, (_, offset) => first + offset);
  const hosts = size > 2 ? numbers.slice(1, -1) : numbers;
  return hosts.map((number) => ({ address: dotted(number), family: 4 }));
}

const dotted = (number: number) => [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

function tooLarge(text: string, count: number): FaultError {
  return new FaultError('range-too-large', `${text} has ${count} addresses; ${ADDRESSES_MAX} (a /16) are the most`);
}

async function resolveHost(text: string): Promise<Target> {
  const host = text.trim().replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host.replace(/%.*$/, ''));
  if (family !== 0) return { address: host, family: family === 4 ? 4 : 6 };
  if (!/^[\w.-]+$/.test(host)) throw new FaultError('invalid-value', `"${text}" is no host`);
  try {
    const late = new Promise<never>((_, fail) =>
      setTimeout(() => fail(new Error('no answer in time')), LOOKUP_MS).unref(),
    );
    const found = await Promise.race([lookup(host), late]);
    return { address: found.address, family: found.family === 6 ? 6 : 4 };
  } catch (cause) {
    throw new FaultError('camera-unreachable', `${host} is not known: ${(cause as Error).message}`, { cause });
  }
}
