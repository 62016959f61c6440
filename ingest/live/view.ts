/** What people see of one camera: pictures are encoded while somebody watches, and never touch the disk. */
import type { Logger } from '#system/logs.ts';
import type { Frame, Sight } from '../sight.ts';
import { createJpegEncoder, type JpegEncoder } from './jpeg.ts';

export type Picture = { jpeg: Buffer; capturedAtMs: number };

/**
 * **Unwatched**: frames pass, nothing is kept. **Watched** (somebody takes pictures, or was invited moments ago): each
 * frame that comes while the encoder is free is encoded beside the pipeline; others are not shown. A viewer gets the
 * newest picture when it is ready for one; those in between are dropped for it.
 */
export type View = Disposable & {
  isWatched: () => boolean;
  viewers: () => number;
  /** Somebody was told where to look: the gate opens already. */
  invite: (forMs: number) => void;
  /** The stage: hands on every sight as it is. */
  show: (sights: AsyncIterable<Sight>) => AsyncIterable<Sight>;
  /** Ends when the signal aborts or the camera leaves this worker. */
  pictures: (options: { signal: AbortSignal }) => AsyncIterable<Picture>;
};

export function createView(options: { camera: string; logger: Logger; onPicture?: () => void }): View {
  const closing = new AbortController();
  let viewers = 0;
  let invitedUntilMs = Number.NEGATIVE_INFINITY;
  let encoder: JpegEncoder | undefined;
  let isEncoding = false;
  let latest: Picture | undefined;
  let arrival = Promise.withResolvers<void>();

  const isWatched = () => viewers > 0 || performance.now() < invitedUntilMs;
  /** Wakes all who wait, for a picture or for the end. */
  const announce = () => {
    arrival.resolve();
    arrival = Promise.withResolvers();
  };
  const close = () => {
    if (isEncoding) return;
    encoder?.[Symbol.dispose]();
    encoder = undefined;
    latest = undefined;
  };

  async function encode(frame: Frame): Promise<void> {
    const copy = frame.av.clone();
    if (copy === null) return;
    isEncoding = true;
    try {
      encoder ??= createJpegEncoder();
      latest = { jpeg: await encoder.encode(copy), capturedAtMs: Math.round(frame.capturedAtMs) };
      options.onPicture?.();
      announce();
    } catch (error) {
      options.logger.warn({ camera: options.camera, error: (error as Error).message }, 'live picture failed');
    } finally {
      copy.free();
      isEncoding = false;
      if (!isWatched() || closing.signal.aborted) close();
    }
  }

  async function* show(sights: AsyncIterable<Sight>): AsyncGenerator<Sight> {
    for await (const sight of sights) {
      if (sight.type === 'frame' && isWatched()) {
        if (!isEncoding) void encode(sight.frame);
      } else if (encoder !== undefined && !isWatched()) {
        close();
      }
      yield sight;
    }
  }

  async function* pictures({ signal }: { signal: AbortSignal }): AsyncGenerator<Picture> {
    const until = AbortSignal.any([signal, closing.signal]);
    until.addEventListener('abort', announce, { once: true });
    let shown: Picture | undefined;
    viewers++;
    try {
      while (!until.aborted) {
        if (latest === undefined || latest === shown) await arrival.promise;
        if (until.aborted || latest === undefined || latest === shown) continue;
        shown = latest;
        yield shown;
      }
    } finally {
      until.removeEventListener('abort', announce);
      viewers--;
      if (!isWatched()) close();
    }
  }

  return {
    isWatched,
    viewers: () => viewers,
    invite(forMs) {
      invitedUntilMs = performance.now() + forMs;
    },
    show,
    pictures,
    [Symbol.dispose]() {
      closing.abort();
      close();
    },
  };
}
