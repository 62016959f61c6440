/** Signatures of requests: WS-Security UsernameToken (OASIS WSS 1.0) and HTTP digest (RFC 7616) and basic. */
import { createHash, randomBytes } from 'node:crypto';
import { escapeXml } from './xml.ts';

export type Credentials = { user: string; password: string };

const SECURITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';

/** `nowMs`: the time that the device has, which decides whether it takes a digest. */
export function securityHeader({ user, password }: Credentials, kind: 'text' | 'digest', nowMs: number): string {
  // 16 bytes, and milliseconds with a Z: what the strictest devices want (onvif-rs#114).
  const nonce = randomBytes(16);
  const created = new Date(nowMs).toISOString();
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  const type = `${SECURITY}-username-token-profile-1.0#Password${kind === 'text' ? 'Text' : 'Digest'}`;
  const secret = kind === 'text' ? escapeXml(password) : digest;
  const encoding = `${SECURITY}-soap-message-security-1.0#Base64Binary`;
  return [
    `<w:Security s:mustUnderstand="1" xmlns:w="${SECURITY}-wssecurity-secext-1.0.xsd"><w:UsernameToken>`,
    `<w:Username>${escapeXml(user)}</w:Username><w:Password Type="${type}">${secret}</w:Password>`,
    `<w:Nonce EncodingType="${encoding}">${nonce.toString('base64')}</w:Nonce>`,
    `<u:Created xmlns:u="${SECURITY}-wssecurity-utility-1.0.xsd">${created}</u:Created></w:UsernameToken></w:Security>`,
  ].join('');
}

export type Challenge = { scheme: 'digest' | 'basic' | 'other'; fields: ReadonlyMap<string, string> };

/** Several challenges may stand in one header, and in several headers. */
export function readChallenges(headers: readonly string[]): Challenge[] {
  const found: Challenge[] = [];
  for (const header of headers) {
    const starts = [...header.matchAll(/(?:^|,\s*)([A-Za-z][\w-]*)(?=\s+[\w-]+\s*=|\s*$|\s*,)/g)];
    for (const [index, start] of starts.entries()) {
      const text = header.slice(start.index + start[0].length, starts[index + 1]?.index);
      const fields = new Map(
        [...text.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)].map(([, key = '', quoted, bare]) => [
          key.toLowerCase(),
          quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '',
        ]),
      );
      const scheme = start[1]?.toLowerCase();
      found.push({ scheme: scheme === 'digest' || scheme === 'basic' ? scheme : 'other', fields });
    }
  }
  return found;
}

/** Best first. */
const HASHES = new Map([
  ['SHA-512-256', 'sha512-256'],
  ['SHA-256', 'sha256'],
  ['MD5', 'md5'],
]);

export type DigestChallenge = {
  realm: string;
  nonce: string;
  /** As the device writes it; MD5 where it does not say. */
  algorithm: string;
  hash: string;
  isSession: boolean;
  opaque: string | undefined;
  hasQop: boolean;
  isStale: boolean;
};

/** The best digest among the challenges that can be computed; undefined where there is none. */
export function bestDigest(challenges: readonly Challenge[]): DigestChallenge | undefined {
  const order = [...HASHES.keys()];
  const usable = challenges.flatMap(({ scheme, fields }) => {
    if (scheme !== 'digest') return [];
    const algorithm = fields.get('algorithm') ?? 'MD5';
    const name = algorithm.toUpperCase().replace(/-SESS$/, '');
    const hash = HASHES.get(name);
    const qops = fields.get('qop')?.split(/[\s,]+/) ?? [];
    if (hash === undefined || (qops.length > 0 && !qops.includes('auth'))) return [];
    const challenge: DigestChallenge = {
      realm: fields.get('realm') ?? '',
      nonce: fields.get('nonce') ?? '',
      algorithm,
      hash,
      isSession: /-sess$/i.test(algorithm),
      opaque: fields.get('opaque'),
      hasQop: qops.length > 0,
      isStale: fields.get('stale')?.toLowerCase() === 'true',
    };
    return [{ rank: order.indexOf(name), challenge }];
  });
  return usable.sort((a, b) => a.rank - b.rank)[0]?.challenge;
}

export type DigestUse = { method: string; uri: string; count: number };

/** The value of Authorization; `count` is how often the nonce has been used, from 1. */
export function digestAuthorization(
  { user, password }: Credentials,
  challenge: DigestChallenge,
  { method, uri, count }: DigestUse,
): string {
  const { realm, nonce, algorithm, opaque } = challenge;
  const hash = (...parts: string[]) => createHash(challenge.hash).update(parts.join(':')).digest('hex');
  const cnonce = randomBytes(8).toString('hex');
  const nc = count.toString(16).padStart(8, '0');
  const secret = hash(user, realm, password);
  const first = challenge.isSession ? hash(secret, nonce, cnonce) : secret;
  const counted = challenge.hasQop ? [nc, cnonce, 'auth'] : [];
  const response = hash(first, nonce, ...counted, hash(method, uri));
  const quote = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  const fields = [
    ['username', quote(user)],
    ['realm', quote(realm)],
    ['nonce', quote(nonce)],
    ['uri', quote(uri)],
    ['response', quote(response)],
    ['algorithm', algorithm],
    ...(challenge.hasQop
      ? [
          ['qop', 'auth'],
          ['nc', nc],
        ]
      : []),
    ...(challenge.hasQop || challenge.isSession ? [['cnonce', quote(cnonce)]] : []),
    ...(opaque === undefined ? [] : [['opaque', quote(opaque)]]),
  ];
  return `Digest ${fields.map(([key, value]) => `${key}=${value}`).join(', ')}`;
}

export function basicAuthorization({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
