/** What happens to each packet of video: counted, timed, passed by the gate, decoded, sampled and handed on. */
import type { Frame as AvFrame, Packet } from 'node-av/lib';
import type { Decoder } from '#ingest/decode/decoder.ts';
import type { Inspector } from '#ingest/diagnose/inspector.ts';
import { Gate } from '#ingest/gate/gate.ts';
import { KeptPackets } from '#ingest/gate/kept-packets.ts';
import { createThumbnailer, type Thumbnail, type Thumbnailer } from '#ingest/gate/thumbnail.ts';
import type { VideoFeed } from '#ingest/live/video/video.ts';
import type { Connection } from './connection.ts';
import { Intervals } from './intervals.ts';
import { type Picked, PicturePick } from './picture-pick.ts';
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
  inspector?: Inspector;
  video?: VideoFeed | undefined;
  /** Read faster than it plays: then "now" is a time that runs with the file. */
  isOffline: boolean;
  /** Whoever looks has time for pictures of before the gate opened; absent: always. */
  mayReplay?: (() => boolean) | undefined;
};

const NO_PTS = -(2n ** 63n);
/** While the gate is closed, word that all is quiet comes this often, seconds of the stream. */
const QUIET_EVERY_S = 5;
/** Of the GOP that is decoded when the gate opens, pictures this close before the alarm are handed on. */
const REPLAY_S = 2;
/**
 * They come in a burst: for so long the reader waits for the taker instead of dropping. Where the taker has no time to
 * spare it waits for nothing, and hands on the newest alone: what is read late makes all that follows late.
 */
const REPLAY_PATIENCE_MS = 2000;

/** Owns the gate, its kept packets and its scaler; the connection and the decoder are lent. */
export class StreamReader implements Disposable {
  readonly #timeBaseS: number;
  readonly #decoder: Decoder;
  readonly #options: Options;
  readonly #reading: Reading;
  readonly #pick: PicturePick;
  readonly #clock = new StreamClock();
  readonly #intervals = new Intervals();
  readonly #gate: Gate | undefined;
  readonly #kept = new KeptPackets();
  readonly #thumbnailer: Thumbnailer | undefined;
  /** Added to the file's own times when it is played again. */
  #loopOffsetS = 0;
  #firstS: number | undefined;
  #offlineStartMs: number | undefined;
  #highestS = 0;
  #quietToldAtS = Number.NEGATIVE_INFINITY;

  constructor(connection: Connection, decoder: Decoder, options: Options) {
    this.#timeBaseS = connection.timeBaseS;
    this.#decoder = decoder;
    this.#options = options;
    this.#reading = options.reading;
    const { queue, reading, sampleFps } = options;
    this.#pick = new PicturePick({ queue, reading, sampleFps });
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
    this.#options.video?.take(packet, { ptsS: atS, capturedAtMs: this.#clock.seenAtMs(atS, nowMs) });
    const gate = this.#gate;
    if (gate === undefined) return this.#decode(packet, atS);
    const verdict = gate.judge({ size: packet.size, isKey, atS, isReplayable: isKey || !this.#kept.isEmpty });
    this.#reading.isGateOpen = gate.isOpen;
    const isSkipped = verdict === 'skip' || verdict === 'close';
    if (isKey && (verdict === 'decode' || verdict === 'close')) this.#kept.clear();
    this.#kept.add(packet, atS, isSkipped);
    // A GOP that is too long to be kept: the gate cannot close before the next keyframe.
    if (verdict === 'decode' && this.#kept.isFull) this.#kept.clear();
    if (verdict === 'decode') return this.#decode(packet, atS);
    if (verdict === 'open') return this.#open(atS);
    if (!isSkipped) return this.#lookAtKeyframe(packet, atS, verdict);
    this.#reading.skipped++;
    if (!this.#kept.isFull) return this.#tellQuiet(atS, verdict === 'close' ? 0 : QUIET_EVERY_S);
    gate.open('other', atS);
    await this.#open(atS);
  }

  #count(packet: Packet, atS: number, isKey: boolean, nowMs: number): void {
    const reading = this.#reading;
    reading.packets++;
    reading.bytes += packet.size;
    if (isKey) {
      reading.keyframes++;
      this.#options.inspector?.keyframe(packet);
    }
    reading.lastPacketAtMs = nowMs;
    this.#clock.observe(atS, nowMs);
    this.#intervals.add(atS, isKey);
    this.#firstS ??= atS;
    if (atS < this.#highestS - 2) this.#startAnew(atS);
    this.#highestS = Math.max(this.#highestS, atS);
    reading.frameIntervalS = this.#intervals.frameS;
    reading.gopS = this.#intervals.gopS;
    reading.timeJumps += this.#clock.takeJumps();
  }

  /** The stream's time went back. */
  #startAnew(atS: number): void {
    this.#highestS = atS;
    this.#quietToldAtS = Number.NEGATIVE_INFINITY;
    this.#kept.clear();
  }

  async #decode(packet: Packet | null, atS: number, fromS = Number.NEGATIVE_INFINITY): Promise<void> {
    const mayWant = this.#pick.mayWant(atS, this.#intervals.frameS);
    this.#decoder.skipUnreferenced(packet !== null && !mayWant);
    const wanted: Picked[] = [];
    const pictures = await this.#decoder.decode(packet, (picture) => {
      const shownS = this.#timeOfPicture(picture, atS);
      if (this.#gate?.wantsPicture(shownS) === true) this.#gate.sawPicture(this.#shrink(picture), shownS);
      this.#inspect(picture);
      const picked = shownS >= fromS ? this.#pick.pick(picture, shownS) : undefined;
      if (picked !== undefined) wanted.push(picked);
      return picked !== undefined;
    });
    this.#countPictures(pictures);
    for (const one of wanted) await this.#handOn(one);
  }

  #timeOfPicture(picture: AvFrame, packetS: number): number {
    const ticks = picture.bestEffortTimestamp !== NO_PTS ? picture.bestEffortTimestamp : picture.pts;
    return ticks === NO_PTS ? packetS : Number(ticks) * this.#timeBaseS + this.#loopOffsetS;
  }

  #countPictures(pictures: number): void {
    this.#reading.decoded += pictures;
    this.#reading.failed += this.#decoder.takeFailed();
    this.#reading.decodeMs += this.#decoder.takeWorkedMs();
    if (pictures > 0) this.#reading.lastPictureAtMs = Date.now();
  }

  #handOn(picked: Picked): Promise<void> {
    const { atS } = picked;
    const nowMs = this.#nowMs(atS);
    return this.#pick.handOn(picked, {
      capturedAtMs: this.#clock.capturedAtMs(atS, nowMs),
      receivedAtMs: nowMs,
      t: this.#clock.elapsedS(atS, this.#intervals.frameS ?? 0.04),
    });
  }

  #shrink(picture: AvFrame): Thumbnail {
    return this.#thumbnailer!.shrink(picture);
  }

  #inspect(picture: AvFrame): void {
    const { inspector } = this.#options;
    if (inspector?.wants() === true) inspector.see(picture);
  }

  /** Decodes this keyframe alone: sent, drained, forgotten. */
  async #lookAtKeyframe(packet: Packet, atS: number, verdict: 'glance' | 'look'): Promise<void> {
    this.#decoder.reset();
    this.#decoder.skipUnreferenced(false);
    let hasMoved = false;
    let looked: AvFrame | undefined;
    const take = (picture: AvFrame): boolean => {
      hasMoved = this.#gate!.sawKeyframe(this.#shrink(picture)) || hasMoved;
      this.#inspect(picture);
      if (verdict === 'glance' || hasMoved || looked !== undefined) return false;
      looked = picture;
      return true;
    };
    const pictures = (await this.#decoder.decode(packet, take)) + (await this.#decoder.decode(null, take));
    this.#decoder.reset();
    if (hasMoved) {
      this.#gate!.open('other', atS);
      return this.#open(this.#quietToldAtS);
    }
    this.#countPictures(pictures);
    this.#kept.clear();
    this.#kept.add(packet, atS, false);
    if (looked === undefined) return this.#tellQuiet(atS, 0);
    this.#reading.fullLooks++;
    this.#quietToldAtS = atS;
    await this.#handOn(this.#pick.pickNow(looked, atS));
  }

  /** Decodes everything since a keyframe before `fromS`, so that pictures from there on can be handed on. */
  async #open(doubtS: number): Promise<void> {
    this.#reading.isGateOpen = true;
    this.#reading.gateOpenings++;
    this.#decoder.reset();
    const fromS = Math.max(doubtS - REPLAY_S, this.#quietToldAtS);
    const hasTime = this.#options.mayReplay?.() !== false;
    const kept = [...this.#kept.from(fromS)];
    const newestS = kept.reduce((latest, { atS }) => Math.max(latest, atS), fromS);
    this.#pick.beginReplay(hasTime ? performance.now() + REPLAY_PATIENCE_MS : 0);
    for (const { packet, atS, wasSkipped } of kept) {
      if (wasSkipped) this.#reading.skipped--;
      await this.#decode(packet, atS, hasTime ? fromS : newestS);
    }
    this.#kept.settle();
    this.#pick.endReplay();
  }

  async #tellQuiet(atS: number, everyS: number): Promise<void> {
    if (atS - this.#quietToldAtS < everyS && atS > this.#quietToldAtS) return;
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
    this.#kept.clear();
  }

  [Symbol.dispose](): void {
    this.#kept.clear();
    this.#thumbnailer?.[Symbol.dispose]();
  }
}
