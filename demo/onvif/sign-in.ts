/** Who may ask a device: WS-Security UsernameToken (text, digest) and HTTP digest (RFC 7616 with MD5, SHA-256). */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { LoginGuard } from '#demo/login-guard.ts';
import { attributeOf, elementText } from './soap.ts';

/** Ways to sign a request; makes differ in which of them they take. */
export type Signature = 'wsse-digest' | 'wsse-text' | 'http-digest' | 'http-basic';

export type SignInOptions = {
  user: string;
  password: string;
  signatures: readonly Signature[];
  /** Of HTTP digest. */
  algorithm: 'MD5' | 'SHA-256';
  guard: LoginGuard;
  /** The device's own clock. */
  nowMs: () => number;
};

export type Asking = { method: string; authorization: string | undefined; text: string };

export type SignIn = {
  isLetIn(asking: Asking): boolean;
  /** The values of `WWW-Authenticate`; none where HTTP signatures are not taken. */
  challenges(): string[];
};

const REALM = 'virtual camera';
const NONCES_MAX = 64;
/** `Created` may be this far off the device's clock. */
const CREATED_MS_MAX = 5000;

export function createSignIn(options: SignInOptions): SignIn {
  const { signatures, algorithm, guard, user, password } = options;
  const nonces = new Set<string>();
  const takes = (signature: Signature) => signatures.includes(signature);
  const hash = (text: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');

  const isHttpDigestRight = (header: string, method: string): boolean => {
    const given = new Map(
      [...header.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g)].map(([, key = '', quoted, bare]) => [
        key.toLowerCase(),
        quoted ?? bare ?? '',
      ]),
    );
    const field = (key: string) => given.get(key) ?? '';
    if (field('username') !== user || !nonces.has(field('nonce'))) return false;
    const counted = given.has('qop') ? [field('nc'), field('cnonce'), field('qop')] : [];
    const parts = [hash(`${user}:${REALM}:${password}`), field('nonce'), ...counted, hash(`${method}:${field('uri')}`)];
    return isSame(field('response'), hash(parts.join(':')));
  };

  const isTokenRight = (text: string): boolean => {
    const isDigest = (attributeOf(text, 'Password', 'Type') ?? '').endsWith('#PasswordDigest');
    if (!takes(isDigest ? 'wsse-digest' : 'wsse-text') || elementText(text, 'Username') !== user) return false;
    const given = elementText(text, 'Password') ?? '';
    if (!isDigest) return isSame(given, password);
    const created = elementText(text, 'Created') ?? '';
    if (!(Math.abs(Date.parse(created) - options.nowMs()) < CREATED_MS_MAX)) return false;
    const nonce = Buffer.from(elementText(text, 'Nonce') ?? '', 'base64');
    const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
    return isSame(given, digest);
  };

  return {
    isLetIn({ method, authorization, text }) {
      const isBasic = /^basic /i.test(authorization ?? '');
      if (authorization !== undefined && takes(isBasic ? 'http-basic' : 'http-digest')) {
        const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
        return guard.admit(isBasic ? isSame(authorization, expected) : isHttpDigestRight(authorization, method));
      }
      if (!takes('wsse-digest') && !takes('wsse-text')) return false;
      return /<(?:[\w.-]+:)?UsernameToken/.test(text) && guard.admit(isTokenRight(text));
    },
    challenges() {
      const all: string[] = [];
      if (takes('http-digest')) {
        const nonce = randomBytes(16).toString('hex');
        nonces.add(nonce);
        if (nonces.size > NONCES_MAX) for (const oldest of [...nonces].slice(0, 1)) nonces.delete(oldest);
        all.push(`Digest realm="${REALM}", qop="auth", nonce="${nonce}", algorithm=${algorithm}`);
      }
      if (takes('http-basic')) all.push(`Basic realm="${REALM}"`);
      return all;
    },
  };
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
