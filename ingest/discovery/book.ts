/**
 * The book of devices: sightings come in, each becomes a new entry or adds to one.
 *
 * Two answers of one host are the same device where the endpoint reference or a service's port is the same. Answers of
 * two hosts are only where endpoint, MAC or serial number is the same *and* something else speaks for it (each names the
 * other's address, the kernel knows one MAC for both, or one is IPv4 and the other IPv6): so a copy, a forger or a make
 * that gives all its devices one id hides nobody. No device goes out of the book, and none is let in by the thousands.
 */
import type { DiscoveredDevice } from '#models/schema/discovered-device.ts';
import { familyOf, hostOf, portOf, type Sighting, withoutZone } from './sighting.ts';

/** Behind one address are the devices of a recorder, of a translator, or of the city in the box. */
export const DEVICES_PER_HOST_MAX = 128;
export const DEVICES_MAX = 20_000;
const ADDRESSES_MAX = 16;
const TWINS_MAX = 4;
/** Stands for this machine among hosts. */
export const OWN = '127.0.0.1';

export type Entry = {
  /** Stays the same, whatever is learned later. */
  id: string;
  hosts: string[];
  endpoint: string | undefined;
  facts: Sighting['facts'];
  here: Map<string, URL>;
  elsewhere: Map<string, URL>;
  answeredTo: Set<string>;
  isAsked: boolean;
  doubts: Set<string>;
  twins: Set<string>;
  firstSeenAtMs: number;
  seenAtMs: number;
};

export type Book = {
  /** What the sighting belongs to; undefined where the book, or its share for the host, is full. `isNew`: tells more than was known. */
  take: (sighting: Sighting, atMs?: number) => Taken | undefined;
  entries: () => Iterable<Entry>;
  describe: (entry: Entry) => DiscoveredDevice;
  find: (endpoint: string | undefined, host: string) => Entry | undefined;
};

/** `twins`: others of whom something is said now because of this one. */
export type Taken = { entry: Entry; isNew: boolean; twins: readonly Entry[] };

export type BookOptions = {
  /** All addresses of this machine are one host. */
  isSameHost: (a: string, b: string) => boolean;
  macOf: (host: string) => string | undefined;
};

export function openBook(options: BookOptions): Book {
  const { isSameHost, macOf } = options;
  const byHost = new Map<string, Entry[]>();
  const byIdentity = new Map<string, Entry[]>();
  const entries = new Map<string, Entry>();
  const beside = (host: string) => listed(byHost, isSameHost(host, OWN) ? OWN : host);

  const find = (sighting: Sighting): Entry | undefined =>
    beside(sighting.host).find((entry) => isSameHere(entry, sighting)) ??
    kin(sighting).find((entry) => isCorroborated(entry, sighting, options));
  const kin = (sighting: Sighting) => identitiesOf(sighting).flatMap((identity) => byIdentity.get(identity) ?? []);

  function open(sighting: Sighting, atMs: number): Entry | undefined {
    if (beside(sighting.host).length >= DEVICES_PER_HOST_MAX || entries.size >= DEVICES_MAX) return undefined;
    const entry: Entry = {
      id: freeId(sighting, entries),
      hosts: [],
      endpoint: sighting.endpoint,
      facts: sighting.facts,
      here: new Map(),
      elsewhere: new Map(),
      answeredTo: new Set(),
      isAsked: false,
      doubts: new Set(),
      twins: new Set(),
      firstSeenAtMs: atMs,
      seenAtMs: atMs,
    };
    entries.set(entry.id, entry);
    return entry;
  }

  function add(entry: Entry, sighting: Sighting, atMs: number): boolean {
    const before = weight(entry);
    entry.seenAtMs = atMs;
    entry.isAsked ||= sighting.isAsked;
    entry.answeredTo.add(sighting.answeredTo);
    if (sighting.doubt !== undefined) entry.doubts.add(sighting.doubt);
    // What came to a question that nobody asked adds what was missing and replaces nothing.
    entry.facts = mergeFacts(entry.facts, sighting.facts);
    for (const url of sighting.here) keep(entry.here, url);
    for (const url of sighting.elsewhere) keep(entry.elsewhere, url);
    if (!entry.hosts.includes(sighting.host) && entry.hosts.length < ADDRESSES_MAX) {
      entry.hosts.push(sighting.host);
      const list = beside(sighting.host);
      if (!list.includes(entry)) list.push(entry);
    }
    for (const identity of identitiesOf(sighting)) {
      const list = listed(byIdentity, identity);
      if (!list.includes(entry) && list.length < DEVICES_PER_HOST_MAX) list.push(entry);
    }
    return weight(entry) !== before;
  }

  return {
    take(sighting, atMs = Date.now()) {
      const known = find(sighting);
      const entry = known ?? open(sighting, atMs);
      if (entry === undefined) return undefined;
      const twins = known === undefined ? kin(sighting).slice(0, TWINS_MAX) : [];
      for (const twin of twins) pair(entry, twin, sighting.host);
      return { entry, isNew: add(entry, sighting, atMs), twins };
    },
    entries: () => entries.values(),
    describe: (entry) => describe(entry, macOf),
    find: (endpoint, host) => beside(host).find((entry) => endpoint !== undefined && entry.endpoint === endpoint),
  };
}

function pair(entry: Entry, twin: Entry, host: string): void {
  if (twin.twins.size < TWINS_MAX) twin.twins.add(host);
  for (const own of twin.hosts.slice(0, 1)) entry.twins.add(own);
}

/** Of two devices with one endpoint reference the first keeps it as its id. */
function freeId({ endpoint, host, here, elsewhere }: Sighting, taken: ReadonlyMap<string, Entry>): string {
  const [service] = [...here, ...elsewhere];
  const id = endpoint ?? `${host}:${service === undefined ? 80 : portOf(service)}`;
  const atHost = `${id}@${host}`;
  if (!taken.has(id)) return id;
  return taken.has(atHost) ? `${atHost}#${taken.size}` : atHost;
}

const listed = (map: Map<string, Entry[]>, key: string): Entry[] => {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
};

function keep(urls: Map<string, URL>, url: URL): void {
  if (urls.size < ADDRESSES_MAX) urls.set(url.href, url);
}

/** Grows whenever something is learned. */
const weight = (entry: Entry) =>
  entry.hosts.length + entry.here.size + entry.elsewhere.size + entry.answeredTo.size + Object.keys(entry.facts).length;

function identitiesOf({ endpoint, facts: { mac, serial } }: Sighting): string[] {
  return [endpoint && `endpoint ${endpoint}`, mac && `mac ${mac}`, serial && `serial ${serial}`].filter(
    (identity) => identity !== undefined && identity !== '',
  ) as string[];
}

/** Makes that give themselves another id in each answer are known by their service; a recorder may answer for others. */
function isSameHere(entry: Entry, { endpoint, here, elsewhere }: Sighting): boolean {
  if (endpoint !== undefined && entry.endpoint === endpoint) return true;
  const told = placesOf(here, elsewhere);
  const known = placesOf(entry.here.values(), entry.elsewhere.values());
  if (told.length === 0 || known.length === 0) return endpoint === undefined || entry.endpoint === undefined;
  return told.some((place) => known.includes(place));
}

const placesOf = (here: Iterable<URL>, elsewhere: Iterable<URL>): string[] => [
  ...[...here].map((url) => `:${portOf(url)}`),
  ...[...elsewhere].map((url) => `${hostOf(url)}:${portOf(url)}`),
];

function isCorroborated(entry: Entry, sighting: Sighting, { isSameHost, macOf }: BookOptions): boolean {
  const names = (urls: Iterable<URL>, host: string) =>
    [...urls].some((url) => isSameHost(hostOf(url), withoutZone(host)));
  return entry.hosts.some((host) => {
    if (familyOf(host) !== familyOf(sighting.host)) return true;
    const mac = macOf(host);
    if (mac !== undefined && mac === macOf(sighting.host)) return true;
    return names(sighting.elsewhere, host) && names(entry.elsewhere.values(), sighting.host);
  });
}

function mergeFacts(known: Sighting['facts'], told: Sighting['facts']): Sighting['facts'] {
  const union = <Item>(a: readonly Item[], b: readonly Item[]) => [...new Set([...a, ...b])];
  const kinds = union(known.kinds, told.kinds).filter((kind, _, all) => kind !== 'other' || all.length === 1);
  return {
    ...told,
    ...known,
    isOnvif: known.isOnvif || told.isOnvif,
    kinds: kinds.includes('recorder') ? kinds.filter((kind) => kind !== 'camera') : kinds,
    profiles: union(known.profiles, told.profiles),
  };
}

function describe(entry: Entry, macOf: BookOptions['macOf']): DiscoveredDevice {
  const [here] = entry.here.values();
  const [elsewhere] = entry.elsewhere.values();
  const service = here ?? elsewhere;
  const answered = entry.hosts[0] ?? '';
  // Of this machine's own addresses the one that it names is the one that listens.
  const host = here === undefined || hostOf(here) === withoutZone(answered) ? answered : hostOf(here);
  const port = service === undefined ? 80 : portOf(service);
  const mac = entry.facts.mac ?? entry.hosts.map(macOf).find((found) => found !== undefined);
  return {
    ...entry.facts,
    key: entry.id,
    host,
    port,
    addresses: [...entry.hosts],
    services: [...entry.here.keys()],
    saysItIsAt: [...entry.elsewhere.keys()],
    ...(mac === undefined ? {} : { mac }),
    channels: null,
    answeredTo: [...entry.answeredTo],
    doubts: doubtsOf(entry),
    firstSeenAtMs: entry.firstSeenAtMs,
    seenAtMs: entry.seenAtMs,
  };
}

function doubtsOf({ here, elsewhere, twins, isAsked, hosts, endpoint, doubts }: Entry): string[] {
  const said = [...new Set([...elsewhere.values()].map(hostOf))].filter(
    (host) => !hosts.map(withoutZone).includes(host),
  );
  return [
    ...(here.size === 0 && said.length > 0
      ? [`it says it is at ${said.join(', ')}, which is not where it answers`]
      : []),
    ...(here.size === 0 && elsewhere.size === 0 ? ['it names no address of its service'] : []),
    ...(twins.size > 0 ? [`it has the id, MAC or serial number of ${[...twins].join(', ')} as well`] : []),
    ...doubts,
    ...(isAsked ? [] : ['it answered a question that nobody asked']),
    ...(endpoint === undefined ? ['it names no id'] : []),
  ];
}
