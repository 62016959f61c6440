/** SOAP as devices speak it: envelopes out (1.2, for some 1.1), bodies and faults in, whatever the HTTP status says. */
import { escapeXml, find, findAll, parseXml, textAt, type XmlElement } from './xml.ts';

export const NAMESPACES = {
  device: 'http://www.onvif.org/ver10/device/wsdl',
  media: 'http://www.onvif.org/ver10/media/wsdl',
  media2: 'http://www.onvif.org/ver20/media/wsdl',
  events: 'http://www.onvif.org/ver10/events/wsdl',
  imaging: 'http://www.onvif.org/ver20/imaging/wsdl',
  ptz: 'http://www.onvif.org/ver20/ptz/wsdl',
  subscription: 'http://docs.oasis-open.org/wsn/b-2',
  schema: 'http://www.onvif.org/ver10/schema',
  addressing: 'http://www.w3.org/2005/08/addressing',
} as const;

export type ServiceName = Exclude<keyof typeof NAMESPACES, 'schema' | 'addressing'>;

export type SoapVersion = '1.1' | '1.2';

const ENVELOPES: Record<SoapVersion, string> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};

/** What a device says is wrong; `codes` from the general to the particular, without prefixes. */
export class SoapFault extends Error {
  override readonly name = 'SoapFault';
  readonly codes: readonly string[];
  readonly status: number;

  constructor(reason: string, { codes, status }: { codes: readonly string[]; status: number }) {
    super(reason);
    this.codes = codes;
    this.status = status;
  }
}

/** `<Name>text</Name>`, or around markup that is ready; undefined gives nothing. */
export function element(name: string, content: string | number | boolean | undefined): string {
  return content === undefined ? '' : `<${name}>${escapeXml(String(content))}</${name}>`;
}

export type Envelope = { namespace: string; action: string; body: string; header: string; version: SoapVersion };

/** `body`: markup inside of the action's element, whose default namespace is the service's. */
export function writeEnvelope({ namespace, action, body, header, version }: Envelope): string {
  const head = header === '' ? '' : `<s:Header>${header}</s:Header>`;
  const call = `<${action} xmlns="${namespace}" xmlns:tt="${NAMESPACES.schema}">${body}</${action}>`;
  return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="${ENVELOPES[version]}">${head}<s:Body>${call}</s:Body></s:Envelope>`;
}

/** The headers that PullMessages, Renew and Unsubscribe need (WS-Addressing 1.0). */
export function addressingHeader({ action, to, messageId }: { action: string; to: string; messageId: string }): string {
  const fields = [
    ['Action', action],
    ['To', to],
    ['MessageID', `urn:uuid:${messageId}`],
  ] as const;
  const markup = fields.map(([name, text]) => element(`a:${name}`, text)).join('');
  return markup.replaceAll(/<a:(Action|To|MessageID)>/g, `<a:$1 xmlns:a="${NAMESPACES.addressing}">`);
}

/** The body's first element. Throws XmlError, and SoapFault for a fault, which some devices send with HTTP 200. */
export function readEnvelope(text: string, status: number): XmlElement {
  const root = parseXml(text);
  const body = root.name === 'Envelope' ? find(root, 'Body') : undefined;
  if (body === undefined) throw new SoapFault('the answer is no SOAP envelope', { codes: [], status });
  const first = body.children[0];
  if (first === undefined) throw new SoapFault('the answer has an empty body', { codes: [], status });
  if (first.name === 'Fault') throw readFault(first, status);
  return first;
}

const unprefixed = (code: string) => code.slice(code.lastIndexOf(':') + 1);

function readFault(fault: XmlElement, status: number): SoapFault {
  const codes: string[] = [];
  for (let code = find(fault, 'Code'); code !== undefined; code = find(code, 'Subcode')) {
    const value = textAt(code, 'Value');
    if (value !== undefined) codes.push(unprefixed(value));
  }
  const plain = textAt(fault, 'faultcode');
  if (plain !== undefined) codes.push(unprefixed(plain));
  const reasons = findAll(find(fault, 'Reason'), 'Text').map(({ text: said }) => said);
  const reason =
    reasons.find((said) => said !== '') ?? textAt(fault, 'faultstring') ?? codes.at(-1) ?? 'no reason given';
  return new SoapFault(reason, { codes, status });
}
