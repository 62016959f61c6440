/** Devices on loopback that answer questions of WS-Discovery with whatever a test gives them. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

export type Responder = AsyncDisposable & { host: string; asked: () => number };

/** Answers each question with whatever it is given; from an address of its own on loopback. */
export async function respond(
  host: string,
  port: number,
  answers: (question: string) => Iterable<string | Buffer>,
): Promise<Responder> {
  const socket: Socket = createSocket({ type: 'udp4', reuseAddr: true });
  let asked = 0;
  socket.on('message', (message, from) => {
    asked++;
    for (const answer of answers(message.toString())) socket.send(answer, from.port, from.address);
  });
  socket.bind(port, host);
  await once(socket, 'listening');
  return {
    host,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

type Match = { uuid?: string; xaddrs?: string; scopes?: string; types?: string; relatesTo?: string };

export function answer({
  uuid = crypto.randomUUID(),
  xaddrs = '',
  scopes = '',
  types = 'dn:NetworkVideoTransmitter',
  relatesTo = '',
}: Match): string {
  return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header><a:RelatesTo>${relatesTo}</a:RelatesTo></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:${uuid}</a:Address></a:EndpointReference><d:Types>${types}</d:Types><d:Scopes>${scopes}</d:Scopes><d:XAddrs>${xaddrs}</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>`;
}

export const idIn = (question: string) => /MessageID>([^<]+)</.exec(question)?.[1] ?? '';
export const isFor = (question: string, word: string) => question.includes(`:${word}</d:Types>`);
