/** Plays the live video of a camera in a `<video>`, close behind the newest picture, and tells which picture is shown. */
import { createCushion, steer } from './live-edge.ts';
import { canPlay, type MediaFeed, openMediaFeed } from './media-feed.ts';
import type { VideoMessage, VideoPicture } from './video-messages.ts';
import { isBlocked, readVideo, VideoRefusedError } from './video-socket.ts';

export type PlayState =
  | { name: 'opening' | 'playing' }
  /** It stopped, or did not open, for this reason; it is tried again. */
  | { name: 'failed'; error: unknown }
  /** It will never play here: `codec` as the stream is called, `MASKED`, or null where no WebSocket gets through. */
  | { name: 'unplayable'; codec: string | null };

export type VideoPlayerOptions = {
  signal: AbortSignal;
  /** How long boxes come after their pictures; 0 where none are drawn. */
  boxesLagMs: () => number;
  onState: (state: PlayState) => void;
  onArrived: (capturedAtMs: number) => void;
  /** A picture is on the screen now. */
  onShown: (capturedAtMs: number) => void;
};

/** In the place of a codec: the camera has privacy masks, and its packets stay with the worker. */
export const MASKED = 'masked';

const RETRY_MS = [300, 1000, 2000, 5000, 10_000];
const STEER_EVERY_MS = 100;
/** The newest picture's age counts up to this; then the camera is late, not the video. */
const EDGE_AGE_MAX_S = 0.5;
const TIMES_KEPT = 900;

class UnplayableError extends Error {
  readonly codec: string;

  constructor(codec: string) {
    super(`this browser does not play ${codec}`);
    this.name = 'UnplayableError';
    this.codec = codec;
  }
}

/** Plays until `signal` aborts, opened again after every end, or until it is clear that it cannot be played here. */
export async function playVideo(camera: string, video: HTMLVideoElement, options: VideoPlayerOptions): Promise<void> {
  const { signal, onState } = options;
  onState({ name: 'opening' });
  for (let failures = 0; !signal.aborted; failures++) {
    const onPlaying = () => {
      failures = 0;
      onState({ name: 'playing' });
    };
    const error = await playOnce(camera, video, { ...options, onPlaying }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (signal.aborted) return;
    if (isForeign(error)) return onState({ name: 'unplayable', codec: codecOf(error) });
    if (isMasked(error)) return onState({ name: 'unplayable', codec: MASKED });
    if (isBlocked(error)) return onState({ name: 'unplayable', codec: null });
    onState({ name: 'failed', error });
    await new Promise((done) => setTimeout(done, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]));
  }
}

const isForeign = (error: unknown): error is UnplayableError | VideoRefusedError =>
  error instanceof UnplayableError || (error instanceof VideoRefusedError && error.notice.code === 'video-codec');

const isMasked = (error: unknown): boolean =>
  error instanceof VideoRefusedError && error.notice.code === 'video-masked';

const codecOf = (error: UnplayableError | VideoRefusedError): string =>
  error instanceof UnplayableError ? error.codec : error.notice.detail.replace(/^.* is /, '');

type Once = VideoPlayerOptions & { onPlaying: () => void };

async function playOnce(camera: string, video: HTMLVideoElement, options: Once): Promise<void> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([options.signal, leaving.signal]);
  const failed = Promise.withResolvers<never>();
  using feed = openMediaFeed(video, failed.reject);
  const edge = followEdge(video, { ...options, signal });
  const onMessage = (message: VideoMessage) => {
    try {
      take(message, feed);
      if (message.type === 'picture') edge.add(message.picture);
    } catch (error) {
      failed.reject(error);
    }
  };
  try {
    await Promise.race([readVideo(camera, { signal, onMessage }), failed.promise]);
  } finally {
    leaving.abort();
  }
}

function take(message: VideoMessage, feed: MediaFeed): void {
  if (message.type === 'picture') feed.add(message.picture.data);
  if (message.type !== 'start') return;
  const { mime, codec } = message.start;
  if (!canPlay(mime)) throw new UnplayableError(codec);
  feed.begin(mime, message.init);
}

/** Steers the video along the pictures that arrive, and tells each that is shown. */
function followEdge(video: HTMLVideoElement, options: Once): { add: (picture: VideoPicture) => void } {
  const { signal, boxesLagMs, onArrived, onShown, onPlaying } = options;
  const cushion = createCushion();
  const times: { shownAtS: number; capturedAtMs: number }[] = [];
  let newest = { shownAtS: 0, arrivedAtS: 0 };

  const onSteer = () => {
    if (times.length === 0 || video.buffered.length === 0) return;
    const edgeS = newest.shownAtS + Math.min(EDGE_AGE_MAX_S, performance.now() / 1000 - newest.arrivedAtS);
    const targetS = cushion.targetS(boxesLagMs() / 1000);
    const { rate, isJump } = steer(edgeS - video.currentTime, targetS);
    if (isJump || isBeforeGap(video)) jump(video, edgeS - targetS);
    if (video.playbackRate !== rate) video.playbackRate = rate;
    // Muted video may start by itself; where even that is forbidden the first picture stands.
    if (video.paused) video.play().catch(() => {});
  };
  const timer = setInterval(onSteer, STEER_EVERY_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  watchShown(video, signal, (mediaTimeS) => {
    const at = times.findLast(({ shownAtS }) => shownAtS <= mediaTimeS + 0.002);
    if (at === undefined) return;
    onPlaying();
    onShown(at.capturedAtMs);
  });

  return {
    add({ shownAtS, capturedAtMs }) {
      const arrivedAtS = performance.now() / 1000;
      // B-pictures come after ones that are shown later.
      const at = times.findLastIndex((time) => time.shownAtS <= shownAtS) + 1;
      times.splice(at, 0, { shownAtS, capturedAtMs });
      if (times.length > TIMES_KEPT) times.shift();
      cushion.add(shownAtS, arrivedAtS);
      if (at < times.length - 1) return;
      newest = { shownAtS, arrivedAtS };
      onArrived(capturedAtMs);
    },
  };
}

const isBeforeGap = (video: HTMLVideoElement): boolean =>
  video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA &&
  video.buffered.start(video.buffered.length - 1) > video.currentTime;

function jump(video: HTMLVideoElement, wantedS: number): void {
  const last = video.buffered.length - 1;
  video.currentTime = Math.min(Math.max(wantedS, video.buffered.start(last)), video.buffered.end(last));
}

/** The media time of each picture when it goes to the screen. */
function watchShown(video: HTMLVideoElement, signal: AbortSignal, onShown: (mediaTimeS: number) => void): void {
  const next = (mediaTimeS: number) => {
    if (signal.aborted) return;
    onShown(mediaTimeS);
    ask();
  };
  const ask = () => {
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback((_now, { mediaTime }) => next(mediaTime));
    else
      requestAnimationFrame(
        () => (video as HTMLVideoElement).readyState >= 2 && next((video as HTMLVideoElement).currentTime),
      );
  };
  ask();
}
