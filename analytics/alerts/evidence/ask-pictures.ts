/** Asks the worker that has the camera for pictures of an alert, again and again while it may still remember them. */
import { type NatsConnection, NoRespondersError, type RequestError, TimeoutError } from '@nats-io/nats-core';
import Type from 'typebox';
import type { Alert } from '#models/schema/alert.ts';
import { checker } from '#models/schema/check.ts';
import { FaultError, isFaultCode } from '#models/schema/fault.ts';
import {
  BUNDLE_MAX_BYTES,
  type Bundle,
  decodeBundle,
  EvidenceAbout,
  EvidenceInvitation,
  type EvidenceRequest,
} from '#models/wire/evidence.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import { pause } from '#system/lifecycle.ts';

export type AskOptions = {
  connection: NatsConnection;
  beforeMs: number;
  afterMs: number;
  /** So long a worker remembers. */
  ringMs: number;
  signal: AbortSignal;
};

const ASK_TIMEOUT_MS = 3000;
const AGAIN_MS = 2000;
/** Waiting for others' clips, and blurring at a lower priority. */
const MAKING_MS = 600_000;
/** Another try may find a worker that is only just taking the camera over, or one that is less busy. */
const PASSING = ['no-worker', 'camera-timed-out', 'evidence-crowded', 'not-found', 'forbidden', 'internal'];

const checkInvitation = checker('the worker’s invitation', EvidenceInvitation);
const checkRefusal = checker('the worker’s refusal', Type.Object({ code: Type.String(), detail: Type.String() }));
const checkAbout = checker('what the worker says of its pictures', EvidenceAbout);

/** The seconds around the frame that decided. */
export function requestFor(
  alert: Alert,
  { beforeMs, afterMs }: Pick<AskOptions, 'beforeMs' | 'afterMs'>,
): EvidenceRequest {
  const atMs = alert.cause.capturedAtMs;
  const boxes = alert.box === undefined ? [] : [alert.box];
  return { alert: alert.id, fromMs: atMs - beforeMs, toMs: atMs + afterMs, atMs, boxes };
}

/** Throws FaultError with the reason why there are none. */
export async function askPictures(
  camera: string,
  request: EvidenceRequest,
  options: AskOptions,
): Promise<Bundle<EvidenceAbout>> {
  for (;;) {
    // Begun in time, a clip is cut at once when its last second is there.
    const isLate = Date.now() > request.atMs + options.ringMs;
    if (isLate) throw new FaultError('evidence-forgotten', `${camera} was asked too late`);
    try {
      return await askOnce(camera, request, options);
    } catch (error) {
      const mayPass = error instanceof FaultError && PASSING.includes(error.code);
      const isLast = Date.now() + AGAIN_MS > request.atMs + options.ringMs;
      if (!mayPass || isLast || options.signal.aborted) throw error;
      await pause(AGAIN_MS, options.signal);
    }
  }
}

async function askOnce(camera: string, request: EvidenceRequest, options: AskOptions): Promise<Bundle<EvidenceAbout>> {
  const told = await invitation(camera, request, options.connection);
  const url = URL.parse(told.url);
  if (url?.protocol !== 'http:' || url.username !== '' || !url.pathname.startsWith('/live/'))
    throw new FaultError('evidence-not-cut', `the worker of ${camera} named an address that is none of a worker`);
  const waitMs = Math.max(0, request.toMs - Date.now()) + MAKING_MS;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(waitMs)]);
  let answer: Response;
  try {
    answer = await fetch(url, { redirect: 'error', signal });
  } catch (cause) {
    throw new FaultError('no-worker', `the worker of ${camera} went away`, { cause });
  }
  if (!answer.ok) throw await refusalOf(answer, camera);
  return decodeBundle(await readAll(answer, camera), checkAbout);
}

async function invitation(camera: string, request: EvidenceRequest, connection: NatsConnection) {
  let told: unknown;
  try {
    const reply = await connection.request(CONTROL.evidence(camera), JSON.stringify(request), {
      timeout: ASK_TIMEOUT_MS,
    });
    told = reply.json();
  } catch (cause) {
    const isAlone = cause instanceof NoRespondersError || (cause as RequestError).isNoResponders?.() === true;
    if (isAlone) throw new FaultError('no-worker', `no ingest worker has ${camera}`, { cause });
    if (!(cause instanceof TimeoutError)) throw cause;
    throw new FaultError('camera-timed-out', `the worker of ${camera} did not answer`, { cause });
  }
  if (typeof (told as { code?: unknown }).code === 'string') throw faultOf(checkRefusal(told), camera);
  return checkInvitation(told);
}

async function refusalOf(answer: Response, camera: string): Promise<FaultError> {
  const problem = (await answer.json().catch(() => ({}))) as { code?: unknown; detail?: unknown };
  return faultOf({ code: String(problem.code), detail: String(problem.detail ?? `HTTP ${answer.status}`) }, camera);
}

function faultOf({ code, detail }: { code: string; detail: string }, camera: string): FaultError {
  return new FaultError(isFaultCode(code) ? code : 'internal', `${camera}: ${detail}`);
}

async function readAll(answer: Response, camera: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.length;
      if (bytes > BUNDLE_MAX_BYTES) throw new FaultError('evidence-not-cut', `the pictures of ${camera} are too large`);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof FaultError) throw cause;
    throw new FaultError('no-worker', `the worker of ${camera} went away`, { cause });
  }
  return Buffer.concat(chunks);
}
