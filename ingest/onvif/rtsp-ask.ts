/** Asks an RTSP server what it has at a path (DESCRIBE), with bounds: before libav, which says less of why not. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { FaultError } from '#models/schema/fault.ts';
import {
  basicAuthorization,
  bestDigest,
  type Challenge,
  type Credentials,
  digestAuthorization,
  readChallenges,
} from './sign.ts';
import type { Target } from './target.ts';

const ASK_MS = 5000;
/** Head and description together. */
const BYTES_MAX = 64 * 1024;

export type RtspAnswer = {
  status: number;
  challenges: readonly Challenge[];
  headers: ReadonlyMap<string, string>;
  /** How it was signed: "basic", or the algorithm of the digest; undefined for what was not. */
  login?: string;
  /** The description; whatever came of it where its length is a lie. */
  body: string;
};

export type RtspAsking = {
  credentials?: Credentials | undefined;
  isBasicAllowed?: boolean;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
};

/**
 * Unsigned first; signed once where that is asked for and there are credentials. Throws FaultError `camera-refused`,
 * `camera-unreachable`, `camera-timed-out`, `camera-answer-broken`, `camera-needs-sha-256`. Any status is an answer.
 */
export async function describeRtsp(target: Target, url: string, asking: RtspAsking = {}): Promise<RtspAnswer> {
  const { credentials, isBasicAllowed = false } = asking;
  await using line = openLine(target, new URL(url), asking);
  const first = await line.ask(request(url, 1));
  if (first.status !== 401 || credentials === undefined) return first;
  const digest = bestDigest(first.challenges);
  const hasBasic = first.challenges.some(({ scheme }) => scheme === 'basic');
  if (digest !== undefined) {
    const use = { method: 'DESCRIBE', uri: url, count: 1 };
    const answer = await line.ask(request(url, 2, digestAuthorization(credentials, digest, use)));
    return { ...answer, login: worstAlgorithm(first.challenges) };
  }
  if (!hasBasic)
    throw new FaultError('camera-needs-sha-256', `${target.host} wants a login over RTSP that is not known here`);
  if (!isBasicAllowed) return first;
  return { ...(await line.ask(request(url, 2, basicAuthorization(credentials)))), login: 'basic' };
}

/** What any client can sign by, where several are offered. */
function worstAlgorithm(challenges: readonly Challenge[]): string {
  const offered = challenges.map(({ scheme, fields }) =>
    scheme === 'basic' ? 'basic' : (fields.get('algorithm') ?? 'MD5'),
  );
  return offered.find((one) => /^(basic|MD5)$/i.test(one)) ?? offered[0] ?? 'MD5';
}

function request(url: string, sequence: number, authorization?: string): string {
  const head = [`DESCRIBE ${url} RTSP/1.0`, `CSeq: ${sequence}`, 'Accept: application/sdp', 'User-Agent: SharpEyes'];
  if (authorization !== undefined) head.push(`Authorization: ${authorization}`);
  return `${head.join('\r\n')}\r\n\r\n`;
}

type Line = AsyncDisposable & { ask(text: string): Promise<RtspAnswer> };

/** One connection for both questions, as a nonce belongs to its connection. */
function openLine(target: Target, url: URL, { signal, timeoutMs = ASK_MS }: RtspAsking): Line {
  const port = url.port === '' ? (url.protocol === 'rtsps:' ? 322 : 554) : Number(url.port);
  const place = { host: target.address, port };
  const socket: Socket =
    url.protocol === 'rtsps:' ? connectTls({ ...place, rejectUnauthorized: false }) : connect(place);
  let text = '';
  let failure: Error | undefined;
  let wake = () => {};
  const fail = (error: Error) => {
    failure ??= error;
    socket.destroy();
    wake();
  };
  const timer = setTimeout(
    () => fail(new FaultError('camera-timed-out', `${url.host} did not answer over RTSP within ${timeoutMs / 1000} s`)),
    timeoutMs,
  );
  const onAbort = () => fail(signal?.reason as Error);
  signal?.addEventListener('abort', onAbort, { once: true });
  socket.on('data', (chunk) => {
    text += chunk.toString('utf8');
    if (text.length > BYTES_MAX)
      fail(new FaultError('camera-answer-broken', `${url.host} answers more than ${BYTES_MAX} bytes`));
    wake();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => fail(faultOf(error, url.host)));
  socket.on('close', () => fail(new FaultError('camera-answer-broken', `${url.host} ended the connection over RTSP`)));
  return {
    async ask(asked) {
      text = '';
      socket.write(asked);
      for (;;) {
        const answer = readRtspAnswer(text);
        if (answer?.isWhole === true) return answer;
        if (failure !== undefined) {
          // A length that is a lie: what came of the description is all there is.
          if (answer !== undefined && answer.body !== '' && text.length <= BYTES_MAX) return answer;
          throw failure;
        }
        if (text.length >= 5 && !text.startsWith('RTSP/')) {
          throw new FaultError('camera-answer-broken', `${url.host} answers what is no RTSP`);
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.destroy();
    },
  };
}

/** Undefined while the head is not there in whole. Lines may end in CR, LF or both. */
export function readRtspAnswer(text: string): (RtspAnswer & { isWhole: boolean }) | undefined {
  const end = /\r\n\r\n|\n\n|\r\r/.exec(text);
  const status = /^RTSP\/\d\.\d (\d{3})/.exec(text)?.[1];
  if (end === null || status === undefined) return undefined;
  const lines = text
    .slice(0, end.index)
    .split(/\r\n|\n|\r/)
    .slice(1);
  const fields = lines.flatMap((line) => {
    const [, name, value] = /^([\w-]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value] as const];
  });
  const headers = new Map(fields);
  const body = text.slice(end.index + end[0].length);
  const length = Number(headers.get('content-length') ?? 0);
  return {
    status: Number(status),
    headers,
    challenges: readChallenges(fields.filter(([name]) => name === 'www-authenticate').map(([, value]) => value)),
    body,
    isWhole: !(Buffer.byteLength(body) < length),
  };
}

function faultOf(error: NodeJS.ErrnoException, host: string): FaultError {
  const cause = { cause: error };
  if (error.code === 'ECONNREFUSED')
    return new FaultError('camera-refused', `${host}: nothing listens on this port`, cause);
  if (error.code === 'ETIMEDOUT') return new FaultError('camera-timed-out', `${host} did not answer`, cause);
  if (/UNREACH|HOSTDOWN|EADDRNOTAVAIL/.test(error.code ?? '')) {
    return new FaultError('camera-unreachable', `${host} cannot be reached (${error.code})`, cause);
  }
  return new FaultError('camera-answer-broken', `${host} broke off over RTSP: ${error.message}`, cause);
}
