/** SOAP by hand: an envelope around a body, signed or not, and what came back as text. */
import { createHash, randomBytes } from 'node:crypto';

export type Answer = {
  status: number;
  text: string;
  /** The most particular code of a fault; empty where it is none. */
  subcode: string;
  challenge: string;
};

export async function askDevice(
  url: string,
  body: string,
  { header = '', authorization }: { header?: string; authorization?: string } = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/soap+xml; charset=utf-8',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: `<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Header>${header}</e:Header><e:Body>${body}</e:Body></e:Envelope>`,
  });
  const text = await response.text();
  const codes = [...text.matchAll(/<s:Value>([^<]+)</g)].map(([, code]) => code ?? '');
  const subcode = codes.length > 1 ? (codes.at(-1) ?? '') : '';
  return { status: response.status, text, subcode, challenge: response.headers.get('www-authenticate') ?? '' };
}

const SECURITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';

/** A UsernameToken (OASIS WSS 1.0) that was made `offsetS` ahead of our clock. */
export function signed(
  { user, password }: { user: string; password: string },
  { kind, offsetS = 0 }: { kind: 'text' | 'digest'; offsetS?: number },
): string {
  const nonce = randomBytes(16);
  const created = new Date(Date.now() + offsetS * 1000).toISOString();
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  const escaped = password.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const type = `${SECURITY}-username-token-profile-1.0#Password${kind === 'text' ? 'Text' : 'Digest'}`;
  return `<w:Security xmlns:w="${SECURITY}-wssecurity-secext-1.0.xsd" xmlns:u="${SECURITY}-wssecurity-utility-1.0.xsd"><w:UsernameToken><w:Username>${user}</w:Username><w:Password Type="${type}">${kind === 'text' ? escaped : digest}</w:Password><w:Nonce>${nonce.toString('base64')}</w:Nonce><u:Created>${created}</u:Created></w:UsernameToken></w:Security>`;
}

/** The token attribute of every element with this local name. */
export function tokenOf(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`<\\w+:${name} token="([^"]+)"`, 'g'))].map(([, token]) => token ?? '');
}
