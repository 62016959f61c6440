/** The stream that a camera has for people: a connection of its own, only while somebody watches. */
import { Packet } from 'node-av/lib';
import { admit } from '#ingest/camera/admission.ts';
import { Backoff } from '#ingest/camera/backoff.ts';
import { CAMERA_TIMINGS } from '#ingest/camera/timings.ts';
import { type Connection, openConnection } from '#ingest/read/connection.ts';
import { nameOfSource, readFault } from '#ingest/read/reason.ts';
import { hostOf } from '#ingest/read/rtsp-url.ts';
import { StreamClock } from '#ingest/read/stream-clock.ts';
import type { Camera, RtspSource } from '#models/schema/camera.ts';
import { FaultError } from '#models/schema/fault.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import type { VideoFeed } from './video.ts';

export type WatchStream = AsyncDisposable & {
  /** Somebody watches, or nobody does any more. */
  want: (isWanted: boolean) => void;
};

type Options = { feed: VideoFeed; password: string | undefined; logger: Logger; lingerMs?: number };

/** Whoever loads the page again shall not make the camera log in again. */
const LINGER_MS = 5000;
const NO_PTS = -(2n ** 63n);

/**
 * **Unwanted**: nothing is open → *open* while it is wanted, opened again with growing pauses when it breaks → for a
 * moment still open after the last viewer went → **unwanted**. While it is not open, people see the other stream.
 */
export function openWatchStream(camera: Camera, options: Options): WatchStream {
  const source = sourceOf(camera);
  const { lingerMs = LINGER_MS } = options;
  let stopping: AbortController | undefined;
  let running = Promise.resolve();
  let leaving: NodeJS.Timeout | undefined;

  function begin(from: RtspSource): void {
    stopping = new AbortController();
    const { signal } = stopping;
    running = running.then(() => keepOpen(from, { ...options, camera: camera.id, signal }));
  }
  function stop(): void {
    stopping?.abort();
    stopping = undefined;
  }
  return {
    want(isWanted) {
      clearTimeout(leaving);
      if (source === undefined) return;
      if (!isWanted) leaving = setTimeout(stop, lingerMs).unref();
      else if (stopping === undefined) begin(source);
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(leaving);
      stop();
      await running;
    },
  };
}

/** The login is that of the camera, and goes to its own host only. */
function sourceOf({ source, watchUrl }: Camera): RtspSource | undefined {
  if (watchUrl === undefined) return undefined;
  const isSameHost = source.kind === 'rtsp' && hostOf(source.url) === hostOf(watchUrl);
  const transport = source.kind === 'rtsp' ? source.transport : 'tcp';
  const login = isSameHost && source.user !== undefined ? { user: source.user } : {};
  return { kind: 'rtsp', url: watchUrl, transport, ...login };
}

type Opening = Options & { camera: string; signal: AbortSignal };

async function keepOpen(source: RtspSource, options: Opening): Promise<void> {
  const { signal, logger, camera } = options;
  const backoff = new Backoff(CAMERA_TIMINGS);
  while (!signal.aborted) {
    const openedAt = performance.now();
    try {
      await readOnce(source, options);
    } catch (error) {
      const code = error instanceof FaultError ? error.code : 'internal';
      const liveForMs = code === 'camera-ended' ? performance.now() - openedAt : 0;
      const waitMs = backoff.after(code, liveForMs);
      logger.warn({ camera, code, waitMs, reason: (error as Error).message }, 'stream for people lost');
      await pause(waitMs, signal);
    }
  }
}

/** Throws FaultError when the stream cannot be opened, breaks, or falls silent; returns when the signal aborts. */
async function readOnce(source: RtspSource, { feed, password, signal }: Opening): Promise<void> {
  const { openMs, loginGapMs, silenceMs } = CAMERA_TIMINGS;
  const silence = new AbortController();
  const until = AbortSignal.any([signal, silence.signal]);
  const device = new URL(source.url.replace(/^rtsps?/i, 'http')).host;
  const leave = await admit(device, { signal, gapMs: loginGapMs });
  let connection: Connection | undefined;
  try {
    connection = await openConnection(source, { signal: until, password, timeoutMs: openMs });
  } finally {
    leave();
  }
  if (connection === undefined) return;
  await using opened = connection;
  const timer = setTimeout(() => silence.abort(), 2 * silenceMs).unref();
  feed.begin(opened.stream.codecpar);
  try {
    const code = await passOn(opened, { feed, signal: until, onPacket: () => timer.refresh() });
    if (signal.aborted) return;
    if (silence.signal.aborted) throw new FaultError('camera-frozen', `${nameOfSource(source)} has fallen silent`);
    throw readFault(source, code);
  } finally {
    clearTimeout(timer);
    feed.end();
  }
}

type Passing = { feed: VideoFeed; signal: AbortSignal; onPacket: () => void };

/** Returns libav's code when there is nothing more to read. */
async function passOn(connection: Connection, { feed, signal, onPacket }: Passing): Promise<number> {
  const clock = new StreamClock();
  using packet = new Packet();
  packet.alloc();
  // libav has no time for the first packet of an RTSP stream, which is at the start.
  let isFirst = true;
  for (;;) {
    const code = await connection.read(packet);
    if (signal.aborted || code < 0) return code;
    onPacket();
    if (packet.streamIndex === connection.stream.index && (packet.pts !== NO_PTS || isFirst)) {
      const ptsS = packet.pts === NO_PTS ? 0 : Number(packet.pts) * connection.timeBaseS;
      const nowMs = Date.now();
      clock.observe(ptsS, nowMs);
      feed.take(packet, { ptsS, capturedAtMs: clock.seenAtMs(ptsS, nowMs) });
      isFirst = false;
    }
    packet.unref();
  }
}
