/** FFmpeg (through node-av) as the independent RTSP client: opens a stream, decodes it and tells what it saw. */
import { AV_CODEC_ID_NONE, AV_LOG_QUIET, AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { Codec, CodecContext, Dictionary, FormatContext, Frame, Log, Packet } from 'node-av/lib';

// Streams full of garbage are what these tests ask for.
Log.setLevel(AV_LOG_QUIET);

export type Seen = {
  /** FFmpeg's error number of opening; 0: opened. */
  opened: number;
  codec: number;
  hasVideo: boolean;
  hasAudio: boolean;
  /** Milliseconds from the start to the first decoded picture. */
  firstPictureMs: number;
  pictures: { timeS: number; width: number; height: number; isKeyframe: boolean }[];
  undecodable: number;
  isEnded: boolean;
};

export type PlayOptions = { transport?: 'tcp' | 'udp'; pictures: number; deadlineMs?: number };

/** Plays until `pictures` pictures were decoded, the stream ended or the deadline passed. */
export async function playWithFfmpeg(url: string, options: PlayOptions): Promise<Seen> {
  const { transport = 'tcp', pictures, deadlineMs = 60_000 } = options;
  const startMs = performance.now();
  const context = new FormatContext();
  context.allocContext();
  const timer = setTimeout(() => context.interrupt(), deadlineMs);
  const seen: Seen = {
    opened: 0,
    codec: AV_CODEC_ID_NONE,
    hasVideo: false,
    hasAudio: false,
    firstPictureMs: Number.POSITIVE_INFINITY,
    pictures: [],
    undecodable: 0,
    isEnded: false,
  };
  try {
    using settings = Dictionary.fromObject({ rtsp_transport: transport, timeout: 3_000_000 });
    seen.opened = await context.openInput(url, null, settings);
    if (seen.opened < 0) return seen;
    await decode(context, { seen, pictures, startMs });
    return seen;
  } finally {
    clearTimeout(timer);
    if (seen.opened >= 0) await context.closeInput();
  }
}

async function decode(
  context: FormatContext,
  options: { seen: Seen; pictures: number; startMs: number },
): Promise<void> {
  const { seen, pictures, startMs } = options;
  const at = context.findBestStream(AVMEDIA_TYPE_VIDEO);
  seen.hasAudio = context.findBestStream(AVMEDIA_TYPE_AUDIO) >= 0;
  seen.hasVideo = at >= 0;
  const stream = context.streams[at];
  if (stream === undefined) return;
  seen.codec = stream.codecpar.codecId;
  using decoder = new CodecContext();
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  decoder.allocContext3(codec);
  decoder.parametersToContext(stream.codecpar);
  decoder.pktTimebase = stream.timeBase;
  decoder.threadCount = 1;
  await decoder.open2(codec);
  using packet = new Packet();
  packet.alloc();
  using frame = new Frame();
  frame.alloc();
  while (seen.pictures.length < pictures) {
    seen.isEnded = (await context.readFrame(packet)) < 0;
    if (seen.isEnded) return;
    if (packet.streamIndex === at && (await decoder.sendPacket(packet)) < 0) seen.undecodable += 1;
    packet.unref();
    while ((await decoder.receiveFrame(frame)) >= 0) {
      if (seen.pictures.length === 0) seen.firstPictureMs = performance.now() - startMs;
      const timeS = (Number(frame.bestEffortTimestamp) * stream.timeBase.num) / stream.timeBase.den;
      seen.pictures.push({ timeS, width: frame.width, height: frame.height, isKeyframe: frame.keyFrame === 1 });
      frame.unref();
    }
  }
}
