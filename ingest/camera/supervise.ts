/**
 * One camera, for as long as it is wanted: connects, watches over its pictures, says how it is, and comes back.
 *
 * States: *connecting* → *live* at the first decoded picture (*degraded* while many pictures fail or a file is cut) →
 * *down* with a reason when the connection breaks or a deadline passes → after a wait *connecting* again, the reason kept
 * until it is live. A camera that is not enabled is *disabled*. Whatever happens here stays here: nothing throws to whoever reads other cameras.
 */

import type { Inspector } from '#ingest/diagnose/inspector.ts';
import type { VideoFeed } from '#ingest/live/video/video.ts';
import { readSource } from '#ingest/read/read-source.ts';
import { createReading, type Reading } from '#ingest/read/reading.ts';
import { nameOfSource } from '#ingest/read/reason.ts';
import type { Sight } from '#ingest/sight.ts';
import type { Camera, CameraState } from '#models/schema/camera.ts';
import { FaultError } from '#models/schema/fault.ts';
import { aborted, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { logins } from './admission.ts';
import { Backoff } from './backoff.ts';
import { Deadlines } from './deadlines.ts';
import { StateTeller } from './state-teller.ts';
import { CAMERA_TIMINGS, type CameraTimings } from './timings.ts';

export type SuperviseOptions = {
  signal: AbortSignal;
  logger: Logger;
  /** Unsealed; goes to libav and nowhere else. */
  password?: string | undefined;
  worker: string;
  onState: (state: CameraState) => void;
  /** Holds the gate open. */
  isWatched?: () => boolean;
  /** Whoever looks has time for pictures of before the gate opened. */
  mayReplay?: () => boolean;
  inspector?: Inspector;
  /** Gets every packet. */
  video?: VideoFeed;
  timings?: Partial<CameraTimings>;
  /** Folders that a file must lie in; absent lets any file through. */
  mediaDirs?: readonly string[];
};

type Supervised = SuperviseOptions & {
  camera: Camera;
  reading: Reading;
  teller: StateTeller;
  times: CameraTimings;
  backoff: Backoff;
};

/** Ends when the signal aborts, never before, and never throws. `lost` comes after each connection that had pictures. */
export async function* superviseCamera(camera: Camera, options: SuperviseOptions): AsyncGenerator<Sight> {
  const { signal } = options;
  const times = { ...CAMERA_TIMINGS, ...options.timings };
  const reading = createReading();
  using teller = new StateTeller(camera.id, { ...options, reading, tellEveryMs: times.tellEveryMs });
  if (!camera.isEnabled) {
    teller.change('disabled');
    return await aborted(signal);
  }
  const backoff = new Backoff(times);
  const supervised = { ...options, camera, reading, teller, times, backoff };
  while (!signal.aborted) {
    teller.change('connecting');
    const { fault, liveForMs } = yield* connectOnce(supervised);
    if (signal.aborted) return;
    if (liveForMs > 0) yield { type: 'lost', capturedAtMs: Date.now(), receivedAtMs: Date.now() };
    const isOver = fault.code === 'camera-ended' && camera.source.kind === 'file';
    if (isOver) {
      teller.change('down', { reason: fault });
      return await aborted(signal);
    }
    const waitMs = backoff.after(fault.code, liveForMs);
    teller.change('down', { reason: fault, nextTryAtMs: Date.now() + waitMs });
    const about = { camera: camera.id, code: fault.code, waitMs, failures: backoff.failures };
    options.logger.warn({ ...about, reason: fault.message }, 'camera lost');
    await pause(waitMs, signal);
    teller.reconnects++;
  }
}

type Outcome = { fault: FaultError; liveForMs: number };

async function* connectOnce(supervised: Supervised): AsyncGenerator<Sight, Outcome> {
  const { camera, reading, teller, times } = supervised;
  const stopping = new AbortController();
  const signal = AbortSignal.any([supervised.signal, stopping.signal]);
  startAnew(reading);
  const leave = await logins.admit({
    device: deviceOf(camera),
    site: camera.site,
    importance: camera.importance,
    tries: supervised.backoff.failures,
    downSinceMs: teller.downSinceMs,
    signal,
  });
  const stopWatch = watchOver(supervised, (fault) => stopping.abort(fault));
  let liveSinceMs: number | undefined;
  const liveForMs = () => (liveSinceMs === undefined ? 0 : Math.max(1, performance.now() - liveSinceMs));
  try {
    const sights = readSource(camera.source, {
      ...readOptions(supervised),
      signal,
      reading,
      timeoutMs: times.openMs,
      onConnected: leave,
    });
    for await (const sight of sights) {
      if (sight.type === 'frame' && liveSinceMs === undefined) {
        liveSinceMs = performance.now();
        teller.change('live');
      }
      yield sight;
    }
    return { fault: whyEnded(camera, stopping.signal), liveForMs: liveForMs() };
  } catch (error) {
    return { fault: asFault(error, camera), liveForMs: liveForMs() };
  } finally {
    stopWatch();
    leave();
    stopping.abort();
  }
}

function readOptions({ camera, logger, password, isWatched, mayReplay, inspector, video, mediaDirs }: Supervised) {
  return {
    mayReplay,
    logger,
    password,
    sampleFps: camera.sampleFps,
    isGated: camera.isGated,
    fullLookIntervalS: camera.fullLookIntervalS,
    isRealtime: true,
    privacyMasks: camera.privacyMasks,
    mediaDirs,
    ...(isWatched === undefined ? {} : { isWatched }),
    ...(inspector === undefined ? {} : { inspector }),
    ...(video === undefined ? {} : { video }),
  };
}

/** Counters go on over connections; what belongs to one connection begins anew, what was learned of the rhythm stays. */
function startAnew(reading: Reading): void {
  reading.isConnected = false;
  reading.isGateOpen = true;
  reading.lastPacketAtMs = undefined;
  reading.cutAtS = undefined;
}

/** Host and port: an NVR's channels share a login queue, two cameras behind one address do not. */
function deviceOf(camera: Camera): string {
  if (camera.source.kind === 'file') return `file:${camera.id}`;
  return /^[a-z]+:\/\/(?:[^/]*@)?([^/?#]*)/i.exec(camera.source.url)?.[1]?.toLowerCase() ?? camera.id;
}

function watchOver({ camera, reading, times }: Supervised, giveUp: (fault: FaultError) => void): () => void {
  const deadlines = new Deadlines(reading, {
    name: nameOfSource(camera.source),
    isUdp: camera.source.kind === 'rtsp' && camera.source.transport === 'udp',
    fullLookIntervalS: camera.fullLookIntervalS,
    timings: times,
  });
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const fault = deadlines.check(nowMs - lastMs);
    lastMs = nowMs;
    if (fault !== undefined) giveUp(fault);
  }, times.tickMs);
  return () => clearInterval(timer);
}

function whyEnded(camera: Camera, stopped: AbortSignal): FaultError {
  if (stopped.aborted && stopped.reason instanceof FaultError) return stopped.reason;
  if (camera.source.kind === 'file') {
    return new FaultError('camera-ended', `${nameOfSource(camera.source)} was played to its end`, {
      cure: 'Let it be looped to play it again and again.',
    });
  }
  return new FaultError('camera-ended', `${nameOfSource(camera.source)} ended the stream`);
}

function asFault(error: unknown, camera: Camera): FaultError {
  if (error instanceof FaultError) return error;
  const message = `reading ${nameOfSource(camera.source)} failed: ${(error as Error).message}`;
  return new FaultError('internal', message, { cause: error });
}
