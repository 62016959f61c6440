/** The newest small picture of one camera, for the wall of health: in memory only, and gone after a day. */
import { headers, type NatsConnection } from '@nats-io/nats-core';
import { CAPTURED_AT_HEADER, CONTROL } from '#models/wire/subjects.ts';
import type { Logger } from '#system/logs.ts';
import type { Frame, Sight } from '../sight.ts';
import { createJpegEncoder } from './jpeg.ts';
import type { Picture } from './view.ts';

export type Thumbnail = {
  /** The stage: hands on every sight as it is, and looks at a frame now and then. */
  keep: (sights: AsyncIterable<Sight>) => AsyncIterable<Sight>;
  latest: () => Picture | undefined;
};

const WIDTH_MAX = 320;
const EVERY_MS = 15_000;
const AGE_MAX_MS = 24 * 3_600_000;

/** About 3 ms of a core every 15 s; the encoder is not kept, since a worker may have hundreds of cameras. */
export function createThumbnail({ camera, logger }: { camera: string; logger: Logger }): Thumbnail {
  let latest: Picture | undefined;
  let nextMs = Number.NEGATIVE_INFINITY;
  let isEncoding = false;

  async function encode(frame: Frame): Promise<void> {
    const copy = frame.av.clone();
    if (copy === null) return;
    isEncoding = true;
    try {
      using encoder = createJpegEncoder({ widthMax: WIDTH_MAX });
      latest = { jpeg: await encoder.encode(copy), capturedAtMs: Math.round(frame.capturedAtMs) };
    } catch (error) {
      logger.debug({ camera, error: (error as Error).message }, 'thumbnail failed');
    } finally {
      copy.free();
      isEncoding = false;
    }
  }

  return {
    async *keep(sights) {
      for await (const sight of sights) {
        if (sight.type === 'frame' && !isEncoding && performance.now() >= nextMs) {
          nextMs = performance.now() + EVERY_MS;
          void encode(sight.frame);
        }
        yield sight;
      }
    },
    latest: () => (latest !== undefined && Date.now() - latest.capturedAtMs < AGE_MAX_MS ? latest : undefined),
  };
}

/** Answers with the picture itself, or with nothing where there is none. */
export function answerThumbnail(connection: NatsConnection, camera: string, thumbnail: Thumbnail): Disposable {
  const subscription = connection.subscribe(CONTROL.thumbnail(camera), {
    callback: (_error, message) => {
      const picture = thumbnail.latest();
      const about = headers();
      if (picture !== undefined) about.set(CAPTURED_AT_HEADER, String(picture.capturedAtMs));
      message.respond(picture?.jpeg, { headers: about });
    },
  });
  return { [Symbol.dispose]: () => subscription.unsubscribe() };
}
