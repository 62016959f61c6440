/** Reads a stream for some seconds: what it really delivers, what decoding costs on this machine, and one picture. */
import { AVERROR_EOF } from 'node-av/constants';
import { type Frame as AvFrame, Codec, CodecContext, Frame, Packet, type Stream } from 'node-av/lib';
import { createJpegEncoder } from '#ingest/live/jpeg.ts';
import { type Connection, openConnection } from '#ingest/read/connection.ts';
import { readFault } from '#ingest/read/reason.ts';
import type { RtspSource } from '#models/schema/camera.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { StreamMeasurement } from '#models/schema/probe.ts';

export type MeasureOptions = { token: string; password?: string | undefined; seconds: number; signal: AbortSignal };

export type Measured = { stream: StreamMeasurement; jpeg: Buffer | undefined };

/** Cameras send what they kept of the GOP in a burst: not counted as pictures a second. */
const BURST_MS = 500;
/** Of the first packets, for decoding. */
const KEPT_BYTES_MAX = 8 * 1024 ** 2;
const KEPT_PACKETS_MAX = 100;
/** A first keyframe may be late; more than that is a finding of its own. */
const FIRST_KEYFRAME_MS = 12_000;

/** Throws FaultError with the reason where it cannot be opened, read or decoded. */
export async function measureStream(source: RtspSource, options: MeasureOptions): Promise<Measured> {
  const { token, password, seconds, signal } = options;
  const late = AbortSignal.timeout(FIRST_KEYFRAME_MS + seconds * 1000);
  const ending = AbortSignal.any([signal, late]);
  const startMs = performance.now();
  await using connection = await openConnection(source, { signal: ending, password, timeoutMs: 6000 });
  if (connection === undefined) throw notInTime(source, signal);
  const arrivals = await collect(connection, { source, seconds, signal: ending });
  try {
    if (arrivals.firstMs === undefined || arrivals.kept.length === 0) throw notInTime(source, signal);
    const decoded = await decodeCost(connection.stream, arrivals, connection.timeBaseS, source);
    const { codecpar } = connection.stream;
    return {
      jpeg: decoded.jpeg,
      stream: {
        token,
        url: source.url,
        codec: decoded.codec,
        width: decoded.width || codecpar.width,
        height: decoded.height || codecpar.height,
        ...figures(arrivals),
        firstPictureMs: Math.round(arrivals.firstMs - startMs),
        decodeMsPerS: round(decoded.msPerS, 1),
      },
    };
  } finally {
    for (const packet of arrivals.kept) packet.free();
  }
}

function notInTime(source: RtspSource, signal: AbortSignal): Error {
  if (signal.aborted) return signal.reason as Error;
  const waitedS = FIRST_KEYFRAME_MS / 1000;
  return new FaultError('camera-frozen', `${source.url} brought no keyframe within ${waitedS} s`);
}

type Arrivals = {
  firstMs: number | undefined;
  lastMs: number;
  /** Arrival of each packet of video, ms, and whether it is a keyframe. */
  packets: { atMs: number; bytes: number; isKey: boolean }[];
  /** From the first keyframe on. */
  kept: Packet[];
};

type Collecting = { source: RtspSource; seconds: number; signal: AbortSignal };

async function collect(connection: Connection, { source, seconds, signal }: Collecting): Promise<Arrivals> {
  const arrivals: Arrivals = { firstMs: undefined, lastMs: 0, packets: [], kept: [] };
  let keptBytes = 0;
  using packet = new Packet();
  packet.alloc();
  while (!signal.aborted) {
    const code = await connection.read(packet);
    if (signal.aborted) break;
    if (code < 0) {
      if (code === AVERROR_EOF && arrivals.kept.length > 0) break;
      for (const kept of arrivals.kept) kept.free();
      throw readFault(source, code);
    }
    if (packet.streamIndex === connection.stream.index) {
      const atMs = performance.now();
      arrivals.firstMs ??= atMs;
      arrivals.lastMs = atMs;
      arrivals.packets.push({ atMs, bytes: packet.size, isKey: packet.isKeyframe });
      const isWanted = packet.isKeyframe || arrivals.kept.length > 0;
      if (isWanted && keptBytes + packet.size <= KEPT_BYTES_MAX && arrivals.kept.length < KEPT_PACKETS_MAX) {
        const copy = packet.clone();
        if (copy !== null) arrivals.kept.push(copy);
        keptBytes += packet.size;
      }
      if (arrivals.kept.length > 0 && atMs - arrivals.firstMs >= seconds * 1000) break;
    }
    packet.unref();
  }
  return arrivals;
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));

function figures({ packets, firstMs = 0, lastMs }: Arrivals) {
  const steady = packets.filter(({ atMs }) => atMs - firstMs >= BURST_MS);
  const spanS = ((steady.at(-1)?.atMs ?? 0) - (steady[0]?.atMs ?? 0)) / 1000;
  const bytes = steady.slice(1).reduce((sum, one) => sum + one.bytes, 0);
  const keys = packets.flatMap(({ isKey }, index) => (isKey ? [index] : []));
  const gaps = keys.slice(1).map((index, before) => index - (keys[before] ?? 0));
  return {
    seconds: round((lastMs - firstMs) / 1000, 1),
    pictures: packets.length,
    fps: spanS > 0 ? round((steady.length - 1) / spanS, 1) : 0,
    gop: gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? 0,
    bitrateKbps: spanS > 0 ? Math.round((bytes * 8) / 1000 / spanS) : 0,
  };
}

type Decoded = { codec: string; width: number; height: number; msPerS: number; jpeg: Buffer | undefined };

/**
 * Decodes what was kept on this thread, whose CPU time can be told from that of other cameras; a picture at a time, so
 * that nothing else waits long.
 */
async function decodeCost(stream: Stream, arrivals: Arrivals, timeBaseS: number, source: RtspSource): Promise<Decoded> {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  if (codec === null) throw new FaultError('camera-codec', `${source.url} brings a codec that cannot be decoded`);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.parametersToContext(stream.codecpar);
  context.threadCount = 1;
  using frame = new Frame();
  frame.alloc();
  let jpeg: Buffer | undefined;
  let size = { width: 0, height: 0 };
  let cpuMs = 0;
  let pictures = 0;
  try {
    if ((await context.open2(codec)) < 0) {
      throw new FaultError(
        'camera-codec',
        `${source.url} brings ${codec.name ?? 'a codec'} of a kind that cannot be decoded`,
      );
    }
    for (const packet of [...arrivals.kept, null]) {
      let isThere = true;
      for (let received = 0; isThere; received += 1) {
        const before = process.threadCpuUsage();
        if (received === 0) context.sendPacketSync(packet);
        isThere = context.receiveFrameSync(frame) >= 0;
        const { user, system } = process.threadCpuUsage(before);
        cpuMs += (user + system) / 1000;
        if (!isThere) continue;
        pictures += 1;
        size = { width: frame.width, height: frame.height };
        jpeg ??= await jpegOf(frame);
        frame.unref();
      }
      await new Promise(setImmediate);
    }
  } finally {
    context.freeContext();
  }
  if (pictures === 0)
    throw new FaultError('camera-garbage', `${source.url}: none of ${arrivals.kept.length} pictures could be decoded`);
  const { fps } = figures(arrivals);
  const ticks = Number((arrivals.kept.at(-1)?.dts ?? 0n) - (arrivals.kept[0]?.dts ?? 0n)) * timeBaseS;
  const perPictureMs = cpuMs / pictures;
  const rate = fps > 0 ? fps : ticks > 0 ? (arrivals.kept.length - 1) / ticks : 0;
  return { codec: plainCodec(codec.name ?? ''), ...size, msPerS: perPictureMs * rate, jpeg };
}

const plainCodec = (name: string) => (name === 'hevc' ? 'h265' : name);

/** No picture is better than no probe. */
async function jpegOf(picture: AvFrame): Promise<Buffer | undefined> {
  using encoder = createJpegEncoder();
  return await encoder.encode(picture).catch(() => undefined);
}
