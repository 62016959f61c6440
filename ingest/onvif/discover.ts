/** Finds ONVIF devices on the local network by WS-Discovery (multicast); a broken answer never hides the good ones. */
import onvif from 'onvif';

// CommonJS: Node sees this one only behind the default export.
const { Discovery } = onvif;

export type DiscoveredDevice = { host: string; port: number; urls: string[]; scopes: string[] };

type Match = { XAddrs?: unknown; scopes?: unknown };
type Answer = { probeMatches?: { probeMatch?: Match | Match[] } };

/** Listens for `timeoutMs`; devices that answer several times, or by several addresses, come once. */
export function discoverOnvif({ timeoutMs = 4000 } = {}): Promise<DiscoveredDevice[]> {
  return new Promise((done) => {
    const found = new Map<string, DiscoveredDevice>();
    const take = (answer: Answer) => {
      for (const match of [answer.probeMatches?.probeMatch ?? []].flat()) {
        const device = readMatch(match);
        if (device !== undefined) found.set(`${device.host}:${device.port}`, device);
      }
    };
    // The library tells of unreadable answers here; without a listener one of them would end the process.
    const ignore = () => {};
    Discovery.on('error', ignore);
    Discovery.probe({ timeout: timeoutMs, resolve: false }, (_error, answers) => {
      Discovery.off('error', ignore);
      for (const answer of (answers ?? []) as Answer[]) take(answer);
      done([...found.values()]);
    });
  });
}

/** Undefined for an answer without a usable address. */
export function readMatch(match: Match): DiscoveredDevice | undefined {
  const urls = String(match.XAddrs ?? '')
    .split(/\s+/)
    .filter((text) => URL.canParse(text));
  const first = urls[0] === undefined ? undefined : new URL(urls[0]);
  if (first === undefined) return undefined;
  return {
    host: first.hostname,
    port: Number(first.port || 80),
    urls,
    scopes: String(match.scopes ?? '')
      .split(/\s+/)
      .filter(Boolean),
  };
}
