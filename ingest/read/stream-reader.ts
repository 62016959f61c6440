/** What happens to each packet of video: counted, timed, passed by the gate, decoded, sampled and handed on. */
import type { Frame as AvFrame, Packet } from 'node-av/lib';
import type { Decoder } from '#ingest/decode/decoder.ts';
import { makeFrame } from '#ingest/decode/frame.ts';
import { createSampler, type Sampler } from '#ingest/decode/sampling.ts';
import { Gate } from '#ingest/gate/gate.ts';
import { GopBuffer } from '#ingest/gate/gop-buffer.ts';
import { createThumbnailer, type Thumbnail, type Thumbnailer } from '#ingest/gate/thumbnail.ts';
import type { Connection } from './connection.ts';
import { Intervals } from './intervals.ts';
import type { Reading } from './reading.ts';
import type { SightQueue } from './sight-queue.ts';
import { StreamClock } from './stream-clock.ts';

type Options = {
  reading: Reading;
  queue: SightQueue;
  sampleFps?: number | undefined;
  isGated?: boolean;
  fullLookIntervalS?: number;
  isWatched?: () => boolean;
  /** Read faster than it plays: then "now" is a time that runs with the file. */
  isOffline: boolean;
};

const NO_PTS = -(2n ** 63n);
/** While the gate is closed, word that all is quiet comes this often, seconds of the stream. */
const QUIET_EVERY_S = 5;
/** Of the GOP that is decoded again when the gate opens, only pictures this close before the alarm are handed on. */
const REPLAY_S = 1;

/** Owns the gate, its kept packets and its scaler; the connection and the decoder are lent. */
export class StreamReader implements Disposable {
  readonly #timeBaseS: number;
  readonly #decoder: Decoder;
  readonly #options: Options;
  readonly #reading: Reading;
  readonly #sampler: Sampler;
  readonly #clock = new StreamClock();
  readonly #intervals = new Intervals();
  readonly #gate: Gate | undefined;
  readonly #gop = new GopBuffer();
  readonly #thumbnailer: Thumbnailer | undefined;
  #sequence = 0;
  /** Added to the file's own times when it is played again. */
  #loopOffsetS = 0;
  #firstS: number | undefined;
  #offlineStartMs: number | undefined;
  #highestS = 0;
  #quietToldAtS = 0;

  constructor(connection: Connection, decoder: Decoder, options: Options) {
    this.#timeBaseS = connection.timeBaseS;
    this.#decoder = decoder;
    this.#options = options;
    this.#reading = options.reading;
    this.#sampler = createSampler(options.sampleFps);
    if (options.isGated === true) {
      this.#gate = new Gate({
        fullLookIntervalS: options.fullLookIntervalS ?? 10,
        ...(options.isWatched === undefined ? {} : { isWatched: options.isWatched }),
      });
      this.#thumbnailer = createThumbnailer();
    }
  }

  /** Seconds of the stream's own time. A packet without any (libav's first of an RTSP stream) gets what it must be. */
  timeOf(packet: Packet): number {
    if (packet.pts === NO_PTS) packet.pts = packet.dts !== NO_PTS ? packet.dts : this.#ticksOfNext();
    return Number(packet.pts) * this.#timeBaseS + this.#loopOffsetS;
  }

  #ticksOfNext(): bigint {
    if (this.#firstS === undefined) return 0n;
    const nextS = this.#highestS + (this.#intervals.frameS ?? 0.04) - this.#loopOffsetS;
    return BigInt(Math.round(nextS / this.#timeBaseS));
  }

  #nowMs(atS: number): number {
    if (!this.#options.isOffline) return Date.now();
    this.#offlineStartMs ??= Date.now() - atS * 1000;
    return Math.round(this.#offlineStartMs + atS * 1000);
  }

  async read(packet: Packet, atS: number): Promise<void> {
    const nowMs = this.#nowMs(atS);
    const isKey = packet.isKeyframe;
    this.#count(packet, atS, isKey, nowMs);
    const gate = this.#gate;
    if (gate === undefined) return this.#decode(packet, atS);
    const verdict = gate.judge({ size: packet.size, isKey, atS });
    this.#reading.isGateOpen = gate.isOpen;
    if (verdict === 'decode') return this.#decode(packet, atS);
    this.#gop.add(packet);
    if (verdict === 'open') return this.#open(atS);
    if (verdict === 'skip') {
      this.#reading.skipped++;
      if (this.#gop.isFull) {
        gate.open('other', atS);
        return this.#open(atS);
      }
    } else await this.#lookAtKeyframe(packet, atS, verdict);
    await this.#tellQuiet(atS, verdict === 'close');
  }

  #count(packet: Packet, atS: number, isKey: boolean, nowMs: number): void {
    const reading = this.#reading;
    reading.packets++;
    reading.bytes += packet.size;
    if (isKey) reading.keyframes++;
    reading.lastPacketAtMs = nowMs;
    this.#clock.observe(atS, nowMs);
    this.#intervals.add(atS, isKey);
    this.#firstS ??= atS;
    this.#highestS = atS < this.#highestS - 2 ? atS : Math.max(this.#highestS, atS);
    reading.frameIntervalS = this.#intervals.frameS;
    reading.gopS = this.#intervals.gopS;
    reading.timeJumps += this.#clock.takeJumps();
  }

  async #decode(packet: Packet | null, atS: number, fromS = Number.NEGATIVE_INFINITY): Promise<void> {
    const mayWant = this.#sampler.mayWant(atS, this.#intervals.frameS);
    this.#decoder.skipUnreferenced(packet !== null && !mayWant);
    const wanted: { picture: AvFrame; atS: number }[] = [];
    const pictures = await this.#decoder.decode(packet, (picture) => {
      const shownS = this.#timeOfPicture(picture, atS);
      if (this.#gate?.wantsPicture(shownS) === true) this.#gate.sawPicture(this.#shrink(picture), shownS);
      const isWanted = shownS >= fromS && this.#sampler.wants(shownS);
      if (isWanted) wanted.push({ picture, atS: shownS });
      return isWanted;
    });
    this.#countPictures(pictures);
    for (const { picture, atS: shownS } of wanted) await this.#handOn(picture, shownS);
  }

  #timeOfPicture(picture: AvFrame, packetS: number): number {
    const ticks = picture.bestEffortTimestamp !== NO_PTS ? picture.bestEffortTimestamp : picture.pts;
    return ticks === NO_PTS ? packetS : Number(ticks) * this.#timeBaseS + this.#loopOffsetS;
  }

  #countPictures(pictures: number): void {
    this.#reading.decoded += pictures;
    this.#reading.failed += this.#decoder.takeFailed();
    if (pictures > 0) this.#reading.lastPictureAtMs = Date.now();
  }

  async #handOn(picture: AvFrame, atS: number): Promise<void> {
    const reading = this.#reading;
    const nowMs = this.#nowMs(atS);
    reading.width = picture.width;
    reading.height = picture.height;
    reading.sampled++;
    const frame = makeFrame(picture, {
      capturedAtMs: this.#clock.capturedAtMs(atS, nowMs),
      receivedAtMs: nowMs,
      t: this.#clock.elapsedS(atS, this.#intervals.frameS ?? 0.04),
      sequence: this.#sequence++,
    });
    await this.#options.queue.push({ type: 'frame', frame });
  }

  #shrink(picture: AvFrame): Thumbnail {
    return this.#thumbnailer!.shrink(picture);
  }

  /** Decodes this keyframe alone: sent, drained, forgotten. */
  async #lookAtKeyframe(packet: Packet, atS: number, verdict: 'glance' | 'look' | 'close'): Promise<void> {
    this.#decoder.reset();
    this.#decoder.skipUnreferenced(false);
    let hasMoved = false;
    let looked: AvFrame | undefined;
    const take = (picture: AvFrame): boolean => {
      hasMoved = this.#gate!.sawKeyframe(this.#shrink(picture)) || hasMoved;
      if (verdict === 'glance' || looked !== undefined) return false;
      looked = picture;
      return true;
    };
    const pictures = (await this.#decoder.decode(packet, take)) + (await this.#decoder.decode(null, take));
    this.#decoder.reset();
    this.#countPictures(pictures);
    if (looked !== undefined) {
      this.#reading.fullLooks++;
      this.#sampler.wants(atS);
      await this.#handOn(looked, atS);
    }
    if (!hasMoved) return;
    this.#gate!.open('other', atS);
    await this.#open(atS);
  }

  /** Decodes everything since the keyframe, so that the current picture can be. */
  async #open(atS: number): Promise<void> {
    this.#reading.isGateOpen = true;
    this.#reading.gateOpenings++;
    this.#decoder.reset();
    const fromS = Math.max(atS - REPLAY_S, this.#quietToldAtS);
    const packets = this.#gop.take();
    // They were counted as skipped when they came, all but the one that opened.
    this.#reading.skipped -= Math.max(0, packets.length - 1);
    for (const packet of packets) {
      await this.#decode(packet, this.timeOf(packet), fromS);
      packet.free();
    }
  }

  async #tellQuiet(atS: number, isClosing: boolean): Promise<void> {
    if (this.#gate?.isOpen === true) return;
    if (!isClosing && Math.abs(atS - this.#quietToldAtS) < QUIET_EVERY_S) return;
    this.#quietToldAtS = atS;
    const receivedAtMs = this.#nowMs(atS);
    const capturedAtMs = this.#clock.capturedAtMs(atS, receivedAtMs);
    await this.#options.queue.push({ type: 'quiet', capturedAtMs, receivedAtMs });
  }

  /** Hands on the pictures that the decoder holds back at the end of a file. */
  async drain(): Promise<void> {
    if (this.#gate?.isOpen !== false) await this.#decode(null, this.#highestS);
    this.#decoder.reset();
  }

  /** Seconds from the first picture to the end of the last, of this turn of the file. */
  lengthS(): number {
    return this.#highestS - (this.#firstS ?? 0) + (this.#intervals.frameS ?? 0);
  }

  /** The file begins again: its times go on. */
  startOver(): void {
    this.#loopOffsetS += this.lengthS();
    this.#firstS = undefined;
    this.#gop.clear();
  }

  [Symbol.dispose](): void {
    this.#gop.clear();
    this.#thumbnailer?.[Symbol.dispose]();
  }
}
