/** Writes an MP4 (H.264) of pictures with their detections drawn, each shown when the source showed it. */
import { Encoder, Muxer } from 'node-av/api';
import { AV_PIX_FMT_RGB24, AV_PIX_FMT_YUV420P, FF_ENCODER_LIBX264 } from 'node-av/constants';
import { type Frame as AvFrame, Rational } from 'node-av/lib';
import { drawDetections } from '#models/detectors/draw.ts';
import type { Detection } from '#models/schema/detection.ts';
import { FaultError } from '#models/schema/fault.ts';
import { type Conversion, createConversion } from './conversion.ts';

export type AnnotatedVideo = AsyncDisposable & {
  /** `t` in seconds; a picture that does not come later than the one before is left out. */
  write: (picture: AvFrame, shown: { t: number; detections: readonly Detection[] }) => Promise<void>;
};

/** MPEG's own clock, which every frame rate divides well. */
const TICKS_PER_S = 90_000;

/** Throws FaultError `invalid-value` where the file cannot be written. */
export async function openAnnotatedVideo(path: string): Promise<AnnotatedVideo> {
  await using stack = new AsyncDisposableStack();
  const muxer = stack.use(await openMuxer(path));
  const encoder = stack.use(
    await Encoder.create(FF_ENCODER_LIBX264, { threadCount: 1, options: { preset: 'veryfast', crf: 21 } }),
  );
  const stream = muxer.addStream(encoder);
  const owned = stack.move();
  let canvases: { rgb: Conversion; yuv: Conversion } | undefined;
  let lastTick = -1n;
  let duration = BigInt(TICKS_PER_S / 25);

  async function drain(picture: AvFrame | null): Promise<void> {
    for (using packet of await encoder.encodeAll(picture)) await muxer.writePacket(packet, stream);
  }

  return {
    async write(picture, { t, detections }) {
      const tick = BigInt(Math.round(t * TICKS_PER_S));
      if (tick <= lastTick) return;
      if (lastTick >= 0n) duration = tick - lastTick;
      lastTick = tick;
      // The first picture decides the size; H.264 in 4:2:0 wants it even.
      const size = { width: picture.width & ~1, height: picture.height & ~1 };
      canvases ??= {
        rgb: owned.use(createConversion({ ...size, format: AV_PIX_FMT_RGB24 })),
        yuv: owned.use(createConversion({ ...size, format: AV_PIX_FMT_YUV420P })),
      };
      const drawn = canvases.rgb.convert(picture);
      const [data] = drawn.data ?? [];
      const [stride] = drawn.linesize;
      if (data === undefined || stride === undefined) throw new Error('a converted picture has no data');
      drawDetections({ data, width: drawn.width, height: drawn.height, stride }, detections);
      const encoded = canvases.yuv.convert(drawn);
      encoded.timeBase = new Rational(1, TICKS_PER_S);
      encoded.pts = tick;
      // Of the last picture it is all that says how long it is shown: as long as the one before.
      encoded.duration = duration;
      await drain(encoded);
    },
    async [Symbol.asyncDispose]() {
      await using _closing = owned;
      if (lastTick >= 0n) await drain(null);
    },
  };
}

async function openMuxer(path: string): Promise<Muxer> {
  try {
    return await Muxer.open(path, { format: 'mp4', options: { movflags: 'faststart' } });
  } catch (error) {
    throw new FaultError('invalid-value', `${path} cannot be written`, {
      cause: error,
      about: { path },
      cure: 'Name a file in a folder that may be written.',
    });
  }
}
