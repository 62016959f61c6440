/** One open source: libav's demuxer, its video stream, and a way out of every call that blocks. */
import { stat } from 'node:fs/promises';
import { constants } from 'node:os';
import {
  AV_LOG_QUIET,
  AVERROR_EXIT,
  AVERROR_HTTP_OTHER_4XX,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants';
import { Dictionary, FormatContext, Log, type Packet, type Stream } from 'node-av/lib';
import type { CameraSource } from '#models/schema/camera.ts';
import { FaultError } from '#models/schema/fault.ts';
import { findMediaFile } from '#system/media-files.ts';
import { MEDIA_FORMATS } from './media-formats.ts';
import { nameOfSource, openFault } from './reason.ts';
import { rtspUrlWithCredentials } from './rtsp-url.ts';

const { errno } = constants;

/** libav's own log shows URLs with credentials: it stays silent, we say what went wrong. */
Log.setLevel(AV_LOG_QUIET);

/** Threads of libuv that a worker needs: each camera holds one while it waits for packets. Set before Node starts. */
export function threadPoolSize(cameras: number): number {
  return Math.min(1024, cameras + 4);
}

export type Connection = AsyncDisposable & {
  stream: Stream;
  timeBaseS: number;
  /** Stated length of a file; undefined for a live stream. */
  durationS: number | undefined;
  /** Pictures a second that the source announces. */
  promisedFps: number | undefined;
  /** libav's code: 0, or negative; AVERROR_EXIT after an abort. */
  read: (packet: Packet) => Promise<number>;
  /** Back to the start of a file. */
  rewind: () => Promise<number>;
};

export type OpenOptions = {
  signal: AbortSignal;
  password?: string | undefined;
  /** Longest silence of the camera while it is opened or read, as far as libav keeps it. */
  timeoutMs?: number;
  /** A file must lie in one of these, and be of a container format; absent lets any file through that libav reads. */
  mediaDirs?: readonly string[] | undefined;
};

/** A pending read usually ends by itself within a frame, and then TEARDOWN can be sent; an interrupted one cannot. */
const GRACE_MS = 300;
/** libav looks at the interrupt every 100 ms; what does not come back after this (a name being resolved) is left. */
const STRANDED_AFTER_MS = 600;

const PROMISED_FPS_MAX = 240;

let strandedCalls = 0;

/** Calls into libav that did not come back in time and still hold a thread; a worker with many should be restarted. */
export function strandedReads(): number {
  return strandedCalls;
}

/** Throws FaultError with the reason; undefined when aborted. */
export async function openConnection(source: CameraSource, options: OpenOptions): Promise<Connection | undefined> {
  const path = source.kind === 'file' ? await findFile(source.path, options.mediaDirs) : undefined;
  const { signal, mediaDirs } = options;
  const timeoutMs = options.timeoutMs ?? 10_000;
  const context = new FormatContext();
  context.allocContext();
  const calls = guardCalls(context, signal);
  using settings = Dictionary.fromObject(openSettings(source, { timeoutMs, mediaDirs }));
  const url = source.kind === 'file' ? `file:${path}` : rtspUrlWithCredentials(source, options.password);
  const startMs = performance.now();
  try {
    const opened = await calls.run(() => context.openInput(url, null, settings), 0);
    if (opened < 0) {
      if (signal.aborted) return undefined;
      if (opened === AVERROR_HTTP_OTHER_4XX) await checkMedia(source, url, { signal, timeoutMs });
      if (opened === -errno.EINVAL && path !== undefined && mediaDirs !== undefined) throw noContainer(source);
      throw await openFault(source, opened, performance.now() - startMs > timeoutMs * 0.9);
    }
    if (source.kind === 'file') await calls.run(() => context.findStreamInfo(null), 0);
    if (signal.aborted) {
      await calls.close();
      return undefined;
    }
    return connectionOf(source, context, calls);
  } catch (error) {
    await calls.close();
    throw error;
  }
}

/**
 * A stream without video ends in "455 Method Not Valid in This State", as nothing was set up to be played. So the media
 * are asked for once more, all of them and without playing.
 */
async function checkMedia(source: CameraSource, url: string, options: { signal: AbortSignal; timeoutMs: number }) {
  const context = new FormatContext();
  context.allocContext();
  const calls = guardCalls(context, options.signal);
  const { allowed_media_types: _all, ...settings } = openSettings(source, options);
  using asked = Dictionary.fromObject({ ...settings, initial_pause: '1' });
  try {
    const opened = await calls.run(() => context.openInput(url, null, asked), 0);
    if (opened >= 0 && context.findBestStream(AVMEDIA_TYPE_VIDEO) < 0) throw noVideo(source, context.nbStreams);
  } finally {
    await calls.close();
  }
}

function noVideo(source: CameraSource, streams: number): FaultError {
  return new FaultError('camera-no-video', `${nameOfSource(source)} brings ${streams} streams, none of them video`);
}

function connectionOf(source: CameraSource, context: FormatContext, calls: GuardedCalls): Connection {
  const index = context.findBestStream(AVMEDIA_TYPE_VIDEO);
  const stream = index < 0 ? undefined : context.streams[index];
  if (stream === undefined) {
    throw new FaultError(
      'camera-no-video',
      `${nameOfSource(source)} brings ${context.nbStreams} streams, none is video`,
    );
  }
  const duration = Number(context.duration) / 1e6;
  const isFile = source.kind === 'file';
  return {
    stream,
    timeBaseS: stream.timeBase.num / stream.timeBase.den,
    durationS: isFile && duration > 0 ? duration : undefined,
    promisedFps: promisedFps(stream),
    read: (packet) => calls.run(() => context.readFrame(packet), isFile ? 0 : GRACE_MS),
    rewind: () =>
      calls.run(() => context.seekFrame(-1, context.startTime > 0n ? context.startTime : 0n, AVSEEK_FLAG_BACKWARD), 0),
    [Symbol.asyncDispose]: () => calls.close(),
  };
}

/** What the SDP or the container says; cameras say nothing, 0, or thousands. */
function promisedFps({ avgFrameRate: { num, den } }: Stream): number | undefined {
  const fps = den === 0 ? 0 : num / den;
  return fps > 0 && fps <= PROMISED_FPS_MAX ? Math.round(fps * 100) / 100 : undefined;
}

/** libav answers EINVAL for what it knows, but may not read. */
function noContainer(source: CameraSource): FaultError {
  const name = nameOfSource(source);
  return new FaultError('file-format', `${name} is no container of video that may be a camera`, {
    about: { path: name },
  });
}

async function findFile(path: string, mediaDirs: readonly string[] | undefined): Promise<string> {
  if (mediaDirs !== undefined) return findMediaFile(path, { mediaDirs, isHere: true });
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return path;
  throw new FaultError('file-missing', `there is no file ${path}`, { about: { path } });
}

type SettingsFor = { timeoutMs: number; mediaDirs?: readonly string[] | undefined };

/** Whitelists keep a file or a camera from sending libav elsewhere (playlists, redirects to other schemes). */
function openSettings(source: CameraSource, { timeoutMs, mediaDirs }: SettingsFor): Record<string, string> {
  if (source.kind === 'file') {
    return { protocol_whitelist: 'file', ...(mediaDirs === undefined ? {} : { format_whitelist: MEDIA_FORMATS }) };
  }
  return {
    protocol_whitelist: 'rtsp,rtsps,rtp,srtp,udp,tcp,tls,crypto',
    rtsp_transport: source.transport,
    allowed_media_types: 'video',
    timeout: String(timeoutMs * 1000),
    buffer_size: String(2 * 1024 ** 2),
    user_agent: 'SharpEyes',
  };
}

type GuardedCalls = {
  /** After an abort the call gets `graceMs` to end by itself, then is interrupted, then is left; -> AVERROR_EXIT. */
  run: (call: () => Promise<number>, graceMs: number) => Promise<number>;
  close: () => Promise<void>;
};

function guardCalls(context: FormatContext, signal: AbortSignal): GuardedCalls {
  let pending: Promise<number> | undefined;
  let isInterrupted = false;
  let isStranded = false;

  function run(call: () => Promise<number>, graceMs: number): Promise<number> {
    if (signal.aborted || isStranded) return Promise.resolve(AVERROR_EXIT);
    const called = call();
    pending = called;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const leave = () => {
        isStranded = true;
        strandedCalls++;
        void called.finally(() => strandedCalls--).catch(() => {});
        resolve(AVERROR_EXIT);
      };
      const interrupt = () => {
        isInterrupted = true;
        context.interrupt();
        timer = setTimeout(leave, STRANDED_AFTER_MS);
      };
      const onAbort = () => {
        if (graceMs === 0) interrupt();
        else timer = setTimeout(interrupt, graceMs);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const settled = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      called.then(
        (code) => {
          settled();
          resolve(code);
        },
        (error: unknown) => {
          settled();
          reject(error);
        },
      );
    });
  }

  async function close(): Promise<void> {
    if (isStranded) {
      // Closing now would block the event loop until the call returns: it is closed then.
      void pending?.finally(() => context.closeInput()).catch(() => {});
      return;
    }
    // closeInput() interrupts, so that TEARDOWN is not sent and the camera keeps the session; freeContext() sends it.
    if (isInterrupted) await context.closeInput();
    else context.freeContext();
  }

  return { run, close };
}
