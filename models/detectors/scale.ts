/**
 * Scales decoded pictures into planar 8-bit RGB with libswscale, one context and one target per picture shape.
 * Planar (`gbrp`) because a tensor is planar too: each plane is then one copy.
 */
import { AV_PIX_FMT_GBRP } from 'node-av/constants';
import { Frame as AvFrame, FFmpegError, SoftwareScaleContext } from 'node-av/lib';

/** Views of the scaler's own memory, valid until the next call with a picture of the same shape. */
export type Planes = { red: Uint8Array; green: Uint8Array; blue: Uint8Array; stride: number };

export type Scaler = Disposable & {
  scale: (picture: AvFrame, size: { width: number; height: number }) => Planes;
};

type Entry = { context: SoftwareScaleContext; target: AvFrame; planes: Planes };

/** A worker serves a few camera shapes; beyond this many, the shape unused for longest is opened again when it comes. */
const SHAPES_MAX = 16;

export function createScaler(): Scaler {
  const entries = new Map<string, Entry>();
  return {
    scale(picture, size) {
      const key = shapeOf(picture, size);
      const entry = entries.get(key) ?? openEntry(size);
      // Re-inserting keeps the map in order of use.
      entries.delete(key);
      entries.set(key, entry);
      if (entries.size > SHAPES_MAX) dropOldest(entries);
      const code = entry.context.scaleFrameSync(entry.target, picture);
      if (code < 0) throw new Error(`scaling a picture (${key}) failed`, { cause: new FFmpegError(code) });
      return entry.planes;
    },
    [Symbol.dispose]() {
      for (const entry of entries.values()) closeEntry(entry);
      entries.clear();
    },
  };
}

/** Range and matrix belong to the shape: the context takes them from the first picture it sees. */
function shapeOf(picture: AvFrame, size: { width: number; height: number }): string {
  const colours = `${picture.format}/${picture.colorRange}/${picture.colorSpace}`;
  return `${picture.width}x${picture.height}/${colours}>${size.width}x${size.height}`;
}

function openEntry({ width, height }: { width: number; height: number }): Entry {
  const context = new SoftwareScaleContext();
  // Allocated but not initialised: sws_scale_frame then reads size, format, range and matrix from the frames.
  context.allocContext();
  context.setOption('sws_flags', 'area');
  context.setOption('threads', '1');
  const target = new AvFrame();
  target.alloc();
  target.width = width;
  target.height = height;
  target.format = AV_PIX_FMT_GBRP;
  const code = target.getBuffer(1);
  const [green, blue, red] = target.data ?? [];
  if (code < 0 || green === undefined || blue === undefined || red === undefined) {
    throw new Error(`no memory for a picture of ${width}x${height}`);
  }
  return { context, target, planes: { red, green, blue, stride: target.linesize[0] ?? width } };
}

function closeEntry({ context, target }: Entry): void {
  context.freeContext();
  target.free();
}

function dropOldest(entries: Map<string, Entry>): void {
  for (const [key, entry] of entries) {
    entries.delete(key);
    closeEntry(entry);
    return;
  }
}
