/** The WebSocket of a live video: its messages, and in words the API's reason where there is none. */
import type { VideoNotice } from '#models/schema/live-video.ts';
import { ApiProblemError, apiUrl, request, UnreachableError } from '../api-client.ts';
import { readVideoMessage, type VideoMessage } from './video-messages.ts';

/** The API said why the video cannot be had. */
export class VideoRefusedError extends Error {
  readonly notice: VideoNotice;

  constructor(notice: VideoNotice) {
    super(notice.detail);
    this.name = 'VideoRefusedError';
    this.notice = notice;
  }
}

/** It is open, but nothing comes. */
export class VideoSilentError extends Error {
  override readonly name = 'VideoSilentError';
}

/** A camera that sends one picture in some seconds is not dead yet. */
const SILENCE_MS = 15_000;

type SocketOptions = { signal: AbortSignal; onMessage: (message: VideoMessage) => void };

/**
 * Resolves when the signal aborts. Rejects when the video ends: VideoRefusedError with the API's reason, ApiProblemError
 * where it does not even open, VideoSilentError where nothing comes any more, UnreachableError where nobody answers.
 */
export function readVideo(camera: string, { signal, onMessage }: SocketOptions): Promise<void> {
  const url = videoUrl(camera);
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.href.replace(/^http/, 'ws'));
    socket.binaryType = 'arraybuffer';
    let notice: VideoNotice | undefined;
    let isOpen = false;
    let heardAt = performance.now();
    const watch = setInterval(() => {
      if (performance.now() - heardAt > SILENCE_MS) leave(() => reject(new VideoSilentError('no picture came')));
    }, 1000);
    const leave = (settle: () => void) => {
      clearInterval(watch);
      signal.removeEventListener('abort', onAbort);
      socket.close();
      settle();
    };
    const onAbort = () => leave(resolve);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.addEventListener('open', () => {
      isOpen = true;
    });
    socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
      if (signal.aborted) return;
      heardAt = performance.now();
      const message = readVideoMessage(data);
      if (message?.type === 'notice') notice = message.notice;
      else if (message !== null) onMessage(message);
    });
    socket.addEventListener('close', ({ code }) => {
      if (signal.aborted) return;
      leave(() => {
        if (notice !== undefined) reject(new VideoRefusedError(notice));
        else if (isOpen) reject(new UnreachableError(`the WebSocket closed with ${code}`));
        else whyNotOpened(url, signal).then(reject, reject);
      });
    });
    if (signal.aborted) onAbort();
  });
}

const videoUrl = (camera: string) => apiUrl(`cameras/${encodeURIComponent(camera)}/video`);

/** A browser does not tell a page with which status its WebSocket was refused; the same address says it to a request. */
async function whyNotOpened(url: URL, signal: AbortSignal): Promise<unknown> {
  try {
    await request(url, { signal });
  } catch (error) {
    return error;
  }
  return new UnreachableError('the WebSocket did not open');
}

/** The API is there, but what lies between lets no WebSocket through. */
export const isBlocked = (error: unknown): boolean =>
  error instanceof ApiProblemError && error.problem.code === 'upgrade-required';
