/** Packets of a ring → an MP4 in memory, from the keyframe before what is asked for, without encoding anything again. */
import { AV_CODEC_ID_H264, AV_CODEC_ID_HEVC } from 'node-av/constants';
import {
  avGetCodecName,
  CodecParameters,
  FFmpegError,
  FormatContext,
  IOContext,
  type Packet,
  Rational,
} from 'node-av/lib';
import { TIMESCALE } from '#ingest/live/video/init-segment.ts';
import { createMediaClock, type Placed } from '#ingest/live/video/media-clock.ts';
import { collectSets, splitUnits, type VideoCodec } from '#ingest/live/video/nal-units.ts';
import { FaultError } from '#models/schema/fault.ts';
import { createMemoryFile } from './memory-file.ts';
import type { Recording, RingPacket } from './ring.ts';

/** When a picture is shown in the clip, from its first one on, and when the camera saw it. */
export type ShownAt = { shownS: number; capturedAtMs: number };

export type Cut = { mp4: Buffer; codec: string; fromMs: number; toMs: number; shown: ShownAt[] };

type Span = { fromMs: number; toMs: number; atMs: number };

/** Clones, which stay whatever the ring forgets meanwhile; frees them when disposed. */
export type Taken = Disposable & { parameters: CodecParameters; packets: readonly RingPacket[] };

/**
 * The connection that was there at `atMs`, else the last one before: a camera that was cut off is shown up to its last
 * picture. Throws FaultError `evidence-forgotten` or `evidence-silent`.
 */
export function takePackets(recordings: readonly Recording[], { fromMs, toMs, atMs }: Span): Taken {
  const begun = recordings.filter(({ packets }) => (packets[0]?.capturedAtMs ?? Number.POSITIVE_INFINITY) <= toMs);
  const recording = begun.findLast(({ packets }) => packets[0]!.capturedAtMs <= atMs) ?? begun.at(-1);
  if (recording === undefined) {
    const hasAny = recordings.some(({ packets }) => packets.length > 0);
    const said = hasAny ? 'the memory begins after what was asked for' : 'no picture came';
    throw new FaultError(hasAny ? 'evidence-forgotten' : 'evidence-silent', said);
  }
  const { packets } = recording;
  // Where it was lost before the time asked for, as many seconds as were wanted end with its last picture.
  const lastMs = packets.at(-1)!.capturedAtMs;
  const beginMs = lastMs < fromMs ? lastMs - (atMs - fromMs) : fromMs;
  const start = packets.findLastIndex(({ isKey, capturedAtMs }) => isKey && capturedAtMs <= beginMs);
  const wanted = packets.slice(Math.max(0, start)).filter(({ capturedAtMs }) => capturedAtMs <= toMs);
  if (wanted.length === 0) throw new FaultError('evidence-silent', 'no picture came at that time');
  const parameters = new CodecParameters();
  parameters.alloc();
  recording.parameters.copy(parameters);
  const clones = wanted.flatMap((entry) => {
    const packet = entry.packet.clone();
    return packet === null ? [] : [{ ...entry, packet }];
  });
  return {
    parameters,
    packets: clones,
    [Symbol.dispose]() {
      for (const { packet } of clones) packet.free();
      parameters.free();
    },
  };
}

/** Throws FaultError `evidence-not-cut` where libav cannot write such a stream as MP4. */
export async function cutClip(taken: Taken): Promise<Cut> {
  const { parameters, packets } = taken;
  const codec = avGetCodecName(parameters.codecId) ?? 'unknown';
  const placed = placeAll(packets);
  try {
    const mp4 = await writeMp4(taken, placed);
    return { mp4, codec, ...timesOf(packets, placed) };
  } catch (cause) {
    throw new FaultError(
      'evidence-not-cut',
      `a stream of ${codec} cannot be written as MP4: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}

/** libav has no decoding times, or wrong ones, over RTSP: those of the live video are used (`media-clock.ts`). */
function placeAll(packets: readonly RingPacket[]): Placed[] {
  const clock = createMediaClock();
  return packets.map(({ ptsS }) => clock.place(ptsS));
}

function timesOf(packets: readonly RingPacket[], placed: readonly Placed[]): Omit<Cut, 'mp4' | 'codec'> {
  const shownAt = placed.map(({ decodeAt, showAfter }) => decodeAt + showAfter);
  const first = shownAt.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const shown = packets
    .map(({ capturedAtMs }, index) => ({ shownS: (shownAt[index]! - first) / TIMESCALE, capturedAtMs }))
    .sort((a, b) => a.shownS - b.shownS);
  return { shown, fromMs: shown[0]!.capturedAtMs, toMs: shown.at(-1)!.capturedAtMs };
}

const CODECS = new Map<number, VideoCodec>([
  [AV_CODEC_ID_H264, 'h264'],
  [AV_CODEC_ID_HEVC, 'hevc'],
]);

/** A stream whose description names no parameter sets has them in its keyframes. */
function describe(parameters: CodecParameters, first: Packet): void {
  const codec = CODECS.get(parameters.codecId);
  if (codec === undefined || parameters.extradataSize > 0 || first.data === null) return;
  const { vps, sps, pps } = collectSets(codec, splitUnits(first.data, { lengthBytes: 0 }));
  const startCode = Buffer.from([0, 0, 0, 1]);
  parameters.extradata = Buffer.concat([...vps, ...sps, ...pps].flatMap((unit) => [startCode, unit]));
}

async function writeMp4({ parameters, packets }: Taken, placed: readonly Placed[]): Promise<Buffer> {
  const file = createMemoryFile();
  const io = new IOContext();
  io.allocContextWithCallbacks(64 * 1024, 1, null, file.write, file.seek);
  const output = new FormatContext();
  try {
    FFmpegError.throwIfError(output.allocOutputContext2(null, 'mp4', null), 'an MP4');
    output.pb = io;
    const stream = output.newStream(null);
    describe(parameters, packets[0]!.packet);
    FFmpegError.throwIfError(parameters.copy(stream.codecpar), 'the stream’s description');
    stream.codecpar.codecTag = 0;
    stream.timeBase = new Rational(1, TIMESCALE);
    FFmpegError.throwIfError(await output.writeHeader(null), 'the head');
    const { num, den } = stream.timeBase;
    // The clock lets pictures of a live stream be decoded late; a file must not.
    const lateBy = placed.reduce((most, { showAfter }) => Math.max(most, -showAfter), 0);
    const ticks = (at: number) => BigInt(Math.round((at * den) / (num * TIMESCALE)));
    for (const [index, { packet }] of packets.entries()) {
      const { decodeAt, showAfter } = placed[index]!;
      const next = placed[index + 1] ?? placed[index - 1];
      packet.streamIndex = 0;
      packet.dts = ticks(decodeAt);
      packet.pts = ticks(decodeAt + showAfter + lateBy);
      packet.duration = ticks(next === undefined ? TIMESCALE / 25 : Math.abs(next.decodeAt - decodeAt));
      FFmpegError.throwIfError(await output.writeFrame(packet), 'a picture');
    }
    FFmpegError.throwIfError(await output.writeTrailer(), 'the index');
    return file.contents();
  } finally {
    output.pb = null;
    output.freeContext();
    io.freeContext();
  }
}
