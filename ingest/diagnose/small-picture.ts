/** A picture shrunk for diagnosis: 320 pixels wide in grey levels, and how much colour it has; nothing of it is kept. */
import {
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  type AVPixelFormat,
  SWS_AREA,
} from 'node-av/constants';
import { type Frame as AvFrame, Frame, SoftwareScaleContext } from 'node-av/lib';

const COLUMNS = 320;

/** `luma` row by row, 16 (black) to 235 (white); `colour` is the mean distance of the chroma from grey, in levels. */
export type SmallPicture = { columns: number; rows: number; luma: Uint8Array; colour: number };

export type Shrinker = Disposable & {
  /** Any size and pixel format. */
  shrink: (picture: AvFrame) => SmallPicture;
};

type Open = { shape: string; target: AvFrame; scaler: SoftwareScaleContext };

export function createShrinker(): Shrinker {
  let open: Open | undefined;
  const free = () => {
    open?.scaler.freeContext();
    open?.target.free();
    open = undefined;
  };
  return {
    shrink(picture) {
      const shape = `${picture.width}x${picture.height}:${picture.format}:${picture.colorRange}`;
      if (open?.shape !== shape) {
        free();
        open = openFor(picture, shape);
      }
      open.scaler.scaleFrameSync(open.target, picture);
      return readPicture(open.target);
    },
    [Symbol.dispose]: free,
  };
}

function openFor(picture: AvFrame, shape: string): Open {
  const { width, height } = picture;
  const target = new Frame();
  target.alloc();
  target.width = COLUMNS;
  target.height = Math.max(2, 2 * Math.round((COLUMNS * height) / width / 2));
  target.format = AV_PIX_FMT_YUV420P;
  target.colorRange = picture.colorRange === AVCOL_RANGE_JPEG ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  target.getBuffer();
  const scaler = new SoftwareScaleContext();
  const format = picture.format as AVPixelFormat;
  scaler.getContext(width, height, format, target.width, target.height, AV_PIX_FMT_YUV420P, SWS_AREA);
  return { shape, target, scaler };
}

function readPicture(target: AvFrame): SmallPicture {
  const { width: columns, height: rows, data, linesize } = target;
  if (data === null) throw new Error('the shrunken picture has no data');
  const luma = readPlane(data[0]!, { columns, rows, stride: linesize[0]! });
  let colour = 0;
  for (const plane of [1, 2]) {
    const chroma = readPlane(data[plane]!, { columns: columns >> 1, rows: rows >> 1, stride: linesize[plane]! });
    for (const level of chroma) colour += Math.abs(level - 128);
    if (plane === 2) colour /= 2 * chroma.length;
  }
  return { columns, rows, luma, colour };
}

function readPlane(bytes: Buffer, { columns, rows, stride }: { columns: number; rows: number; stride: number }) {
  const cells = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++) cells.set(bytes.subarray(row * stride, row * stride + columns), row * columns);
  return cells;
}
