/** Asks a silent host over HTTP for its time, which ONVIF devices tell to everybody: who answers in SOAP is one. */
import { connect, type Socket } from 'node:net';
import { pause } from '#system/lifecycle.ts';
import type { Pacer } from './pacer.ts';

/** Below the second after which a lost SYN would be repeated uncounted. */
const CONNECT_MS = 900;
const ANSWER_MS = 2500;
const ANSWER_BYTES_MAX = 16 * 1024;
/** SYN is one; what an open connection costs us besides: two ACKs, the question, FIN. */
const PACKETS_WHEN_OPEN = 5;

export const KNOCK_PATH = '/onvif/device_service';
export const KNOCKS_AT_ONCE = 256;

const BODY =
  '<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>';

export type Knock = { address: string; port: number };

/** `locked`: it wants a login even for its time, so that it may be something else. */
export type KnockAnswer = 'device' | 'locked' | 'nobody';

export async function knock(
  { address, port }: Knock,
  { pacer, signal }: { pacer: Pacer; signal: AbortSignal },
): Promise<KnockAnswer> {
  await pacer.next();
  if (signal.aborted) return 'nobody';
  const socket = connect({ host: address, port });
  try {
    const isOpen = await Promise.race([opened(socket), pause(CONNECT_MS, signal).then(() => false)]);
    if (!isOpen) return 'nobody';
    await pacer.next(PACKETS_WHEN_OPEN);
    const host = address.includes(':') ? `[${address}]` : address;
    const head = [
      `POST ${KNOCK_PATH} HTTP/1.1`,
      `Host: ${host}:${port}`,
      'Content-Type: application/soap+xml; charset=utf-8; action="http://www.onvif.org/ver10/device/wsdl/GetSystemDateAndTime"',
      `Content-Length: ${Buffer.byteLength(BODY)}`,
      'Connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${BODY}`);
    const answer = await Promise.race([received(socket), pause(ANSWER_MS, signal).then(() => '')]);
    return judge(answer);
  } finally {
    socket.destroy();
  }
}

function opened(socket: Socket): Promise<boolean> {
  return new Promise((done) => {
    socket.once('connect', () => done(true));
    // Stays, since a reset may come later.
    socket.on('error', () => done(false));
  });
}

/** What came until the end, or until it is enough to judge. */
function received(socket: Socket): Promise<string> {
  let text = '';
  return new Promise((done) => {
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.length > ANSWER_BYTES_MAX || /<\/[\w:.-]*Envelope>/.test(text)) done(text);
    });
    socket.once('close', () => done(text));
  });
}

function judge(text: string): KnockAnswer {
  if (/<[\w:.-]*GetSystemDateAndTimeResponse[\s/>]/.test(text)) return 'device';
  if (/<[\w:.-]*Fault[\s>]/.test(text) && /onvif\.org|NotAuthorized/.test(text)) return 'device';
  return /^HTTP\/1\.[01] 401/.test(text) && /www-authenticate: *digest/i.test(text) ? 'locked' : 'nobody';
}
