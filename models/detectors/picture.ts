/** A still picture as a frame that a detector takes. */
import { readFile } from 'node:fs/promises';
import { AV_PIX_FMT_RGB24 } from 'node-av/constants';
import { Frame as AvFrame } from 'node-av/lib';
import sharp from 'sharp';
import { FaultError } from '../schema/fault.ts';

/** Reads JPEG, PNG, WebP and the like. Throws FaultError `file-missing` or `file-unreadable`. */
export async function readPicture(path: string): Promise<AvFrame> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new FaultError('file-missing', `the picture ${path} cannot be read`, { cause: error, about: { path } });
  });
  try {
    const { data, info } = await sharp(bytes)
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return frameFromRgb(data, info);
  } catch (error) {
    throw new FaultError('file-unreadable', `${path} is no picture`, {
      cause: error,
      about: { path },
      cure: 'Give it a JPEG or PNG.',
    });
  }
}

/** From red, green, blue of each pixel, row by row. The caller disposes the frame. */
export function frameFromRgb(data: Buffer, size: { width: number; height: number }): AvFrame {
  return AvFrame.fromVideoBuffer(data, { width: size.width, height: size.height, format: AV_PIX_FMT_RGB24 });
}
