/** Live pictures: asks over NATS which worker has the camera, and passes on what that worker serves. */
import { Readable } from 'node:stream';
import { type NatsConnection, NoRespondersError, type RequestError, TimeoutError } from '@nats-io/nats-core';
import Type from 'typebox';
import { checker } from '#models/schema/check.ts';
import { FaultError, isFaultCode } from '#models/schema/fault.ts';
import { CONTROL } from '#models/wire/subjects.ts';

export type PicturePurpose = 'mjpeg' | 'jpeg';

export type PictureAnswer = { contentType: string; capturedAtMs: string | undefined; body: Readable };

const ASK_TIMEOUT_MS = 3000;
/** A worker waits up to 12 s for the next keyframe when the gate was closed. */
const ANSWER_TIMEOUT_MS = 15_000;
/** A stream that brings nothing for this long is dead. */
const SILENCE_TIMEOUT_MS = 30_000;
const PICTURE_MAX_BYTES = 16 * 1024 * 1024;

const checkInvitation = checker(
  'the worker’s answer',
  Type.Object({ url: Type.String({ maxLength: 2000 }), expiresAtMs: Type.Integer() }),
);

const CONTENT_TYPES = { mjpeg: /^multipart\/x-mixed-replace\s*;/, jpeg: /^image\/jpeg\s*(;|$)/ };

type Options = { purpose: PicturePurpose; signal: AbortSignal };

/** Throws FaultError `no-worker`, `camera-timed-out`, or the code that the worker gives. */
export async function openPictures(
  connection: NatsConnection,
  camera: string,
  options: Options,
): Promise<PictureAnswer> {
  const { purpose, signal } = options;
  const url = await askWorker(connection, camera, purpose);
  const answer = await fetchFrom(url, { camera, signal });
  const contentType = answer.headers.get('content-type') ?? '';
  if (!answer.ok) throw await faultOf(answer, camera);
  if (!CONTENT_TYPES[purpose].test(contentType) || answer.body === null) {
    await answer.body?.cancel();
    throw new FaultError('internal', `the worker of ${camera} sent ${contentType || 'nothing'}, no ${purpose}`);
  }
  const source = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]);
  const body = Readable.from(watched(source, purpose), { objectMode: false });
  signal.addEventListener('abort', () => source.destroy(), { once: true });
  return { contentType, capturedAtMs: answer.headers.get('x-captured-at-ms') ?? undefined, body };
}

async function askWorker(connection: NatsConnection, camera: string, purpose: PicturePurpose): Promise<URL> {
  const about = { camera };
  let told: unknown;
  try {
    const reply = await connection.request(CONTROL.live(camera), JSON.stringify({ purpose }), {
      timeout: ASK_TIMEOUT_MS,
    });
    told = reply.json();
  } catch (cause) {
    const isAlone = cause instanceof NoRespondersError || (cause as RequestError).isNoResponders?.() === true;
    if (isAlone) throw new FaultError('no-worker', `no ingest worker has ${camera}`, { cause, about });
    if (!(cause instanceof TimeoutError)) throw cause;
    throw new FaultError('camera-timed-out', `the worker of ${camera} did not answer`, { cause, about });
  }
  const url = URL.parse(checkInvitation(told).url);
  // Only what a worker serves: plain http, no credentials, its path; never a file or another scheme.
  if (url?.protocol !== 'http:' || url.username !== '' || !url.pathname.startsWith('/live/')) {
    throw new FaultError('internal', `the worker of ${camera} named an address that is none of a worker`, { about });
  }
  return url;
}

async function fetchFrom(url: URL, { camera, signal }: { camera: string; signal: AbortSignal }): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_TIMEOUT_MS);
  try {
    return await fetch(url, { redirect: 'error', signal: AbortSignal.any([signal, late.signal]) });
  } catch (cause) {
    if (signal.aborted) throw cause;
    const message = late.signal.aborted
      ? `no picture of ${camera} came within ${ANSWER_TIMEOUT_MS / 1000} seconds`
      : `the worker of ${camera} at ${url.host} cannot be reached`;
    throw new FaultError(late.signal.aborted ? 'camera-timed-out' : 'no-worker', message, { cause, about: { camera } });
  } finally {
    clearTimeout(timer);
  }
}

async function faultOf(answer: Response, camera: string): Promise<FaultError> {
  const told = (await answer.json().catch(() => ({}))) as { code?: unknown; detail?: unknown };
  const code = isFaultCode(told.code) ? told.code : 'internal';
  const detail = typeof told.detail === 'string' ? told.detail : `HTTP ${answer.status}`;
  // The worker's token was ours to bring: its refusal says nothing about the rights of whoever asked.
  return new FaultError(code === 'forbidden' ? 'internal' : code, `${camera}: ${detail}`, { about: { camera } });
}

/** Ends a source that falls silent; a single picture has a largest size as well. */
async function* watched(source: Readable, purpose: PicturePurpose): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let timer = setTimeout(() => source.destroy(), SILENCE_TIMEOUT_MS);
  try {
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      bytes += chunk.length;
      if (purpose === 'jpeg' && bytes > PICTURE_MAX_BYTES) return;
      yield chunk;
      timer = setTimeout(() => source.destroy(), SILENCE_TIMEOUT_MS);
    }
  } catch {
    // The camera, the worker or the viewer went: the stream ends here.
  } finally {
    clearTimeout(timer);
    source.destroy();
  }
}
