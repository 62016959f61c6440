/** Which addresses lie inside: a webhook must not reach what only this machine can. */
import { lookup as resolveName } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { FaultError } from '../schema/fault.ts';

const INNER = new BlockList();
/** IANA's special-purpose registries (RFC 6890 and its updates): none of these is a public host. */
const RANGES_4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4';
const RANGES_6 =
  '::/128 ::1/128 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 fc00::/7 fe80::/10 ff00::/8';
for (const range of RANGES_4.split(' ')) addRange(range, 'ipv4');
for (const range of RANGES_6.split(' ')) addRange(range, 'ipv6');

function addRange(range: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', prefix = ''] = range.split('/');
  INNER.addSubnet(network, Number(prefix), family);
}

/** IPv4 within IPv6 (`::ffff:10.0.0.1`) is what it leads to. */
export function isInnerAddress(address: string): boolean {
  if (!isIPv6(address)) return INNER.check(address, 'ipv4');
  const bare = address.split('%')[0] ?? '';
  return INNER.check(bare, 'ipv6') || isMapped(bare);
}

/** Mapped addresses are never what a name of the public Internet gives. */
const MAPPED = new BlockList();
MAPPED.addSubnet('::ffff:0:0', 96, 'ipv6');
MAPPED.addSubnet('::', 96, 'ipv6');
const isMapped = (address: string) => MAPPED.check(address, 'ipv6');

const refusal = (host: string, address: string) =>
  new FaultError('channel-inner', `${host === address ? host : `${host} (${address})`} is an address inside`);

/** Throws FaultError `channel-inner` for an address that is written out; names are looked at when they are resolved. */
export function refuseInner(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && isInnerAddress(host)) throw refusal(host, host);
}

/**
 * Resolves a name, and gives the connection only what was checked: a name that answers otherwise the second time is of no
 * use to anybody. One inner address among others is enough to refuse.
 */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  resolveName(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0);
    const inner = addresses.find(({ address }) => isInnerAddress(address));
    const [first] = addresses;
    if (inner !== undefined) return callback(refusal(hostname, inner.address), '', 0);
    if (first === undefined) return callback(new Error(`${hostname} has no address`), '', 0);
    return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};
