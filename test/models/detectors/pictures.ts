/** Pictures for tests, made pixel by pixel. */
import { AV_PIX_FMT_RGB24, AV_PIX_FMT_YUV420P, type AVColorRange, type AVPixelFormat } from 'node-av/constants';
import type { Frame as AvFrame } from 'node-av/lib';
import { ownPicture } from '#models/detectors/picture.ts';

type Pixel = (x: number, y: number) => readonly [red: number, green: number, blue: number];

export function rgbPicture(width: number, height: number, pixel: Pixel): AvFrame {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(pixel(x, y), (y * width + x) * 3);
  }
  return ownPicture(data, { width, height, format: AV_PIX_FMT_RGB24 });
}

/** Grey of one luma everywhere, in 4:2:0. */
export function greyPicture(
  size: number,
  luma: number,
  as: { range?: AVColorRange; format?: AVPixelFormat } = {},
): AvFrame {
  const data = Buffer.concat([Buffer.alloc(size * size, luma), Buffer.alloc((size * size) / 2, 128)]);
  const format = as.format ?? AV_PIX_FMT_YUV420P;
  const frame = ownPicture(data, { width: size, height: size, format });
  if (as.range !== undefined) frame.colorRange = as.range;
  return frame;
}
