/** Feeds a `<video>` with fragments through a MediaSource: in order, one at a time, with old ones taken out. */

/** Seconds that stay behind the picture shown: nobody goes back in a live video. */
const KEPT_BEHIND_S = 4;
const TRIM_EVERY_S = 8;
/** What waits while the browser is busy; more means that it does not keep up at all. */
const WAITING_MAX = 600;

type Source = typeof MediaSource;

/** Safari on phones has the managed kind only. */
const source = (): Source | undefined =>
  globalThis.MediaSource ?? (globalThis as { ManagedMediaSource?: Source }).ManagedMediaSource;

/** Whether this browser says that it plays such a stream. */
export const canPlay = (mime: string): boolean => source()?.isTypeSupported(mime) === true;

export type MediaFeed = Disposable & {
  /** A new init segment: the first, or another format from here on. */
  begin: (mime: string, init: Uint8Array<ArrayBuffer>) => void;
  add: (data: Uint8Array<ArrayBuffer>) => void;
};

/** `onFault`: the browser refuses what it is given, or its decoder failed; the feed is of no use any more. */
export function openMediaFeed(video: HTMLVideoElement, onFault: (error: Error) => void): MediaFeed {
  const Source = source();
  if (Source === undefined) throw new Error('this browser has no MediaSource');
  const media = new Source();
  const address = URL.createObjectURL(media);
  const waiting: { mime?: string; data: Uint8Array<ArrayBuffer> }[] = [];
  let buffer: SourceBuffer | undefined;
  let trimmedAtS = 0;
  let isOver = false;

  function fail(error: unknown): void {
    if (isOver) return;
    isOver = true;
    onFault(error instanceof Error ? error : new Error(String(error)));
  }

  function trim(open: SourceBuffer): boolean {
    const endS = video.currentTime - KEPT_BEHIND_S;
    const startS = open.buffered.length === 0 ? Number.POSITIVE_INFINITY : open.buffered.start(0);
    if (endS <= startS || Math.abs(video.currentTime - trimmedAtS) < TRIM_EVERY_S) return false;
    trimmedAtS = video.currentTime;
    open.remove(startS, endS);
    return true;
  }

  function append({ mime, data }: (typeof waiting)[number]): void {
    if (mime !== undefined && buffer === undefined) {
      buffer = media.addSourceBuffer(mime);
      buffer.mode = 'segments';
      buffer.addEventListener('updateend', pump);
      buffer.addEventListener('error', () => fail(video.error?.message ?? 'the browser refused the video'));
    } else if (mime !== undefined) {
      buffer?.changeType(mime);
    }
    buffer?.appendBuffer(data);
  }

  function pump(): void {
    if (isOver || media.readyState !== 'open' || buffer?.updating === true) return;
    try {
      if (buffer !== undefined && trim(buffer)) return;
      const next = waiting.shift();
      if (next !== undefined) append(next);
    } catch (error) {
      fail(error);
    }
  }

  function queue(next: (typeof waiting)[number]): void {
    waiting.push(next);
    if (waiting.length > WAITING_MAX) fail('the browser does not keep up with the video');
    else pump();
  }

  const onVideoError = () => fail(video.error?.message ?? 'the video cannot be decoded');
  video.addEventListener('error', onVideoError);
  media.addEventListener('sourceopen', pump);
  video.disableRemotePlayback = true;
  video.src = address;
  return {
    begin: (mime, data) => queue({ mime, data }),
    add: (data) => queue({ data }),
    [Symbol.dispose]() {
      isOver = true;
      video.removeEventListener('error', onVideoError);
      URL.revokeObjectURL(address);
      video.removeAttribute('src');
      video.load();
    },
  };
}
