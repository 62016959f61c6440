/** Addresses in answers are data: they are cleaned, and led back to the host that was named; nothing else is asked. */
import { type Target, urlHost } from './target.ts';

/** Longer than any that was ever seen. */
const LENGTH_MAX = 1000;

type Parts = { scheme: string; host: string; port: string; path: string };

/** Undefined for what is no address; user info, spaces and doubled schemes are dropped, IPv6 may lack its brackets. */
function readParts(given: string): Parts | undefined {
  const text = given.trim().replace(/^([a-z]+:\/\/)(?:[a-z]+:\/\/)+/i, '$1');
  const [, scheme, authority, path] = /^([a-z]+):\/\/([^/?#]*)(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || authority === undefined || text.length > LENGTH_MAX) return undefined;
  const place = authority.slice(authority.lastIndexOf('@') + 1).trim();
  const isBareIpv6 = !place.startsWith('[') && (place.match(/:/g)?.length ?? 0) > 1;
  const [, host = '', port = ''] = isBareIpv6
    ? [undefined, place]
    : (/^(\[[^\]]*\]|[^:]*):?(\d{0,5})$/.exec(place) ?? []);
  return {
    scheme: scheme.toLowerCase(),
    host: host.replace(/^\[|\]$/g, '').toLowerCase(),
    port,
    path: path === undefined || path === '' ? '/' : path.trim().replaceAll(' ', '%20'),
  };
}

function isSameHost(host: string, target: Target): boolean {
  return host === target.host.toLowerCase() || host === target.address.toLowerCase();
}

function unique(candidates: (string | undefined)[]): URL[] {
  const urls = candidates.flatMap((text) => (text !== undefined && URL.canParse(text) ? [new URL(text)] : []));
  return [...new Map(urls.map((url) => [url.href, url])).values()];
}

/**
 * Where a service of the device may be, likeliest first, always on the host that was named. A device that knows itself
 * by another host sits behind a translator, whose port is the one that answered. Empty for what is no http address.
 */
export function serviceUrls(given: string, target: Target): URL[] {
  const parts = readParts(given);
  if (parts === undefined || !/^https?$/.test(parts.scheme)) return [];
  const { scheme, port, path } = parts;
  const named = `${scheme}://${urlHost(target)}${port === '' ? '' : `:${port}`}${path}`;
  const answered = `${target.scheme}://${urlHost(target)}:${target.port}${path}`;
  return unique(isSameHost(parts.host, target) ? [named, answered] : [answered, named]);
}

export type StreamAddress = {
  /** Without user info, on the host that was named; likeliest first. */
  urls: string[];
  /** The other host that the device names, where it names one. */
  otherHost: string | undefined;
};

const RTSP_PORT = '554';

/** Undefined for what is no RTSP address. */
export function streamUrls(given: string, target: Target): StreamAddress | undefined {
  const parts = readParts(given);
  if (parts === undefined || !/^rtsps?$/.test(parts.scheme)) return undefined;
  const { scheme, host, port, path } = parts;
  const at = (where: string) => `${scheme}://${urlHost(target)}${where === '' ? '' : `:${where}`}${path}`;
  const urls = [...new Set([at(port), ...(port === '' || port === RTSP_PORT ? [] : [at(RTSP_PORT)])])];
  return { urls: urls.filter((url) => URL.canParse(url)), otherHost: isSameHost(host, target) ? undefined : host };
}
