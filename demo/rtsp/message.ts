/** RTSP messages (RFC 2326): bytes of a connection → requests and interleaved frames, and responses → text. */

export type RtspRequest = {
  method: string;
  uri: string;
  headers: ReadonlyMap<string, string>;
};

export type RtspResponse = {
  status: number;
  headers?: Record<string, string>;
  body?: string;
};

/** What comes over a connection: a request, or a binary frame in between (RFC 2326, 10.12). */
export type Incoming =
  | { type: 'request'; request: RtspRequest }
  | { type: 'interleaved'; channel: number; data: Buffer };

export class MalformedMessageError extends Error {}

const MESSAGE_BYTES_MAX = 64 * 1024;
const INTERLEAVED = 0x24;
const HEAD_END = Buffer.from('\r\n\r\n');

/** Collects bytes and hands out whole messages; throws {@link MalformedMessageError} on what is no RTSP. */
export class MessageReader {
  #bytes: Buffer = Buffer.alloc(0);

  *read(chunk: Buffer): Generator<Incoming> {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length > 0) {
      const incoming = this.#bytes[0] === INTERLEAVED ? this.#takeFrame() : this.#takeRequest();
      if (incoming === null) break;
      yield incoming;
    }
  }

  #takeFrame(): Incoming | null {
    if (this.#bytes.length < 4) return null;
    const end = 4 + this.#bytes.readUInt16BE(2);
    if (this.#bytes.length < end) return null;
    const channel = this.#bytes[1]!;
    const data = this.#bytes.subarray(4, end);
    this.#bytes = this.#bytes.subarray(end);
    return { type: 'interleaved', channel, data };
  }

  #takeRequest(): Incoming | null {
    const headEnd = this.#bytes.indexOf(HEAD_END);
    if (headEnd === -1 && this.#bytes.length <= MESSAGE_BYTES_MAX) return null;
    if (headEnd === -1 || headEnd > MESSAGE_BYTES_MAX)
      throw new MalformedMessageError('the head of a message has no end');
    const request = parseHead(this.#bytes.toString('utf8', 0, headEnd));
    const bodyBytes = Number(request.headers.get('content-length') ?? 0);
    if (!(bodyBytes >= 0 && bodyBytes <= MESSAGE_BYTES_MAX)) throw new MalformedMessageError('the body is too long');
    const end = headEnd + HEAD_END.length + bodyBytes;
    if (this.#bytes.length < end) return null;
    this.#bytes = this.#bytes.subarray(end);
    return { type: 'request', request };
  }
}

function parseHead(head: string): RtspRequest {
  const [first = '', ...lines] = head.trimStart().split('\r\n');
  const [method, uri, version] = first.split(' ');
  if (!method || !uri || !version?.startsWith('RTSP/1.')) throw new MalformedMessageError(`no RTSP request: ${first}`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { method, uri, headers };
}

const REASONS: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  459: 'Aggregate Operation Not Allowed',
  461: 'Unsupported Transport',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  551: 'Option Not Supported',
};

export function formatResponse({ status, headers = {}, body = '' }: RtspResponse, cseq: string | undefined): string {
  const lines = [`RTSP/1.0 ${status} ${REASONS[status] ?? 'Unknown'}`];
  if (cseq !== undefined) lines.push(`CSeq: ${cseq}`);
  lines.push('Server: Sharp Eyes virtual camera', `Date: ${new Date().toUTCString()}`);
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
