/** Packets in, pictures out: one libav decoder with one thread (the default of many doubles the CPU). */
import {
  AV_OPT_TYPE_INT,
  AVDISCARD_DEFAULT,
  AVDISCARD_NONREF,
  type AVDiscard,
  AVERROR_EOF,
  AVERROR_EXIT,
} from 'node-av/constants';
import { type Frame as AvFrame, Codec, CodecContext, Frame, type Packet, type Stream } from 'node-av/lib';
import { FaultError } from '#models/schema/fault.ts';
import type { PictureRings } from '#models/schema/mask.ts';
import { createBlanker } from './blank.ts';

/** Says whether it keeps the picture; then it owns it. */
export type TakePicture = (picture: AvFrame) => boolean;

export type Decoder = AsyncDisposable & {
  codec: string;
  /** Decodes one packet on a thread of libuv; null drains what the decoder holds back. Returns pictures that came. */
  decode: (packet: Packet | null, take: TakePicture) => Promise<number>;
  /** While true, pictures that no other refers to are not decoded. */
  skipUnreferenced: (isSkipping: boolean) => void;
  /** Forgets everything: the next packet should be a keyframe. */
  reset: () => void;
  /** Packets that would not decode and pictures with errors in them, since the last call. */
  takeFailed: () => number;
  /** Milliseconds that decoding took, by the clock, since the last call. */
  takeWorkedMs: () => number;
};

/** Pictures come out with the masks blanked: nothing behind the decoder has seen what they cover. Throws FaultError `camera-codec`. */
export async function openDecoder(stream: Stream, name: string, masks: PictureRings = []): Promise<Decoder> {
  const { codecpar } = stream;
  const codec = Codec.findDecoder(codecpar.codecId);
  if (codec === null) {
    throw new FaultError('camera-codec', `${name} brings a codec that cannot be decoded (id ${codecpar.codecId})`);
  }
  const context = new CodecContext();
  context.allocContext3(codec);
  context.parametersToContext(codecpar);
  context.threadCount = 1;
  context.pktTimebase = stream.timeBase;
  const opened = await context.open2(codec);
  if (opened < 0) {
    context.freeContext();
    throw new FaultError('camera-codec', `${name} brings ${codec.name ?? 'a codec'} of a kind that cannot be decoded`);
  }
  return decoderOf(context, codec.name ?? 'unknown', masks);
}

function decoderOf(context: CodecContext, codec: string, masks: PictureRings): Decoder {
  const blanker = masks.length === 0 ? undefined : createBlanker(masks);
  let spare: AvFrame | undefined;
  let discard: AVDiscard = AVDISCARD_DEFAULT;
  let failed = 0;
  let workedMs = 0;
  let decoding: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  function receive(take: TakePicture): number {
    let pictures = 0;
    for (;;) {
      spare ??= allocatedFrame();
      const code = context.receiveFrameSync(spare);
      // EAGAIN: it wants the next packet. A picture that fails is told by sendPacket already.
      if (code < 0) return pictures;
      pictures++;
      if (spare.decodeErrorFlags !== 0) failed++;
      hand(spare, take);
    }
  }

  function hand(picture: AvFrame, take: TakePicture): void {
    if (blanker !== undefined) {
      const blanked = blanker.blank(picture);
      picture.unref();
      if (!take(blanked)) blanked.free();
    } else if (take(picture)) spare = undefined;
    else picture.unref();
  }

  return {
    codec,
    async decode(packet, take) {
      if (isClosed) return 0;
      // libav decodes in sendPacket where one thread is used: what follows only fetches, and needs no other thread.
      const beganMs = performance.now();
      const sending = context.sendPacket(packet);
      decoding = sending;
      const code = await sending;
      workedMs += performance.now() - beganMs;
      if (isClosed) return 0;
      if (code < 0 && code !== AVERROR_EOF && code !== AVERROR_EXIT) failed++;
      return receive(take);
    },
    skipUnreferenced(isSkipping) {
      const wanted = isSkipping ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
      if (wanted === discard) return;
      discard = wanted;
      context.setOption('skip_frame', wanted, AV_OPT_TYPE_INT);
    },
    reset: () => context.flushBuffers(),
    takeFailed() {
      const taken = failed;
      failed = 0;
      return taken;
    },
    takeWorkedMs() {
      const taken = workedMs;
      workedMs = 0;
      return taken;
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await decoding.catch(() => {});
      spare?.free();
      blanker?.[Symbol.dispose]();
      context.freeContext();
    },
  };
}

function allocatedFrame(): AvFrame {
  const frame = new Frame();
  frame.alloc();
  return frame;
}
