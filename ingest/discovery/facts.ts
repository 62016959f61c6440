/** What a device says of itself by its types and scopes (ONVIF Core, 7.3.2.2), read as facts. */
import type { DiscoveredDevice } from '#models/schema/discovered-device.ts';
import { type Announcement, decodeText } from './envelope.ts';

export type Facts = Pick<DiscoveredDevice, 'isOnvif' | 'kinds' | 'profiles'> &
  Partial<Pick<DiscoveredDevice, 'manufacturer' | 'model' | 'name' | 'location' | 'mac' | 'serial'>>;

type DeviceKind = DiscoveredDevice['kinds'][number];

const FACT_CHARACTERS_MAX = 120;

const KIND_OF_TYPE: Record<string, DeviceKind> = {
  networkvideotransmitter: 'camera',
  networkvideostorage: 'recorder',
  networkvideodisplay: 'display',
  networkvideoanalytics: 'analytics',
};

/** In `onvif://www.onvif.org/type/…`; spelt in many ways. */
const KIND_OF_SCOPE: readonly [RegExp, DeviceKind][] = [
  [/^ptz$/, 'ptz'],
  [/^audio/, 'audio'],
  [/nvr|dvr|recorder|storage/, 'recorder'],
  [/^networkvideotransmitter$|^nvt$|^videoencoder$/, 'camera'],
  [/door|access/, 'access'],
];

export function readFacts({ types, scopes }: Pick<Announcement, 'types' | 'scopes'>): Facts {
  const read = scopes.flatMap(readScope);
  const all = (key: string) => read.filter(([name]) => name === key).map(([, value]) => value);
  const first = (...keys: string[]) => keys.flatMap(all).find((value) => value !== '');
  const locals = types.map((type) => type.slice(type.lastIndexOf(' ') + 1).toLowerCase());
  const isOnvif =
    read.length > 0 ||
    locals.some((local) => local in KIND_OF_TYPE) ||
    types.some((type) => /onvif\.org\/ver\d+\/device/i.test(type));
  const model = first('hardware', 'model');
  const name = first('name');
  const facts = {
    manufacturer: first('manufacturer', 'mfr', 'make', 'vendor') ?? makeIn(name, model),
    model,
    name,
    location: all('location').filter(Boolean).join(', ') || undefined,
    mac: macIn(first('mac', 'macaddress', 'macaddr')),
    serial: first('serial', 'serialnumber', 'sn'),
  };
  return {
    isOnvif,
    kinds: kindsOf({ locals, isOnvif, scopeTypes: all('type') }),
    profiles: unique(all('profile')),
    ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
  };
}

function kindsOf(said: { locals: string[]; isOnvif: boolean; scopeTypes: string[] }): DeviceKind[] {
  if (!said.isOnvif) return ['other'];
  const byScope = said.scopeTypes.flatMap((type) => {
    const plain = type.toLowerCase().replace(/[^a-z]/g, '');
    return KIND_OF_SCOPE.filter(([pattern]) => pattern.test(plain)).map(([, kind]) => kind);
  });
  const byType = said.locals.flatMap((local) => KIND_OF_TYPE[local] ?? []);
  const kinds = unique([...byScope, ...byType]);
  // A recorder calls itself a transmitter as well.
  return kinds.includes('recorder') ? kinds.filter((kind) => kind !== 'camera') : kinds;
}

/** `onvif://www.onvif.org/location/city/jinan` is ['location', 'jinan']; nothing for other scopes. */
function readScope(scope: string): [string, string][] {
  const found = /^onvif:\/\/(?:www\.)?onvif\.org\/([^/]+)\/?(.*)$/i.exec(scope);
  if (found === null) return [];
  const [, key = '', rest = ''] = found;
  const value = rest.split('/').filter(Boolean).map(percentDecoded);
  const kept = key.toLowerCase() === 'location' ? (value.at(-1) ?? '') : value.join('/');
  return [[key.toLowerCase(), clean(kept)]];
}

/** Bytes first, then characters: what is percent-encoded may be GBK. */
export function percentDecoded(text: string): string {
  const bytes = text.replace(/%([\da-f]{2})|[\u0080-\u{10ffff}]/giu, (part, hex?: string) =>
    hex === undefined ? Buffer.from(part, 'utf8').toString('latin1') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return decodeText(Buffer.from(bytes, 'latin1'));
}

/** One line without control characters: it is shown in terminals. */
function clean(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\s_]+/gu, ' ')
    .trim()
    .slice(0, FACT_CHARACTERS_MAX);
}

/** Many call themselves "MAKE MODEL" or "MAKE-MODEL". */
function makeIn(name: string | undefined, model: string | undefined): string | undefined {
  if (name === undefined || model === undefined || !name.endsWith(model)) return undefined;
  const make = name.slice(0, -model.length).replace(/[\s-]+$/, '');
  return make === '' ? undefined : make;
}

export function macIn(text: string | undefined): string | undefined {
  const hex = (text ?? '').toLowerCase().replace(/[^\da-f]/g, '');
  return hex.length === 12 && !/^0+$/.test(hex) ? (hex.match(/../g) ?? []).join(':') : undefined;
}

const unique = <Item>(items: readonly Item[]): Item[] => [...new Set(items)];
