/** Who may watch: digest (RFC 2617 without qop, as cameras do it; MD5 or SHA-256) and basic authentication. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RtspRequest } from './message.ts';

export type Authentication = 'digest' | 'digest-sha-256' | 'basic';
export type Login = { user: string; password: string; authentication: Authentication };

const REALM = 'Sharp Eyes virtual camera';

/** The value of `WWW-Authenticate`. */
export function challenge(authentication: Authentication, nonce: string): string {
  if (authentication === 'basic') return `Basic realm="${REALM}"`;
  const algorithm = authentication === 'digest' ? 'MD5' : 'SHA-256';
  return `Digest realm="${REALM}", nonce="${nonce}", algorithm=${algorithm}`;
}

export function isAuthorised(request: RtspRequest, login: Login, nonce: string): boolean {
  const header = request.headers.get('authorization') ?? '';
  if (login.authentication === 'basic') {
    return isSame(header, `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`);
  }
  if (!/^digest /i.test(header)) return false;
  const given = readParameters(header.slice('digest '.length));
  if (given.get('username') !== login.user || given.get('nonce') !== nonce) return false;
  const hash = (text: string) =>
    createHash(login.authentication === 'digest' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const secret = hash(`${login.user}:${REALM}:${login.password}`);
  const action = hash(`${request.method}:${given.get('uri') ?? ''}`);
  return isSame(given.get('response') ?? '', hash(`${secret}:${nonce}:${action}`));
}

function readParameters(text: string): Map<string, string> {
  const found = text.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g);
  return new Map([...found].map(([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? '']));
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
