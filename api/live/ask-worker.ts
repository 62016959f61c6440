/** Asks over NATS which worker has a camera, and where its live views are to be fetched. */
import { type NatsConnection, NoRespondersError, type RequestError, TimeoutError } from '@nats-io/nats-core';
import Type from 'typebox';
import { checker } from '#models/schema/check.ts';
import { FaultError, isFaultCode } from '#models/schema/fault.ts';
import { CONTROL } from '#models/wire/subjects.ts';

export type LivePurpose = 'mjpeg' | 'jpeg' | 'video';

const ASK_TIMEOUT_MS = 3000;

const checkInvitation = checker(
  'the worker’s answer',
  Type.Object({ url: Type.String({ maxLength: 2000 }), expiresAtMs: Type.Integer() }),
);

/** Throws FaultError `no-worker` or `camera-timed-out`. */
export async function askWorker(connection: NatsConnection, camera: string, purpose: LivePurpose): Promise<URL> {
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

/** What a worker's refusal means to whoever asked us; `told` is its problem, if it is one. */
export function faultOf(told: unknown, { camera, status }: { camera: string; status: number }): FaultError {
  const problem = (typeof told === 'object' && told !== null ? told : {}) as { code?: unknown; detail?: unknown };
  const code = isFaultCode(problem.code) ? problem.code : 'internal';
  const detail = typeof problem.detail === 'string' ? problem.detail : `HTTP ${status}`;
  // The worker's token was ours to bring: its refusal says nothing about the rights of whoever asked.
  return new FaultError(code === 'forbidden' ? 'internal' : code, `${camera}: ${detail}`, { about: { camera } });
}
