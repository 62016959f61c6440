/** Decoded pictures → JPEG, at most so many pixels wide, with libav's own encoder: no detour through RGB. */
import {
  AV_CODEC_FLAG_QSCALE,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  FF_ENCODER_MJPEG,
  FF_QP2LAMBDA,
} from 'node-av/constants';
import {
  Frame as AvFrame,
  Codec,
  CodecContext,
  FFmpegError,
  Packet,
  Rational,
  SoftwareScaleContext,
} from 'node-av/lib';

export type JpegEncoder = Disposable & {
  /** Does not dispose the picture. One call at a time. Throws where the picture cannot be scaled or encoded. */
  encode: (picture: AvFrame) => Promise<Buffer>;
};

const WIDTH_MAX = 1280;
/** The encoder's scale is 2 (best) to 31; 5 is about what cameras call 80 %. */
const QUALITY = 5;

type Open = { shape: string; scaler: SoftwareScaleContext; target: AvFrame; codec: CodecContext; packet: Packet };

/** Holds one encoder, opened for the shape of the pictures that come, and again when the shape changes. */
export function createJpegEncoder({ widthMax = WIDTH_MAX }: { widthMax?: number } = {}): JpegEncoder {
  let open: Open | undefined;
  return {
    async encode(picture) {
      const shape = `${picture.width}x${picture.height}/${picture.format}/${picture.colorRange}/${picture.colorSpace}`;
      if (open?.shape !== shape) {
        close(open);
        open = undefined;
        open = await openFor(picture, shape, widthMax);
      }
      return await encodeWith(open, picture);
    },
    [Symbol.dispose]() {
      close(open);
      open = undefined;
    },
  };
}

/** 4:2:0 wants even sides. */
function targetSize(picture: AvFrame, widthMax: number): { width: number; height: number } {
  const scale = Math.min(1, widthMax / picture.width);
  const even = (value: number) => Math.max(2, Math.round(value / 2) * 2);
  return { width: even(picture.width * scale), height: even(picture.height * scale) };
}

async function openFor(picture: AvFrame, shape: string, widthMax: number): Promise<Open> {
  const { width, height } = targetSize(picture, widthMax);
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  scaler.setOption('sws_flags', 'bilinear');
  scaler.setOption('threads', '1');
  const target = new AvFrame();
  target.alloc();
  target.width = width;
  target.height = height;
  target.format = AV_PIX_FMT_YUVJ420P;
  target.colorRange = AVCOL_RANGE_JPEG;
  FFmpegError.throwIfError(target.getBuffer(0), 'a picture buffer');
  const found = Codec.findEncoderByName(FF_ENCODER_MJPEG);
  if (found === null) throw new Error('this FFmpeg has no mjpeg encoder');
  const codec = new CodecContext();
  codec.allocContext3(found);
  codec.width = width;
  codec.height = height;
  codec.pixelFormat = AV_PIX_FMT_YUVJ420P;
  codec.colorRange = AVCOL_RANGE_JPEG;
  codec.timeBase = new Rational(1, 1000);
  codec.threadCount = 1;
  codec.setFlags(AV_CODEC_FLAG_QSCALE);
  codec.globalQuality = QUALITY * FF_QP2LAMBDA;
  FFmpegError.throwIfError(await codec.open2(found), 'the mjpeg encoder');
  const packet = new Packet();
  packet.alloc();
  return { shape, scaler, target, codec, packet };
}

async function encodeWith({ scaler, target, codec, packet }: Open, picture: AvFrame): Promise<Buffer> {
  FFmpegError.throwIfError(target.makeWritable(), 'a picture buffer');
  FFmpegError.throwIfError(await scaler.scaleFrame(target, picture), 'scaling a picture');
  target.quality = QUALITY * FF_QP2LAMBDA;
  target.pts = picture.pts;
  FFmpegError.throwIfError(await codec.sendFrame(target), 'encoding a picture');
  FFmpegError.throwIfError(await codec.receivePacket(packet), 'encoding a picture');
  const { data } = packet;
  if (data === null) throw new Error('the mjpeg encoder gave an empty packet');
  const jpeg = Buffer.from(data);
  packet.unref();
  return jpeg;
}

function close(open: Open | undefined): void {
  if (open === undefined) return;
  open.codec.freeContext();
  open.scaler.freeContext();
  open.target.free();
  open.packet.free();
}
