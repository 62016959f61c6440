/** The interfaces of this machine that can be asked over, its own addresses, and the neighbours it has met. */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { macIn } from './facts.ts';

export type Interface = { name: string; family: 4 | 6; address: string };

/** Machines with many containers have many bridges. */
const INTERFACES_MAX = 64;

/** Each IPv4 address, and each interface with an IPv6 link-local one: multicast is sent from there. */
export function findInterfaces(isWanted: (name: string) => boolean = () => true): Interface[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? []).map((one) => ({
      name,
      address: one.address,
      family: one.family === 'IPv4' ? (4 as const) : (6 as const),
    })),
  );
  return all
    .filter(({ name, family, address }) => isWanted(name) && (family === 4 || /^fe80:/i.test(address)))
    .slice(0, INTERFACES_MAX);
}

export function ownAddresses(): ReadonlySet<string> {
  return new Set(
    Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address.toLowerCase())),
  );
}

/** MAC addresses by IPv4 address, from what the kernel has resolved; empty where there is no /proc. */
export function readNeighbours(path = '/proc/net/arp'): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let table = '';
  try {
    table = readFileSync(path, 'utf8');
  } catch {
    return found;
  }
  for (const line of table.split('\n').slice(1)) {
    const [address = '', , , hardware] = line.split(/\s+/);
    const mac = macIn(hardware);
    if (mac !== undefined) found.set(address, mac);
  }
  return found;
}
