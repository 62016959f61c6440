/** HTTP around SOAP: requests read, answers and faults written with a make's habits. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Habits } from './habits.ts';
import { envelope, faultBody, NAMESPACES, type SoapFault } from './soap.ts';
import { type Markup, tag } from './xml.ts';

const BODY_BYTES_MAX = 256 * 1024;

/** Answers about subscriptions carry WS-Addressing, as their requests have to. */
export function addressing(
  namespace: string,
  { action, messageId }: { action: string; messageId: string | undefined },
): Markup[] {
  if (namespace !== NAMESPACES.tev && namespace !== NAMESPACES.wsnt) return [];
  const interfaceName = /^(PullMessages|SetSynchronizationPoint)$/.test(action)
    ? 'PullPointSubscription'
    : namespace === NAMESPACES.wsnt
      ? 'SubscriptionManager'
      : 'EventPortType';
  const uri = namespace === NAMESPACES.wsnt ? 'http://docs.oasis-open.org/wsn/bw-2' : namespace;
  return [
    tag('wsa:Action', `${uri}/${interfaceName}/${action}Response`),
    ...(messageId === undefined ? [] : [tag('wsa:RelatesTo', messageId)]),
  ];
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > BODY_BYTES_MAX) throw new Error('the request is too long');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

type Answer = { status?: number; body: Markup; header?: readonly Markup[]; bytesMax?: number | undefined };

export function send(response: ServerResponse, { status = 200, body, header = [], bytesMax }: Answer): void {
  const whole = Buffer.from(envelope(body, header));
  const sent = bytesMax === undefined ? whole : whole.subarray(0, bytesMax);
  response.writeHead(status, {
    'content-type': 'application/soap+xml; charset=utf-8',
    'content-length': sent.length,
  });
  response.end(sent);
}

export function sendFault(response: ServerResponse, fault: SoapFault, { faultStatus }: Habits): void {
  send(response, { status: faultStatus ?? fault.status, body: faultBody(fault) });
}
