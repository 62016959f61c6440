/** A video file as a source of access units: opened, judged and read once through, with times in ticks of 90 kHz. */
import { existsSync, statSync } from 'node:fs';
import {
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_NOPTS_VALUE,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants';
import { FormatContext, Packet, type Stream } from 'node-av/lib';
import { FaultError } from '#models/schema/fault.ts';
import {
  type Framing,
  isDispensable,
  isSequenceParameterSet,
  readParameterSets,
  splitNalUnits,
  type VideoCodec,
} from './nal-units.ts';
import { packetise } from './packetise.ts';

export const TICKS_PER_S = 90_000;

/** What a file holds, as far as RTSP has to say it. */
export type ClipFile = {
  file: string;
  /** Changes when the file does. */
  version: string;
  codec: VideoCodec;
  width: number;
  height: number;
  framing: Framing;
  parameterSets: Buffer[];
  /** Of one picture, where the file itself does not say how long it lasts. */
  frameTicks: number;
  /** By how much pictures are decoded before they are shown (B-frames). */
  reorderTicks: number;
};

/** One picture. Ticks count from the clip's first picture; `decodeTicks` may be negative (B-frames). */
export type AccessUnit = {
  presentTicks: number;
  decodeTicks: number;
  durationTicks: number;
  isKeyframe: boolean;
  /** For RTP packets; a keyframe's begin with the parameter sets. */
  payloads: readonly Buffer[];
  bytes: number;
};

/** Opens the file, says in words what is wrong with it, and reads its parameter sets. */
export async function inspectClip(file: string): Promise<ClipFile> {
  await using input = await openInput(file, { isProbed: true });
  const { stream, codec } = input;
  const { codecpar } = stream;
  const extradata = codecpar.extradata;
  const found = extradata === null ? null : readParameterSets(codec, extradata);
  if (found === null || found.sets.length === 0) {
    throw new FaultError('file-unreadable', `${file} has no parameter sets (SPS, PPS) outside of its pictures`);
  }
  await refuseUntimed(input, file);
  const rate = stream.avgFrameRate.num > 0 ? stream.avgFrameRate : stream.rFrameRate;
  const frameTicks = rate.num > 0 ? Math.round((TICKS_PER_S * rate.den) / rate.num) : TICKS_PER_S / 25;
  const { mtimeMs, size } = statSync(file);
  return {
    file,
    version: `${mtimeMs} ${size}`,
    codec,
    width: codecpar.width,
    height: codecpar.height,
    framing: found.framing,
    parameterSets: found.sets,
    frameTicks,
    reorderTicks: codecpar.videoDelay * frameTicks,
  };
}

/** Bare Annex B files have no times: picture after picture is right without B-frames, and wrong with them. */
async function refuseUntimed({ context, stream }: Input, file: string): Promise<void> {
  if (stream.codecpar.videoDelay === 0) return;
  using packet = new Packet();
  packet.alloc();
  while (context.readFrameSync(packet) >= 0) {
    const isTimed = packet.pts !== AV_NOPTS_VALUE;
    const isVideo = packet.streamIndex === stream.index;
    packet.unref();
    if (isVideo && isTimed) return;
    if (!isVideo) continue;
    throw new FaultError('file-unreadable', `${file} has B-frames and no times, so their order cannot be known`, {
      about: { file },
      cure: 'Put it into a container that has times: ffmpeg -i in.h264 -c copy out.mp4.',
    });
  }
}

/** Reads the clip once, from the keyframe at or before `startAtS`. Ends, without an error, where a cut file ends. */
export async function* readClip(clip: ClipFile, { startAtS = 0 } = {}): AsyncGenerator<AccessUnit> {
  await using input = await openInput(clip.file, { isProbed: false });
  const { context, stream } = input;
  const { num, den } = stream.timeBase;
  const ticksOf = (time: bigint) => (Number(time) * TICKS_PER_S * num) / den;
  const zeroTicks = stream.startTime === AV_NOPTS_VALUE ? 0 : ticksOf(stream.startTime);
  if (startAtS > 0) {
    const at = (startAtS * den) / num;
    await context.seekFrame(stream.index, BigInt(Math.round(at)), AVSEEK_FLAG_BACKWARD);
  }
  using packet = new Packet();
  packet.alloc();
  let isStarted = false;
  let untimed = 0;
  // Waiting on a thread for each picture would cost more than the reading of a local file.
  while (context.readFrameSync(packet) >= 0) {
    const data = packet.streamIndex === stream.index ? packet.data : null;
    const { pts, dts, duration, isKeyframe } = packet;
    packet.unref();
    isStarted ||= isKeyframe;
    if (data === null || !isStarted) continue;
    const nalUnits = splitNalUnits(data, clip.framing).filter((unit) => !isDispensable(clip.codec, unit));
    if (nalUnits.length === 0) continue;
    const hasTime = pts !== AV_NOPTS_VALUE;
    const presentTicks = hasTime ? ticksOf(pts) - zeroTicks : untimed;
    const decodeTicks = hasTime && dts !== AV_NOPTS_VALUE ? ticksOf(dts) - zeroTicks : presentTicks;
    const durationTicks = duration > 0n && hasTime ? ticksOf(duration) : clip.frameTicks;
    untimed += clip.frameTicks;
    const payloads = packetise(clip.codec, isKeyframe ? withParameterSets(nalUnits, clip) : nalUnits);
    const bytes = payloads.reduce((sum, payload) => sum + payload.length, 0);
    yield { presentTicks, decodeTicks, durationTicks, isKeyframe, payloads, bytes };
  }
}

/** Cameras send the parameter sets before each keyframe; most files hold them only once. */
function withParameterSets(nalUnits: Buffer[], { codec, parameterSets }: ClipFile): Buffer[] {
  const isThere = nalUnits.some((unit) => isSequenceParameterSet(codec, unit));
  return isThere ? nalUnits : [...parameterSets, ...nalUnits];
}

type Input = AsyncDisposable & { context: FormatContext; stream: Stream; codec: VideoCodec };

async function openInput(file: string, { isProbed }: { isProbed: boolean }): Promise<Input> {
  if (!existsSync(file)) throw new FaultError('file-missing', `There is no file ${file}`, { about: { file } });
  const context = new FormatContext();
  const opened = await context.openInput(file);
  if (opened < 0) throw new FaultError('file-unreadable', `FFmpeg cannot open ${file} (error ${opened})`);
  try {
    // Only MP4 tells times and codec in its header; everything else has to be looked into first.
    if (isProbed || !(context.iformat?.name ?? '').includes('mp4')) await context.findStreamInfo();
    const stream = context.streams[context.findBestStream(AVMEDIA_TYPE_VIDEO)];
    if (stream === undefined) throw new FaultError('camera-no-video', `${file} has no video`, { about: { file } });
    return { context, stream, codec: codecOf(stream, file), [Symbol.asyncDispose]: () => context.closeInput() };
  } catch (error) {
    await context.closeInput();
    throw error;
  }
}

function codecOf(stream: Stream, file: string): VideoCodec {
  const { codecId } = stream.codecpar;
  if (codecId === AV_CODEC_ID_H264) return 'h264';
  if (codecId === AV_CODEC_ID_HEVC) return 'h265';
  const name = stream.codecpar.getCodecString() ?? `number ${codecId}`;
  throw new FaultError('camera-codec', `${file} has the codec ${name}; virtual cameras send H.264 and H.265 only`, {
    about: { file },
    cure: 'Convert the file to H.264 or H.265.',
  });
}
