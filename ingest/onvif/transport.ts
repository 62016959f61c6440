/** One HTTP request to a device: a hard deadline, a cap of bytes, a connection of its own, never to another host. */
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { FaultError } from '#models/schema/fault.ts';
import type { Target } from './target.ts';

export const CALL_MS = 8000;
export const ANSWER_BYTES_MAX = 2 * 1024 ** 2;
const REDIRECTS_MAX = 2;

export type HttpRequest = {
  method?: 'GET' | 'POST';
  body?: string;
  headers?: Record<string, string>;
  /** From here to the last byte of the answer. */
  timeoutMs?: number;
  bytesMax?: number;
  signal?: AbortSignal | undefined;
};

export type HttpAnswer = {
  /** Where it came from in the end. */
  url: URL;
  status: number;
  contentType: string;
  /** Each value of WWW-Authenticate. */
  challenges: readonly string[];
  /** The device's Date header, ms. */
  dateMs: number | undefined;
  bytes: Buffer;
};

/**
 * Throws FaultError `camera-refused`, `camera-unreachable`, `camera-timed-out`, `camera-answer-broken` or
 * `camera-elsewhere` (a redirect to another host). Any HTTP status is an answer.
 */
export async function exchange(target: Target, url: URL, request: HttpRequest = {}): Promise<HttpAnswer> {
  const deadlineMs = performance.now() + (request.timeoutMs ?? CALL_MS);
  let next = url;
  for (let redirects = 0; ; redirects += 1) {
    const timeoutMs = Math.max(1, deadlineMs - performance.now());
    const { answer, location } = await once(target, next, { ...request, timeoutMs });
    if (location === undefined || redirects >= REDIRECTS_MAX) return answer;
    next = followed(next, location);
  }
}

/** The same host under another path or port, and never from https back to http. */
function followed(from: URL, location: string): URL {
  const to = URL.parse(location, from);
  const isFine = to !== null && /^https?:$/.test(to.protocol) && to.hostname === from.hostname;
  if (!isFine || (from.protocol === 'https:' && to.protocol === 'http:')) {
    const where = to === null ? 'to no address' : `to ${to.protocol}//${to.host}`;
    throw new FaultError('camera-elsewhere', `${from.host} sends us on ${where}, which nobody named`);
  }
  to.username = '';
  to.password = '';
  return to;
}

type Once = { answer: HttpAnswer; location: string | undefined };

function once(target: Target, url: URL, request: HttpRequest & { timeoutMs: number }): Promise<Once> {
  const { method = 'POST', body, headers = {}, timeoutMs, bytesMax = ANSWER_BYTES_MAX, signal } = request;
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    host: target.address,
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    method,
    agent: false,
    // Devices write headers that no standard knows; a connection that carries one answer has nothing to smuggle.
    insecureHTTPParser: true,
    // Devices sign their certificates themselves; the password is still protected by how it is signed.
    rejectUnauthorized: false,
    headers: {
      host: url.host,
      connection: 'close',
      'user-agent': 'SharpEyes',
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    },
  };
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const sent = start(options, (message) => {
      collect(message, bytesMax).then((bytes) => settle(() => resolve(readAnswer(url, message, bytes))), fail);
    });
    const settle = (then: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      sent.destroy();
      then();
    };
    const fail = (error: unknown) => settle(() => reject(faultOf(error as NodeJS.ErrnoException, url)));
    const onAbort = () => settle(() => reject(signal?.reason));
    const timer = setTimeout(
      () =>
        fail(
          new FaultError(
            'camera-timed-out',
            `${url.host} did not answer in whole within ${Math.round(timeoutMs / 100) / 10} s`,
          ),
        ),
      timeoutMs,
    );
    sent.on('error', fail);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    sent.end(body);
  });
}

async function collect(message: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new FaultError('camera-answer-broken', `the answer is longer than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function readAnswer(url: URL, message: IncomingMessage, bytes: Buffer): Once {
  const status = message.statusCode ?? 0;
  const dateMs = Date.parse(message.headers.date ?? '');
  return {
    location: [301, 302, 303, 307, 308].includes(status) ? message.headers.location : undefined,
    answer: {
      url,
      status,
      contentType: message.headers['content-type'] ?? '',
      challenges: message.headersDistinct['www-authenticate'] ?? [],
      dateMs: Number.isNaN(dateMs) ? undefined : dateMs,
      bytes,
    },
  };
}

function faultOf(error: NodeJS.ErrnoException, { host }: URL): Error {
  if (error instanceof FaultError) return error;
  const cause = { cause: error };
  switch (error.code) {
    case 'ECONNREFUSED':
      return new FaultError('camera-refused', `${host}: nothing listens on this port`, cause);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
      return new FaultError('camera-unreachable', `${host} cannot be reached (${error.code})`, cause);
    case 'ETIMEDOUT':
      return new FaultError('camera-timed-out', `${host} did not answer`, cause);
    default:
      return new FaultError(
        'camera-answer-broken',
        `${host} broke off, or answered what is no HTTP: ${error.message}`,
        cause,
      );
  }
}
