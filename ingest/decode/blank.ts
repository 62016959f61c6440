/** Privacy masks on decoded pictures: the pixels are gone before anything of ours has looked at them. */
import {
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_P010LE,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV422P10LE,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
  type AVPixelFormat,
} from 'node-av/constants';
import { Frame as AvFrame, FFmpegError } from 'node-av/lib';
import type { PictureRings } from '#models/schema/mask.ts';
import { spansOf } from './mask-spans.ts';

export type Blanker = Disposable & {
  /**
   * A copy with the masked pixels black, the caller's to free; the picture itself stays as it is, since the decoder
   * predicts others from it. Pictures of a pixel format that is not known become black altogether.
   */
  blank: (picture: AvFrame) => AvFrame;
};

/** Bytes of one pixel, black or without colour, and how often the plane halves width and height. */
type Plane = { black: readonly number[]; xShift: number; yShift: number };

const plane = (black: readonly number[], xShift = 0, yShift = 0): Plane => ({ black, xShift, yShift });
const planes8 = (xShift: number, yShift: number) => [
  plane([16]),
  plane([128], xShift, yShift),
  plane([128], xShift, yShift),
];
const planes10 = (xShift: number, yShift: number) => [
  plane([64, 0]),
  plane([0, 2], xShift, yShift),
  plane([0, 2], xShift, yShift),
];
const PLANES = new Map<number, readonly Plane[]>([
  [AV_PIX_FMT_YUV420P, planes8(1, 1)],
  [AV_PIX_FMT_YUVJ420P, planes8(1, 1)],
  [AV_PIX_FMT_YUV422P, planes8(1, 0)],
  [AV_PIX_FMT_YUVJ422P, planes8(1, 0)],
  [AV_PIX_FMT_YUV444P, planes8(0, 0)],
  [AV_PIX_FMT_YUVJ444P, planes8(0, 0)],
  [AV_PIX_FMT_YUV420P10LE, planes10(1, 1)],
  [AV_PIX_FMT_YUV422P10LE, planes10(1, 0)],
  [AV_PIX_FMT_NV12, [plane([16]), plane([128, 128], 1, 1)]],
  [AV_PIX_FMT_P010LE, [plane([0, 16]), plane([0, 128, 0, 128], 1, 1)]],
  [AV_PIX_FMT_GRAY8, [plane([16])]],
]);

/** A fresh 1080p buffer costs 8 ms of page faults where a used one costs 0.1 ms: those that came back are used again. */
const KEPT_MAX = 8;

type Fill = { plane: number; from: number; to: number; black: Buffer };
type Shape = { key: string; fills: Fill[] | undefined; buffers: AvFrame[] };

export function createBlanker(rings: PictureRings): Blanker {
  let shape: Shape | undefined;

  function shapeOf(picture: AvFrame): Shape {
    const key = `${picture.width}x${picture.height}/${picture.format}`;
    if (shape?.key === key) return shape;
    free();
    shape = { key, fills: undefined, buffers: [] };
    return shape;
  }
  function free(): void {
    for (const buffer of shape?.buffers ?? []) buffer.free();
    shape = undefined;
  }

  return {
    blank(picture) {
      const now = shapeOf(picture);
      const kept = now.buffers.find((buffer) => buffer.isWritable);
      const buffer = kept ?? bufferFor(picture);
      if (kept === undefined && now.buffers.length < KEPT_MAX) now.buffers.push(buffer);
      FFmpegError.throwIfError(buffer.copy(picture), 'copying a picture');
      now.fills ??= fillsOf(rings, buffer);
      const data = buffer.data ?? [];
      for (const { plane: index, from, to, black } of now.fills) data[index]?.fill(black, from, to);
      const blanked = buffer.clone();
      if (!now.buffers.includes(buffer)) buffer.free();
      if (blanked === null) throw new Error('no memory for a picture');
      FFmpegError.throwIfError(blanked.copyProps(picture), 'copying what is known of a picture');
      return blanked;
    },
    [Symbol.dispose]: free,
  };
}

function bufferFor({ width, height, format }: AvFrame): AvFrame {
  const buffer = new AvFrame();
  buffer.alloc();
  Object.assign(buffer, { width, height, format: format as AVPixelFormat });
  FFmpegError.throwIfError(buffer.getBuffer(), 'memory for a picture');
  return buffer;
}

function fillsOf(rings: PictureRings, { width, height, format, linesize, data }: AvFrame): Fill[] {
  const planes = PLANES.get(format as number);
  if (planes === undefined)
    return (data ?? []).map(({ length }, index) => ({ plane: index, from: 0, to: length, black: Buffer.from([0]) }));
  return planes.flatMap(({ black, xShift, yShift }, index) => {
    const [columns, rows] = [-(-width >> xShift), -(-height >> yShift)];
    const pixel = Buffer.from(black);
    return spansOf(rings, columns, rows).map(({ row, from, to }) => {
      const start = row * (linesize[index] ?? 0);
      return { plane: index, from: start + from * pixel.length, to: start + to * pixel.length, black: pixel };
    });
  });
}
