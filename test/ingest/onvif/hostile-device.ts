/** A server that answers as no decent device does: bytes written by hand, so that HTTP itself can be wrong. */
import { type AddressInfo, createServer, type Socket } from 'node:net';

export type HostileDevice = AsyncDisposable & {
  port: number;
  /** What it was sent, one text for each connection. */
  received: string[];
  /** Connections that are open. */
  open(): number;
  /** Bytes that it could get rid of. */
  sentBytes(): number;
};

/** Says something on each connection, once a whole request has come. */
export async function startHostileDevice(answer: (socket: Socket, request: string) => unknown): Promise<HostileDevice> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  let sentBytes = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = '';
    let isAnswered = false;
    const index = received.push('') - 1;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sentBytes += socket.bytesWritten;
      sockets.delete(socket);
    });
    socket.on('data', (data) => {
      text += data.toString('latin1');
      received[index] = text;
      if (isAnswered || !isWhole(text)) return;
      isAnswered = true;
      void Promise.resolve(answer(socket, text));
    });
  });
  await new Promise<void>((open) => server.listen(0, '127.0.0.1', open));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    received,
    open: () => sockets.size,
    sentBytes: () => sentBytes + [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function isWhole(text: string): boolean {
  const [head = '', body] = text.split('\r\n\r\n');
  if (body === undefined) return false;
  return body.length >= Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
}

/** An HTTP answer around a SOAP body, with a right length. */
export function soapAnswer(body: string, { status = '200 OK', headers = '' } = {}): string {
  const text = envelope(body);
  return `HTTP/1.1 ${status}\r\ncontent-type: application/soap+xml\r\ncontent-length: ${Buffer.byteLength(text)}\r\n${headers}\r\n${text}`;
}

export const envelope = (body: string) =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${body}</s:Body></s:Envelope>`;

export const fault = (subcode: string, reason: string) =>
  `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text>${reason}</s:Text></s:Reason></s:Fault>`;
