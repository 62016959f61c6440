/** Live pictures: asks over NATS which worker has the camera, and passes on what that worker serves. */
import { Readable } from 'node:stream';
import type { NatsConnection } from '@nats-io/nats-core';
import { FaultError } from '#models/schema/fault.ts';
import { askWorker, faultOf } from './ask-worker.ts';

export type PicturePurpose = 'mjpeg' | 'jpeg';

export type PictureAnswer = { contentType: string; capturedAtMs: string | undefined; body: Readable };

/** A worker waits up to 12 s for the next keyframe when the gate was closed. */
const ANSWER_TIMEOUT_MS = 15_000;
/** A stream that brings nothing for this long is dead. */
const SILENCE_TIMEOUT_MS = 30_000;
const PICTURE_MAX_BYTES = 16 * 1024 * 1024;

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
  if (!answer.ok) throw faultOf(await answer.json().catch(() => ({})), { camera, status: answer.status });
  if (!CONTENT_TYPES[purpose].test(contentType) || answer.body === null) {
    await answer.body?.cancel();
    throw new FaultError('internal', `the worker of ${camera} sent ${contentType || 'nothing'}, no ${purpose}`);
  }
  const source = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]);
  const body = Readable.from(watched(source, purpose), { objectMode: false });
  signal.addEventListener('abort', () => source.destroy(), { once: true });
  return { contentType, capturedAtMs: answer.headers.get('x-captured-at-ms') ?? undefined, body };
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
