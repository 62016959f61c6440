/** One answer of one host, made ready to be merged: addresses sorted into those it answered from and those it only names. */
import { isIP } from 'node:net';
import type { Announcement } from './envelope.ts';
import { type Facts, readFacts } from './facts.ts';

export type Sighting = {
  host: string;
  endpoint: string | undefined;
  facts: Facts;
  /** Addresses of services whose host is the one that answered. */
  here: readonly URL[];
  elsewhere: readonly URL[];
  answeredTo: string;
  /** It answers a question that was asked. */
  isAsked: boolean;
  doubt?: string;
};

export const SERVICES_MAX = 8;

export type SightingOptions = {
  host: string;
  isSameHost: (a: string, b: string) => boolean;
  answeredTo: string;
  isAsked: boolean;
};

export function makeSighting(announcement: Announcement, options: SightingOptions): Sighting {
  const { host, isSameHost, answeredTo, isAsked } = options;
  const urls = announcement.xaddrs.slice(0, SERVICES_MAX).flatMap(serviceUrl);
  const here = urls.filter((url) => isSameHost(hostOf(url), host));
  return {
    host,
    endpoint: announcement.endpoint,
    facts: readFacts(announcement),
    here,
    elsewhere: urls.filter((url) => !here.includes(url)),
    answeredTo,
    isAsked,
  };
}

/** Only http and https, without user info: what else stands there is nothing to be called. */
function serviceUrl(text: string): URL[] {
  const url = URL.parse(text.slice(0, 300));
  if (url === null || !/^https?:$/.test(url.protocol)) return [];
  url.username = '';
  url.password = '';
  return [url];
}

export const hostOf = (url: URL) => url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** A host that told its time over HTTP, and nothing else so far. */
export function makeKnockSighting({ address, port }: { address: string; port: number }, isLocked: boolean): Sighting {
  const host = address.includes(':') ? `[${address}]` : address;
  return {
    host: address,
    endpoint: undefined,
    facts: { isOnvif: true, kinds: [], profiles: [] },
    here: [new URL(`http://${host}:${port}/onvif/device_service`)],
    elsewhere: [],
    answeredTo: 'knock',
    isAsked: true,
    ...(isLocked ? { doubt: 'it wants a login even for its clock, so that it may be something else' } : {}),
  };
}

/** The zone of a link-local address names our interface, not the device's. */
export const withoutZone = (host: string) => host.replace(/%.*$/, '');

export const familyOf = (host: string) => isIP(withoutZone(host));
