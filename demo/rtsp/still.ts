/** One picture of a clip as JPEG: what a camera answers when it is asked for a snapshot. */
import { Decoder, Demuxer, Encoder, FilterAPI } from 'node-av/api';
import { AV_CODEC_FLAG_QSCALE, AVSEEK_FLAG_BACKWARD, FF_ENCODER_MJPEG, FF_QP2LAMBDA } from 'node-av/constants';
import type { Frame } from 'node-av/lib';

/** 2 is best, 31 worst. */
const QUALITY = 5;

/** The keyframe at or before `atS`. */
export async function stillOf(file: string, atS: number): Promise<Buffer> {
  await using input = await Demuxer.open(file);
  const stream = input.video();
  if (stream === undefined) throw new Error(`${file} has no video`);
  if (atS > 0) await input.seek(atS, stream.index, AVSEEK_FLAG_BACKWARD);
  using decoder = await Decoder.create(stream, { context: { threadCount: 1 } });
  for await (using frame of decoder.frames(input.packets(stream.index))) {
    if (frame !== null) return await jpegOf(frame);
  }
  throw new Error(`${file} has no picture at ${atS} s`);
}

async function jpegOf(frame: Frame): Promise<Buffer> {
  using filter = FilterAPI.create('scale=out_range=full,format=yuvj420p', { threads: 1 });
  using encoder = await Encoder.create(FF_ENCODER_MJPEG, {
    context: { threadCount: 1, globalQuality: QUALITY * FF_QP2LAMBDA },
  });
  encoder.setCodecFlags(AV_CODEC_FLAG_QSCALE);
  async function* once() {
    yield frame;
    yield null;
  }
  for await (using packet of encoder.packets(filter.frames(once()))) {
    if (packet?.data) return Buffer.from(packet.data);
  }
  throw new Error('no picture came out of the JPEG encoder');
}
