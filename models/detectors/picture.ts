/** A still picture as a frame that a detector takes. */
import { readFile } from 'node:fs/promises';
import { AV_PIX_FMT_RGB24, type AVPixelFormat } from 'node-av/constants';
import { Frame as AvFrame, FFmpegError } from 'node-av/lib';
import sharp from 'sharp';
import { FaultError } from '../schema/fault.ts';

/** Red, green and blue of each pixel, row by row. */
export type Picture = { data: Buffer; width: number; height: number };

/** Reads JPEG, PNG, WebP and the like. Throws FaultError `file-missing` or `file-unreadable`. */
export async function decodePicture(path: string): Promise<Picture> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new FaultError('file-missing', `the picture ${path} cannot be read`, {
      cause: error,
      about: { path },
      cure: 'Correct the path, and see that you may read the file.',
    });
  });
  try {
    const upright = sharp(bytes).rotate().removeAlpha().toColourspace('srgb');
    const { data, info } = await upright.raw().toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch (error) {
    const cure = 'Give it a JPEG or PNG.';
    throw new FaultError('file-unreadable', `${path} is no picture`, { cause: error, about: { path }, cure });
  }
}

/** The caller disposes the frame. */
export async function readPicture(path: string): Promise<AvFrame> {
  const { data, width, height } = await decodePicture(path);
  return ownPicture(data, { width, height, format: AV_PIX_FMT_RGB24 });
}

/**
 * A frame with pixels of its own; the caller disposes it. node-av's `fromVideoBuffer` copies nothing: its frame points into
 * the Buffer, and reads zeros or worse once that is collected.
 */
export function ownPicture(
  data: Buffer,
  { width, height, format }: { width: number; height: number; format: AVPixelFormat },
): AvFrame {
  const own = new AvFrame();
  own.alloc();
  Object.assign(own, { width, height, format });
  FFmpegError.throwIfError(own.getBuffer(), `no memory for a picture of ${width}x${height}`);
  using borrowed = AvFrame.fromVideoBuffer(data, { width, height, format });
  FFmpegError.throwIfError(own.copy(borrowed), `copying a picture of ${width}x${height}`);
  return own;
}
