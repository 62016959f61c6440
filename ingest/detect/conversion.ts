/** Converts pictures into one size and pixel format, into memory that is used again. */
import type { AVPixelFormat } from 'node-av/constants';
import { Frame as AvFrame, FFmpegError, SoftwareScaleContext } from 'node-av/lib';

export type Conversion = Disposable & {
  /** The converted picture, valid until the next call. */
  convert: (picture: AvFrame) => AvFrame;
};

export function createConversion(target: { width: number; height: number; format: AVPixelFormat }): Conversion {
  // Reads size, format, range and matrix of each picture, and starts over where they change.
  const context = new SoftwareScaleContext();
  context.allocContext();
  context.setOption('threads', '1');
  const frame = new AvFrame();
  frame.alloc();
  Object.assign(frame, target);
  FFmpegError.throwIfError(frame.getBuffer(0), 'memory for a picture');
  return {
    convert(picture) {
      // The encoder may still hold the last one.
      FFmpegError.throwIfError(frame.makeWritable(), 'memory for a picture');
      FFmpegError.throwIfError(context.scaleFrameSync(frame, picture), 'converting a picture');
      return frame;
    },
    [Symbol.dispose]() {
      context.freeContext();
      frame.free();
    },
  };
}
