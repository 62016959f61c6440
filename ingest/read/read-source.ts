/** One connection to one source, from packets to the sights that are worth looking at. */
import { AVERROR_EOF } from 'node-av/constants';
import { Packet } from 'node-av/lib';
import { openDecoder } from '#ingest/decode/decoder.ts';
import type { Inspector } from '#ingest/diagnose/inspector.ts';
import type { VideoFeed } from '#ingest/live/video/video.ts';
import type { Sight } from '#ingest/sight.ts';
import type { CameraSource } from '#models/schema/camera.ts';
import type { PictureRings } from '#models/schema/mask.ts';
import type { Logger } from '#system/logs.ts';
import { type Connection, openConnection } from './connection.ts';
import { createPace } from './pace.ts';
import { createReading, type Reading } from './reading.ts';
import { nameOfSource, readFault } from './reason.ts';
import { disposeSight, SightQueue } from './sight-queue.ts';
import { StreamReader } from './stream-reader.ts';

export type ReadOptions = {
  signal: AbortSignal;
  logger?: Logger;
  password?: string | undefined;
  /**
   * Looks that are due per second of the stream's time; absent or infinite: at every frame. Of a live source one that waits for
   * its taker is followed by fresher ones for the same look, until the taker begins (`Frame.begin`).
   */
  sampleFps?: number | undefined;
  /** Default false. */
  isGated?: boolean;
  fullLookIntervalS?: number;
  /** Files only: play at their own speed and drop what is not taken in time. Default false: nothing is dropped. */
  isRealtime?: boolean;
  /** Holds the gate open: somebody looks at the live picture, or something else wants every frame. */
  isWatched?: () => boolean;
  /** Whoever looks has time for pictures of before the gate opened; absent: always. */
  mayReplay?: (() => boolean) | undefined;
  /** Shown a picture now and then, of those that are decoded anyway. */
  inspector?: Inspector;
  /** Gets each packet of video before it is decoded or not. */
  video?: VideoFeed;
  /** Blanked in every picture, before anything looks at it. */
  privacyMasks?: PictureRings | undefined;
  /** Changed in place while reading; see {@link Reading}. */
  reading?: Reading;
  /** Silence after which libav gives up, milliseconds. */
  timeoutMs?: number;
  /** Files only: the folders they may lie in; absent lets any file through. */
  mediaDirs?: readonly string[] | undefined;
  /** Called when the connection stands, before the first packet. */
  onConnected?: () => void;
};

/** Frames that may wait for whoever looks. */
const CAPACITY = 2;

/**
 * Ends when the signal aborts (within about a second, whatever the camera does) and, for a file that is not looped, at
 * its end. Throws FaultError when the source cannot be opened, breaks, or, being live, ends. Frames are the taker's to
 * dispose; those that nobody took are disposed here.
 */
export async function* readSource(source: CameraSource, options: ReadOptions): AsyncGenerator<Sight> {
  const reading = options.reading ?? createReading();
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const queue = new SightQueue({
    capacity: CAPACITY,
    isDropping: source.kind === 'rtsp' || options.isRealtime === true,
  });
  // A taker that waits is woken at once; the rest closes behind it.
  const onAbort = () => queue.discard();
  signal.addEventListener('abort', onAbort, { once: true });
  const produced = produce(source, { ...options, reading, signal, queue }).then(
    () => queue.end(),
    (error: unknown) => queue.end(signal.aborted ? undefined : error),
  );
  let taken: Sight | undefined;
  try {
    for (;;) {
      taken = await queue.take();
      if (taken === undefined) break;
      if (signal.aborted) {
        disposeSight(taken);
        break;
      }
      yield taken;
    }
  } finally {
    stopping.abort();
    signal.removeEventListener('abort', onAbort);
    queue.discard();
    await produced;
    reading.isConnected = false;
  }
}

type Producing = ReadOptions & { reading: Reading; queue: SightQueue };

async function produce(source: CameraSource, options: Producing): Promise<void> {
  const { signal, reading } = options;
  await using connection = await openConnection(source, options);
  if (connection === undefined) return;
  const name = nameOfSource(source);
  await using decoder = await openDecoder(connection.stream, name, options.privacyMasks);
  reading.isConnected = true;
  reading.codec = decoder.codec;
  reading.promisedFps = connection.promisedFps;
  options.logger?.debug({ source: name, codec: decoder.codec }, 'source opened');
  options.onConnected?.();
  options.video?.begin(connection.stream.codecpar);
  using _video = { [Symbol.dispose]: () => options.video?.end() };
  const isOffline = source.kind === 'file' && options.isRealtime !== true;
  using reader = new StreamReader(connection, decoder, { ...options, isOffline });
  const pace = source.kind === 'file' && !isOffline ? createPace(signal) : undefined;
  using packet = new Packet();
  packet.alloc();
  while (!signal.aborted) {
    const code = await connection.read(packet);
    if (signal.aborted) return;
    if (code < 0) {
      if (source.kind === 'rtsp' || (code !== AVERROR_EOF && reading.packets === 0)) throw readFault(source, code);
      if (!(await endOfFile(source.isLooped && options.isRealtime === true, connection, reader, reading))) return;
      continue;
    }
    if (packet.streamIndex === connection.stream.index) {
      const atS = reader.timeOf(packet);
      await pace?.(atS);
      await reader.read(packet, atS);
    }
    packet.unref();
  }
}

/** Hands on what the decoder still holds; true when the file goes on from its start. */
async function endOfFile(
  isLooped: boolean,
  connection: Connection,
  reader: StreamReader,
  reading: Reading,
): Promise<boolean> {
  await reader.drain();
  const lengthS = reader.lengthS();
  // The last picture may be shown a while; a file that is cut lacks more than that.
  if (connection.durationS !== undefined && lengthS < connection.durationS * 0.98 - 1) reading.cutAtS = lengthS;
  if (!isLooped || lengthS <= 0) return false;
  reader.startOver();
  return (await connection.rewind()) >= 0;
}
