/** The device that an engineer named: its host, the address it has, and nothing else is ever asked. */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { FaultError } from '#models/schema/fault.ts';

export type Target = {
  /** As it was named: a name, an IPv4 or an IPv6 address without brackets. */
  host: string;
  /** Where it is; resolved once, so that a name cannot come to mean another machine in between. */
  address: string;
  port: number;
  scheme: 'http' | 'https';
};

const LOOKUP_MS = 5000;
const ONVIF_PORT = 80;

/** Addresses that a name must not lead to: this machine, this cable, nobody. They may be named themselves. */
const INNER = new BlockList();
INNER.addSubnet('127.0.0.0', 8, 'ipv4');
INNER.addSubnet('169.254.0.0', 16, 'ipv4');
INNER.addSubnet('0.0.0.0', 8, 'ipv4');
INNER.addSubnet('224.0.0.0', 3, 'ipv4');
INNER.addAddress('::1', 'ipv6');
INNER.addAddress('::', 'ipv6');
INNER.addSubnet('fe80::', 10, 'ipv6');
INNER.addSubnet('ff00::', 8, 'ipv6');

export function isInnerAddress(address: string): boolean {
  const [plain = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return isInnerAddress(mapped);
  return INNER.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

/** `path`: of the device service, where somebody named another than the usual one. */
export type NamedTarget = { host: string; port?: number; scheme?: 'http' | 'https'; path?: string };

/** "host", "host:port", "[::1]:80", "http://host:port/path" → its parts. Throws FaultError `invalid-value`. */
export function readTarget(text: string): NamedTarget {
  const typed = text.trim();
  const scheme = /^(https?):\/\//i.exec(typed)?.[1]?.toLowerCase() as 'http' | 'https' | undefined;
  const place = typed.replace(/^https?:\/\//i, '').replace(/[/?#].*$/, '');
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:\s@[\]]+))(?::(\d{1,5}))?$/.exec(place) ?? [];
  const host = bracketed ?? plain ?? (isIP(place) === 6 ? place : undefined);
  const isPossible = host !== undefined && (isIP(host) !== 0 || URL.canParse(`http://${host}`));
  if (!isPossible || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) {
    throw new FaultError('invalid-value', `"${typed.replace(/^.*@/, '')}" is no host or host:port`);
  }
  const path = scheme === undefined ? '/' : (URL.parse(typed)?.pathname ?? '/');
  return {
    host,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(scheme === undefined ? {} : { scheme }),
    ...(path === '/' ? {} : { path }),
  };
}

/** Throws FaultError `camera-unreachable` for an unknown name, `camera-elsewhere` where the name leads inside. */
export async function resolveTarget({ host, port, scheme = 'http' }: NamedTarget): Promise<Target> {
  const address = isIP(host.split('%')[0] ?? '') === 0 ? await addressOf(host) : host;
  return { host, address, port: port ?? (scheme === 'https' ? 443 : ONVIF_PORT), scheme };
}

async function addressOf(host: string): Promise<string> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer in ${LOOKUP_MS / 1000} s`)), LOOKUP_MS);
  try {
    const { address } = await Promise.race([lookup(host), late.promise]);
    if (host !== 'localhost' && isInnerAddress(address)) {
      throw new FaultError('camera-elsewhere', `the name "${host}" leads to ${address}, which is no camera's`);
    }
    return address;
  } catch (cause) {
    if (cause instanceof FaultError) throw cause;
    const why = (cause as Error).message;
    throw new FaultError('camera-unreachable', `the name "${host}" does not resolve: ${why}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** "host" or "[address]", as it stands in a URL. */
export function urlHost({ host }: Pick<Target, 'host'>): string {
  const [plain = ''] = host.split('%');
  return isIP(plain) === 6 ? `[${plain}]` : host;
}

export function targetUrl(target: Target, path: string): URL {
  return new URL(`${target.scheme}://${urlHost(target)}:${target.port}${path}`);
}
