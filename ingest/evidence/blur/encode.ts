/** Pictures → H.264 in an MP4 in memory, which every browser plays. */
import { Encoder, Muxer } from 'node-av/api';
import { FF_ENCODER_LIBX264 } from 'node-av/constants';
import { type Frame as AvFrame, Rational } from 'node-av/lib';
import { createMemoryFile } from '../memory-file.ts';

export type ClipWriter = AsyncDisposable & {
  /** `shownS`: later than the one before, or it is left out. */
  write: (picture: AvFrame, shownS: number) => Promise<void>;
  /** The whole file; nothing can be written afterwards. */
  finish: () => Promise<Buffer>;
};

const TICKS_PER_S = 90_000;

/** `fps`: about how many pictures a second come; players are told by it what the clip asks of them. */
export async function openClipWriter({ fps }: { fps: number }): Promise<ClipWriter> {
  const file = createMemoryFile();
  await using stack = new AsyncDisposableStack();
  const muxer = stack.use(await Muxer.open({ write: file.write, seek: file.seek }, { format: 'mp4' }));
  const encoder = stack.use(
    await Encoder.create(FF_ENCODER_LIBX264, {
      threadCount: 1,
      options: { preset: 'veryfast', crf: 22 },
      // libav would take the ticks for pictures, and x264 call for the highest level there is.
      configure: (context) => {
        context.framerate = new Rational(Math.max(1, Math.round(fps)), 1);
      },
    }),
  );
  const stream = muxer.addStream(encoder);
  const owned = stack.move();
  let lastTick = -1n;
  let duration = BigInt(TICKS_PER_S / 25);

  async function drain(picture: AvFrame | null): Promise<void> {
    for (using packet of await encoder.encodeAll(picture)) await muxer.writePacket(packet, stream);
  }

  return {
    async write(picture, shownS) {
      const tick = BigInt(Math.round(shownS * TICKS_PER_S));
      if (tick <= lastTick) return;
      if (lastTick >= 0n) duration = tick - lastTick;
      lastTick = tick;
      picture.timeBase = new Rational(1, TICKS_PER_S);
      picture.pts = tick;
      picture.duration = duration;
      await drain(picture);
    },
    async finish() {
      if (lastTick >= 0n) await drain(null);
      await owned.disposeAsync();
      return file.contents();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
