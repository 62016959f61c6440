/** A clip → the same without what must not be seen, and its stills: decoded, blurred and encoded again, once. */
import { Demuxer } from 'node-av/api';
import { AV_PIX_FMT_YUV420P } from 'node-av/constants';
import type { Frame as AvFrame, Packet } from 'node-av/lib';
import { type Decoder, openDecoder } from '#ingest/decode/decoder.ts';
import { type Conversion, createConversion } from '#ingest/detect/conversion.ts';
import { createJpegEncoder } from '#ingest/live/jpeg.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Bundle } from '#models/wire/evidence.ts';
import type { Cover } from '../cover.ts';
import { type ClipWriter, openClipWriter } from './encode.ts';
import type { BlurAnswer, BlurOrder } from './order.ts';
import { coverPicture, framePicture, planesOf } from './picture.ts';

/** Wider pictures are made smaller: an 8-megapixel clip would take a core for minutes. */
const WIDTH_MAX = 1920;

/** Throws FaultError `evidence-not-cut` where nothing of it decodes. */
export async function renderClip(order: BlurOrder, clip: Buffer): Promise<Bundle<BlurAnswer>> {
  await using demuxer = await Demuxer.open(clip, { format: 'mp4' });
  const stream = demuxer.video();
  if (stream === undefined) throw new FaultError('evidence-not-cut', 'the clip has no video');
  await using decoder = await openDecoder(stream, 'the clip', order.masks);
  const fps = (order.shown.length - 1) / Math.max(0.04, order.shown.at(-1)?.shownS ?? 0);
  await using blurred = await openClipWriter({ fps });
  // Masks must be gone from the unblurred clip too, so the camera's own packets cannot serve.
  await using blanked = order.masks.length > 0 ? await openClipWriter({ fps }) : undefined;
  using session = createSession(order, blurred, blanked);
  const scale = stream.timeBase.num / stream.timeBase.den;
  await decodeAll(demuxer.packets(stream.index), decoder, async (picture) => {
    await session.take(picture, Number(picture.bestEffortTimestamp) * scale);
  });
  const { stills, answer } = session;
  if (stills === undefined) throw new FaultError('evidence-not-cut', 'no picture of the clip can be decoded');
  const parts = { clip: await blurred.finish(), ...stills };
  if (blanked === undefined) return { about: answer, parts };
  return { about: answer, parts: { ...parts, unblurredClip: await blanked.finish() } };
}

async function decodeAll(
  packets: AsyncIterable<Packet | null>,
  decoder: Decoder,
  onPicture: (picture: AvFrame) => Promise<void>,
): Promise<void> {
  const pass = async (packet: Packet | null) => {
    const pictures: AvFrame[] = [];
    await decoder.decode(packet, (picture) => pictures.push(picture) > 0);
    for (const picture of pictures) {
      try {
        await onPicture(picture);
      } finally {
        picture.free();
      }
    }
  };
  for await (using packet of packets) if (packet !== null) await pass(packet);
  await pass(null);
}

type Stills = { still: Buffer; unblurredStill: Buffer };

function createSession(order: BlurOrder, blurred: ClipWriter, blanked: ClipWriter | undefined) {
  const answer: BlurAnswer = { stillAtMs: 0, pictures: 0, blurredWhole: 0 };
  const cover = { parts: order.parts, whole: order.whole } as Cover;
  const boxes = order.boxes as Cover['parts'][number]['box'][];
  const jpeg = createJpegEncoder({ widthMax: WIDTH_MAX });
  let conversion: Conversion | undefined;
  const targetMs = nearest(order.shown, order.atMs);
  let firstS: number | undefined;
  let stillsMade = 0n;
  let stills: Stills | undefined;

  async function makeStill(planes: AvFrame): Promise<Buffer> {
    const copy = planes.clone();
    if (copy === null) throw new Error('no memory for a picture');
    try {
      copy.makeWritable();
      // The encoder wants them to grow, and several stills may be of one picture.
      copy.pts = stillsMade++;
      framePicture(planesOf(copy), boxes);
      return await jpeg.encode(copy);
    } finally {
      copy.free();
    }
  }

  return {
    answer,
    get stills() {
      return stills;
    },
    async take(picture: AvFrame, atS: number): Promise<void> {
      firstS ??= atS;
      const shownS = atS - firstS;
      const capturedAtMs = capturedAt(order.shown, shownS);
      conversion ??= createConversion({ ...sizeOf(picture), format: AV_PIX_FMT_YUV420P });
      const canvas = conversion.convert(picture);
      canvas.makeWritable();
      if (blanked !== undefined) {
        await blanked.write(canvas, shownS);
        canvas.makeWritable();
      }
      // The first serves should the one that is wanted not decode.
      const isStill = stills === undefined || (answer.stillAtMs < targetMs && capturedAtMs >= targetMs);
      const unblurredStill = isStill ? await makeStill(canvas) : undefined;
      const planes = planesOf(canvas);
      if (coverPicture(planes, cover, capturedAtMs) === 'whole') answer.blurredWhole++;
      answer.pictures++;
      if (unblurredStill !== undefined) {
        stills = { unblurredStill, still: await makeStill(canvas) };
        answer.stillAtMs = capturedAtMs;
      }
      await blurred.write(canvas, shownS);
    },
    [Symbol.dispose]() {
      conversion?.[Symbol.dispose]();
      jpeg[Symbol.dispose]();
    },
  };
}

/** 4:2:0 wants even sides. */
function sizeOf({ width, height }: AvFrame): { width: number; height: number } {
  const scale = Math.min(1, WIDTH_MAX / width);
  const even = (side: number) => Math.max(2, Math.floor((side * scale) / 2) * 2);
  return { width: even(width), height: even(height) };
}

/** By the list of the clip's pictures, in the order in which they are shown. */
function capturedAt(shown: BlurOrder['shown'], shownS: number): number {
  let [low, high] = [0, shown.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (shown[middle]!.shownS < shownS - 0.001) low = middle + 1;
    else high = middle;
  }
  return shown[low]?.capturedAtMs ?? 0;
}

function nearest(shown: BlurOrder['shown'], atMs: number): number {
  const far = (capturedAtMs: number) => Math.abs(capturedAtMs - atMs);
  return shown.reduce(
    (best, { capturedAtMs }) => (far(capturedAtMs) < far(best) ? capturedAtMs : best),
    shown[0]?.capturedAtMs ?? atMs,
  );
}
