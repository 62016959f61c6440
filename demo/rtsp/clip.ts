/** Writes small synthetic clips for tests and benchmarks: same options and seed, same pictures and same bytes. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_ERROR,
  AV_PIX_FMT_YUV420P,
  AVFMT_FLAG_BITEXACT,
  AVFMT_GLOBALHEADER,
  FF_ENCODER_LIBX264,
  FF_ENCODER_LIBX265,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  FormatContext,
  Frame,
  Log,
  Packet,
  Rational,
  type Stream,
} from 'node-av/lib';
import type { VideoCodec } from './nal-units.ts';
import { type Box, createScene, type SceneKind } from './scene.ts';

export type ClipOptions = {
  /** The name's end chooses the container: mp4, mkv, ts, h264, h265. */
  path: string;
  codec: VideoCodec;
  /** Even, as all 4:2:0 pictures. */
  width: number;
  height: number;
  fps: number;
  seconds: number;
  /** From keyframe to keyframe. */
  gopS: number;
  scene: SceneKind;
  seed: number;
  /** Of the sensor, in grey levels. Default: 3. */
  noise?: number;
  /** Default: 0, as cameras do. */
  bFrames?: number;
  /** The quantiser, 0 to 51; lower is better and bigger. Default: 26. */
  qp?: number;
};

/** What was written: one entry per frame, null where no object is in the picture. */
export type ClipTruth = { frames: number; boxes: readonly (Box | null)[] };

export async function writeClip(options: ClipOptions): Promise<ClipTruth> {
  using _quiet = silenceEncoder();
  const { width, height, fps, noise = 3, path } = options;
  const frames = Math.round(options.seconds * fps);
  const scene = createScene({ ...options, frames, noise });
  mkdirSync(dirname(path), { recursive: true });
  await using output = await openOutput(options);
  const picture = Buffer.alloc((width * height * 3) / 2);
  const boxes: (Box | null)[] = [];
  for (let number = 0; number < frames; number += 1) {
    scene.draw(number, picture);
    boxes.push(scene.boxAt(number));
    const timeBase = { num: 1, den: fps };
    using frame = Frame.fromVideoBuffer(picture, {
      width,
      height,
      format: AV_PIX_FMT_YUV420P,
      timeBase,
      pts: BigInt(number),
    });
    await output.encode(frame);
  }
  await output.encode(null);
  return { frames, boxes };
}

let writers = 0;
let levelBefore = AV_LOG_ERROR;

/** libx264 tells its settings and statistics at level "info", which is FFmpeg's default. */
function silenceEncoder(): Disposable {
  if (writers === 0) levelBefore = Log.getLevel();
  writers += 1;
  if (levelBefore > AV_LOG_ERROR) Log.setLevel(AV_LOG_ERROR);
  return {
    [Symbol.dispose]() {
      writers -= 1;
      if (writers === 0) Log.setLevel(levelBefore);
    },
  };
}

type Output = AsyncDisposable & { encode(frame: Frame | null): Promise<void> };

async function openOutput(options: ClipOptions): Promise<Output> {
  const context = new FormatContext();
  FFmpegError.throwIfError(context.allocOutputContext2(null, null, options.path), `container of ${options.path}`);
  context.setFlags(AVFMT_FLAG_BITEXACT);
  const isHeaderGlobal = context.oformat?.hasFlags(AVFMT_GLOBALHEADER) ?? false;
  const encoder = await openEncoder(options, isHeaderGlobal);
  const stream = context.newStream();
  FFmpegError.throwIfError(stream.codecpar.fromContext(encoder), 'stream parameters');
  stream.timeBase = encoder.timeBase;
  stream.avgFrameRate = encoder.framerate;
  FFmpegError.throwIfError(await context.openOutput(), `open ${options.path}`);
  FFmpegError.throwIfError(await context.writeHeader(), `header of ${options.path}`);
  return {
    async encode(frame) {
      FFmpegError.throwIfError(await encoder.sendFrame(frame), 'encode');
      await writePackets({ context, encoder, stream });
      if (frame === null) FFmpegError.throwIfError(await context.writeTrailer(), `end of ${options.path}`);
    },
    async [Symbol.asyncDispose]() {
      encoder.freeContext();
      await context.closeOutput();
      context.freeContext();
    },
  };
}

async function writePackets(parts: { context: FormatContext; encoder: CodecContext; stream: Stream }): Promise<void> {
  const { context, encoder, stream } = parts;
  using packet = new Packet();
  packet.alloc();
  while ((await encoder.receivePacket(packet)) >= 0) {
    packet.streamIndex = stream.index;
    packet.duration = 1n;
    packet.rescaleTs(encoder.timeBase, stream.timeBase);
    FFmpegError.throwIfError(await context.interleavedWriteFrame(packet), 'write packet');
  }
}

async function openEncoder(options: ClipOptions, isHeaderGlobal: boolean): Promise<CodecContext> {
  const { codec, width, height, fps, bFrames = 0, qp = 26 } = options;
  const encoder = Codec.findEncoderByName(codec === 'h264' ? FF_ENCODER_LIBX264 : FF_ENCODER_LIBX265);
  if (encoder === null) throw new Error(`this FFmpeg has no encoder for ${codec}`);
  const context = new CodecContext();
  context.allocContext3(encoder);
  context.width = width;
  context.height = height;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = new Rational(1, fps);
  context.framerate = new Rational(fps, 1);
  context.gopSize = Math.round(options.gopS * fps);
  context.maxBFrames = bFrames;
  context.threadCount = 1;
  if (isHeaderGlobal) context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  const shape = `keyint=${context.gopSize}:min-keyint=${context.gopSize}:scenecut=0:open-gop=0:bframes=${bFrames}:qp=${qp}`;
  const own =
    codec === 'h264'
      ? { 'x264-params': shape }
      : { 'x265-params': `${shape}:pools=none:frame-threads=1:log-level=error` };
  using settings = Dictionary.fromObject({ preset: codec === 'h264' ? 'superfast' : 'ultrafast', ...own });
  FFmpegError.throwIfError(await context.open2(encoder, settings), `encoder of ${codec}`);
  return context;
}
