/** Streams that the benches of reading share: synthetic ones of any length, and real footage that moves only now and then. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { AV_PIX_FMT_YUV420P, FF_ENCODER_LIBX264 } from 'node-av/constants';
import { Codec, CodecContext, Dictionary, FFmpegError, Frame, Packet, Rational } from 'node-av/lib';
import { type ClipOptions, writeClip } from '#demo/rtsp/clip.ts';
import { clipFrames } from './footage.ts';

/** CPU milliseconds, user and system, of all threads of this process while `work` runs. */
export async function cpuMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

export function machine(): string {
  const [cpu] = cpus();
  return `${cpu?.model ?? 'unknown CPU'} x ${cpus().length}, Node ${process.version}`;
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** H.264 without a container is a stream again when it is joined: `times` copies of a short clip, one after another. */
export async function writeLongStream(path: string, times: number, options: Omit<ClipOptions, 'path' | 'codec'>) {
  await writeClip({ ...options, path, codec: 'h264' });
  const once = readFileSync(path);
  for (let time = 1; time < times; time++) appendFileSync(path, once);
}

const FPS = 25;
const GOP_S = 2;

export type SparseOptions = { stillS: number; movingS: number; turns: number; noise: number };

/** Real footage that stands still, plays on for a while, stands still again…; sensor noise all the time; 25 fps. */
export async function writeSparseFootage(footage: string, path: string, options: SparseOptions): Promise<void> {
  const pictures = clipPictures(footage);
  try {
    const first = (await pictures.next()).value;
    if (first === undefined) throw new Error(`${footage} has no pictures`);
    let picture: Picture = first;
    using encoder = await openEncoder(picture);
    const noise = noiseTable(options.noise);
    for (let turn = 0; turn < options.turns; turn++) {
      for (let count = 0; count < options.stillS * FPS; count++) encoder.encode(noisy(picture, noise));
      for (let count = 0; count < options.movingS * FPS; count++) {
        // Every picture of the footage is shown twice: at 10 fps it then plays a quarter faster than it was.
        if (count % 2 === 0) picture = (await pictures.next()).value ?? picture;
        encoder.encode(noisy(picture, noise));
      }
    }
    writeFileSync(path, encoder.finish());
  } finally {
    await pictures.return(undefined);
  }
}

async function* clipPictures(path: string): AsyncGenerator<Picture, undefined> {
  for await (const { av } of clipFrames(path)) yield { width: av.width, height: av.height, bytes: av.toBuffer() };
  return undefined;
}

type Picture = { width: number; height: number; bytes: Buffer };

function noiseTable(deviation: number): Int8Array {
  let state = 9;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const sum = () => Array.from({ length: 12 }, uniform).reduce((total, value) => total + value, -6);
  return Int8Array.from({ length: 65_521 }, () => Math.round(deviation * sum()));
}

let noiseAt = 0;

function noisy({ width, height, bytes }: Picture, noise: Int8Array): Picture {
  const changed = Buffer.from(bytes);
  const luma = width * height;
  for (let at = 0; at < luma; at++) {
    noiseAt = (noiseAt + 1) % noise.length;
    changed[at] = Math.max(0, Math.min(255, changed[at]! + noise[noiseAt]!));
  }
  return { width, height, bytes: changed };
}

async function openEncoder({ width, height }: Picture) {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  if (codec === null) throw new Error('this FFmpeg has no libx264');
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = width;
  context.height = height;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = new Rational(1, FPS);
  context.framerate = new Rational(FPS, 1);
  context.gopSize = GOP_S * FPS;
  context.threadCount = 1;
  using settings = Dictionary.fromObject({
    preset: 'veryfast',
    crf: 25,
    'x264-params': `keyint=${GOP_S * FPS}:min-keyint=${GOP_S * FPS}:scenecut=0:bframes=0`,
  });
  FFmpegError.throwIfError(await context.open2(codec, settings), 'encoder');
  const written: Buffer[] = [];
  const packet = new Packet();
  packet.alloc();
  let pts = 0n;
  const collect = () => {
    while (context.receivePacketSync(packet) >= 0) {
      written.push(Buffer.from(packet.data!));
      packet.unref();
    }
  };
  return {
    encode(picture: Picture) {
      const shape = { width, height, format: AV_PIX_FMT_YUV420P } as const;
      using frame = Frame.fromVideoBuffer(picture.bytes, { ...shape, timeBase: { num: 1, den: FPS }, pts: pts++ });
      FFmpegError.throwIfError(context.sendFrameSync(frame), 'encode');
      collect();
    },
    finish() {
      context.sendFrameSync(null);
      collect();
      return Buffer.concat(written);
    },
    [Symbol.dispose]() {
      packet.free();
      context.freeContext();
    },
  };
}
