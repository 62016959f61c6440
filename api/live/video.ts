/** Live video: asks over NATS which worker has the camera, and passes its messages on to one WebSocket. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { NatsConnection } from '@nats-io/nats-core';
import type { FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { FAULTS, FaultError } from '#models/schema/fault.ts';
import { VIDEO_CLOSE_CODES } from '#models/schema/live-video.ts';
import { createKeyframeValve } from '#models/wire/keyframe-valve.ts';
import { encodeNotice, isNotice, readFramed, readNotice, VIDEO_CONTENT_TYPE } from '#models/wire/video.ts';
import { entryOf } from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { principalOf } from '../rights/enforce.ts';
import { askWorker, faultOf } from './ask-worker.ts';

const ANSWER_TIMEOUT_MS = 5000;
const REFUSAL_MAX_BYTES = 64 * 1024;
/** A viewer that does not even answer this often is gone, or so slow that it may as well be. */
const PING_EVERY_MS = 15_000;

const CLOSE_CODES = new Map<string, number>([
  ['unauthenticated', VIDEO_CLOSE_CODES.signInEnded],
  ['video-codec', VIDEO_CLOSE_CODES.codec],
  ['video-masked', VIDEO_CLOSE_CODES.codec],
  ['video-slow', VIDEO_CLOSE_CODES.tooSlow],
  ['video-moved', VIDEO_CLOSE_CODES.moved],
  ['no-worker', VIDEO_CLOSE_CODES.moved],
]);

/** Until the viewer, the sign-in, the camera's worker or the API goes; then the socket is closed with the reason. */
export async function sendVideo(
  socket: WebSocket,
  request: FastifyRequest,
  { camera, context }: { camera: string; context: Context },
): Promise<void> {
  const principal = principalOf(request);
  const client = new AbortController();
  socket.once('close', () => client.abort());
  socket.on('error', () => socket.terminate());
  context.audit.write(entryOf(request, { action: 'live.view', status: 101 }));
  try {
    using _place = context.streams.take('video', principal.user.id);
    using life = context.sessions.lifeOf(principal);
    using liveness = watchLiveness(socket);
    const signal = AbortSignal.any([client.signal, life, liveness, context.signal]);
    await passOn(socket, camera, { connection: context.broker.connection, signal });
    if (client.signal.aborted) return;
    if (life.aborted) throw new FaultError('unauthenticated', (life.reason as Error).message);
    if (liveness.aborted) throw new FaultError('video-slow', 'the viewer did not answer');
    if (context.signal.aborted) socket.close(1001);
    else throw new FaultError('video-moved', `the worker of ${camera} ended the video`);
  } catch (error) {
    closeWith(socket, error, request);
  }
}

function closeWith(socket: WebSocket, error: unknown, request: FastifyRequest): void {
  const fault = error instanceof FaultError ? error : new FaultError('internal', (error as Error).message);
  if (fault.code === 'internal') request.log.error({ err: error }, 'live video failed');
  // Whoever takes nothing does not take a good-bye either; it is cut off when it does not answer to that.
  const { code, message: detail, cure } = fault;
  socket.send(encodeNotice({ code, detail, cure, title: FAULTS[code].title }));
  socket.close(CLOSE_CODES.get(code) ?? VIDEO_CLOSE_CODES.refused, code);
}

/** Aborts when the viewer has not answered one ping by the time of the next. */
function watchLiveness(socket: WebSocket): AbortSignal & Disposable {
  const silent = new AbortController();
  let hasAnswered = true;
  socket.on('pong', () => {
    hasAnswered = true;
  });
  const timer = setInterval(() => {
    if (!hasAnswered) silent.abort();
    hasAnswered = false;
    socket.ping();
  }, PING_EVERY_MS);
  return Object.assign(silent.signal, { [Symbol.dispose]: () => clearInterval(timer) });
}

type Passing = { connection: NatsConnection; signal: AbortSignal };

/** Returns when the signal aborts or the worker ends; throws FaultError where there is no video. */
async function passOn(socket: WebSocket, camera: string, { connection, signal }: Passing): Promise<void> {
  const answer = await openVideo(await askWorker(connection, camera, 'video'), { camera, signal });
  if (answer === undefined) return;
  const valve = createKeyframeValve();
  try {
    for await (const message of readFramed(answer)) {
      if (signal.aborted) return;
      if (isNotice(message)) throw faultOf(readNotice(message), { camera, status: 502 });
      if (valve.passes(message, socket.bufferedAmount)) socket.send(message);
    }
  } catch (error) {
    // What is none of ours came from the connection: the worker went in the middle of a message, or the signal aborted.
    if (error instanceof FaultError) throw error;
  } finally {
    answer.destroy();
  }
}

type Asking = { camera: string; signal: AbortSignal };

/** undefined when the signal aborted first; throws FaultError `no-worker`, or with the code that the worker gives. */
async function openVideo(url: URL, { camera, signal }: Asking): Promise<IncomingMessage | undefined> {
  const late = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const request = get(url, { signal, agent: false });
  try {
    const [answer] = (await once(request, 'response', { signal: late })) as [IncomingMessage];
    if (answer.statusCode === 200 && answer.headers['content-type'] === VIDEO_CONTENT_TYPE) return answer;
    throw faultOf(await readProblem(answer), { camera, status: answer.statusCode ?? 0 });
  } catch (cause) {
    request.on('error', () => {}).destroy();
    if (signal.aborted) return undefined;
    if (cause instanceof FaultError) throw cause;
    const what = late.aborted ? 'did not answer' : 'cannot be reached';
    throw new FaultError('no-worker', `the worker of ${camera} at ${url.host} ${what}`, { cause, about: { camera } });
  }
}

async function readProblem(answer: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    text += chunk;
    if (text.length > REFUSAL_MAX_BYTES) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
