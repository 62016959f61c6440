/** One clip → one variant of it, through FFmpeg in this process: decoded, filtered, encoded, written as MP4. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Decoder, Demuxer, Encoder, FilterAPI, Muxer } from 'node-av/api';
import { AV_LOG_ERROR, AV_LOG_FATAL, FF_ENCODER_LIBX264, FF_ENCODER_LIBX265 } from 'node-av/constants';
import { type Frame, Log, Rational } from 'node-av/lib';
import { type ClipFile, inspectClip, TICKS_PER_S } from '#demo/rtsp/clip-file.ts';
import type { VideoCodec } from '#demo/rtsp/nal-units.ts';

export type Job = { from: string; to: string; filter: string; codec: VideoCodec; keyframeS: number };

/** Writes `to` whole or not at all. */
export async function transcode(job: Job): Promise<void> {
  Log.setLevel(job.codec === 'h265' ? AV_LOG_FATAL : AV_LOG_ERROR);
  mkdirSync(dirname(job.to), { recursive: true });
  const unfinished = `${job.to}.${process.pid}.mp4`;
  try {
    await write({ ...job, to: unfinished });
    renameSync(unfinished, job.to);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

async function write(job: Job): Promise<void> {
  const clip = await inspectClip(job.from);
  const fps = Math.round(TICKS_PER_S / clip.frameTicks);
  using filter = FilterAPI.create(`${job.filter},format=yuv420p`, { threads: 1, framerate: { num: fps, den: 1 } });
  using encoder = await Encoder.create(job.codec === 'h264' ? FF_ENCODER_LIBX264 : FF_ENCODER_LIBX265, {
    context: { threadCount: 1, maxBFrames: 0 },
    options: encoderOptions(job, fps),
  });
  await using output = await Muxer.open(job.to);
  const index = output.addStream(encoder);
  for await (using packet of encoder.packets(filter.frames(pictures(clip, { fps, secondsMin: job.keyframeS })))) {
    await output.writePacket(packet, index);
  }
}

/** Cheap to encode, closed groups of pictures: a loop's end must not refer to its beginning. */
function encoderOptions({ codec, keyframeS }: Job, fps: number): Record<string, string> {
  const keyint = Math.round(keyframeS * fps);
  const shape = `keyint=${keyint}:min-keyint=${keyint}:scenecut=0:open-gop=0:bframes=0`;
  if (codec === 'h264') return { preset: 'superfast', crf: '28', 'x264-params': shape };
  return { preset: 'ultrafast', crf: '30', 'x265-params': `${shape}:pools=none:frame-threads=1:log-level=none` };
}

/** The clip's pictures in even steps; the whole clip, and again until `secondsMin` are full; at last null, which flushes. */
async function* pictures(
  { file }: ClipFile,
  { fps, secondsMin }: { fps: number; secondsMin: number },
): AsyncGenerator<Frame | null> {
  let number = 0n;
  do {
    await using input = await Demuxer.open(file);
    const stream = input.video();
    if (stream === undefined) throw new Error(`${file} has no video`);
    using decoder = await Decoder.create(stream, { context: { threadCount: 1 } });
    for await (const frame of decoder.frames(input.packets(stream.index))) {
      if (frame === null) continue;
      frame.pts = number;
      frame.duration = 1n;
      frame.timeBase = new Rational(1, fps);
      number += 1n;
      yield frame;
    }
  } while (Number(number) < secondsMin * fps);
  yield null;
}
