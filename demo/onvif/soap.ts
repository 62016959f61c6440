/** SOAP 1.2 as ONVIF devices speak it: requests are read by their names whatever the prefixes, answers and faults written. */
import { type Markup, tag } from './xml.ts';

export const NAMESPACES = {
  s: 'http://www.w3.org/2003/05/soap-envelope',
  wsa: 'http://www.w3.org/2005/08/addressing',
  tds: 'http://www.onvif.org/ver10/device/wsdl',
  trt: 'http://www.onvif.org/ver10/media/wsdl',
  tr2: 'http://www.onvif.org/ver20/media/wsdl',
  tev: 'http://www.onvif.org/ver10/events/wsdl',
  timg: 'http://www.onvif.org/ver20/imaging/wsdl',
  tptz: 'http://www.onvif.org/ver20/ptz/wsdl',
  tt: 'http://www.onvif.org/ver10/schema',
  ter: 'http://www.onvif.org/ver10/error',
  tns1: 'http://www.onvif.org/ver10/topics',
  wsnt: 'http://docs.oasis-open.org/wsn/b-2',
  wstop: 'http://docs.oasis-open.org/wsn/t-1',
  wsrf: 'http://docs.oasis-open.org/wsrf/r-2',
  xs: 'http://www.w3.org/2001/XMLSchema',
} as const;

export type Prefix = keyof typeof NAMESPACES;

export type SoapRequest = {
  /** Of the body's first element. */
  namespace: string;
  action: string;
  text: string;
  messageId: string | undefined;
  hasAddressing: boolean;
};

/** What is wrong with a request, as the device says it. `subcodes`: from the general to the particular. */
export class SoapFault extends Error {
  readonly status: number;
  readonly side: 'Sender' | 'Receiver';
  readonly subcodes: readonly string[];

  constructor(
    message: string,
    { status = 400, side = 'Sender', subcodes }: { status?: number; side?: 'Sender' | 'Receiver'; subcodes: string[] },
  ) {
    super(message);
    this.name = 'SoapFault';
    this.status = status;
    this.side = side;
    this.subcodes = subcodes;
  }
}

export const notSupported = (action: string) =>
  new SoapFault(`${action} is not implemented`, {
    subcodes: ['ter:ActionNotSupported'],
    side: 'Receiver',
    status: 500,
  });

export const noSuch = (what: string, code: string) =>
  new SoapFault(what, { subcodes: ['ter:InvalidArgVal', `ter:${code}`] });

export const notAuthorized = () => new SoapFault('Sender not authorized', { subcodes: ['ter:NotAuthorized'] });

/** Throws SoapFault where there is no body. */
export function readRequest(text: string): SoapRequest {
  const first = /<(?:[\w.-]+:)?Body[^>]*>\s*(?:<!--.*?-->\s*)*<(?:([\w.-]+):)?([\w.-]+)([^>]*)/s.exec(text);
  if (first === null)
    throw new SoapFault('Well-formed XML with a SOAP body is expected', { subcodes: ['ter:WellFormed'] });
  const [, prefix, action = '', attributes = ''] = first;
  const declared = prefix === undefined ? /\bxmlns="([^"]+)"/ : new RegExp(`\\bxmlns:${prefix}="([^"]+)"`);
  const namespace = declared.exec(attributes)?.[1] ?? declared.exec(text)?.[1] ?? '';
  const messageId = elementText(text, 'MessageID');
  return { namespace, action, text, messageId, hasAddressing: /<(?:[\w.-]+:)?(?:To|Action)[\s>]/.test(text) };
}

/** The text of the first element with this local name. */
export function elementText(text: string, name: string): string | undefined {
  const found = new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(text)?.[1];
  return found === undefined ? undefined : unescapeXml(found.trim());
}

/** The attribute of the first element with this local name. */
export function attributeOf(text: string, name: string, attribute: string): string | undefined {
  const found = new RegExp(`<(?:[\\w.-]+:)?${name}\\s[^>]*\\b${attribute}="([^"]*)"`).exec(text)?.[1];
  return found === undefined ? undefined : unescapeXml(found);
}

/** All texts of elements with this local name. */
export function elementTexts(text: string, name: string): string[] {
  const found = text.matchAll(new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^>]*)?>([^<]*)<`, 'g'));
  return [...found].map((match) => unescapeXml((match[1] ?? '').trim()));
}

function unescapeXml(text: string): string {
  const named = text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'");
  return named
    .replace(/&#(?:x([\da-f]+)|(\d+));/gi, (_, hex?: string, decimal?: string) =>
      String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
    )
    .replaceAll('&amp;', '&');
}

export function envelope(body: Markup, header: readonly Markup[] = []): string {
  const used = `${body.markup}${header.map(({ markup }) => markup).join('')}`;
  const declared = Object.entries(NAMESPACES)
    .filter(([prefix]) => prefix === 's' || used.includes(`${prefix}:`))
    .map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`);
  const head = header.length === 0 ? '' : tag('s:Header', header).markup;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope ${declared.join(' ')}>${head}${tag('s:Body', body).markup}</s:Envelope>`;
}

export function faultBody({ side, subcodes, message }: SoapFault): Markup {
  const nested = subcodes.reduceRight<Markup | undefined>(
    (inner, code) => tag('s:Subcode', [tag('s:Value', code), inner]),
    undefined,
  );
  return tag('s:Fault', [
    tag('s:Code', [tag('s:Value', `s:${side}`), nested]),
    tag('s:Reason', [tag('s:Text', message, { 'xml:lang': 'en' })]),
  ]);
}

/** "PT1M30.5S" → milliseconds; undefined for what is no such duration. */
export function durationMs(text: string | undefined): number | undefined {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text ?? '');
  if (parts === null) return undefined;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
