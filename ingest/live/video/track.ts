/** One stream of packets as the messages of a video: knows its format, and keeps what a new viewer must get first. */
import { AV_CODEC_ID_H264, AV_CODEC_ID_HEVC } from 'node-av/constants';
import { avGetCodecName, type CodecParameters, type Packet } from 'node-av/lib';
import type { VideoStart } from '#models/schema/live-video.ts';
import { encodeFragment, encodeStart } from '#models/wire/video.ts';
import { fragment } from './fragment.ts';
import { initSegment, TIMESCALE } from './init-segment.ts';
import { createMediaClock, type Placed } from './media-clock.ts';
import {
  collectSets,
  type Framing,
  isDispensable,
  isWhole,
  type ParameterSets,
  readExtradata,
  setNameOf,
  splitUnits,
  type VideoCodec,
} from './nal-units.ts';
import { readPictureFormat } from './picture-format.ts';

/** Beyond these nothing is kept, and a new viewer waits for the next keyframe. */
const KEPT_MAX_BYTES = 12 * 1024 ** 2;
const KEPT_MAX_PACKETS = 1500;

export type PacketTimes = { ptsS: number; capturedAtMs: number };

/** A packet since the last keyframe; its message is made when somebody first wants it. */
type Kept = {
  packet: Packet;
  isKey: boolean;
  placed: Placed;
  sequence: number;
  capturedAtMs: number;
  message?: Buffer;
};

const CODECS = new Map<number, VideoCodec>([
  [AV_CODEC_ID_H264, 'h264'],
  [AV_CODEC_ID_HEVC, 'hevc'],
]);

/**
 * **Closed** → *begun* with a connection's parameters → *startable* once parameter sets are known, from the stream's
 * description or from a keyframe → **closed** when the connection ends. Times go on growing over connections.
 */
export class VideoTrack implements Disposable {
  readonly #stream: VideoStart['stream'];
  readonly #epochMs: number;
  readonly #clock = createMediaClock();
  #codec: VideoCodec | undefined;
  #codecName = '';
  #framing: Framing = { lengthBytes: 0 };
  #sets: ParameterSets = { vps: [], sps: [], pps: [] };
  #start: Buffer | undefined;
  #kept: Kept[] = [];
  #keptBytes = 0;
  #isTooLong = false;
  #sequence = 0;

  /** Times count from `epochMs`, so that the tracks of one video can take each other's place. */
  constructor(stream: VideoStart['stream'], epochMs: number) {
    this.#stream = stream;
    this.#epochMs = epochMs;
  }

  begin(parameters: CodecParameters): void {
    this.end();
    this.#codec = CODECS.get(parameters.codecId);
    this.#codecName = avGetCodecName(parameters.codecId) ?? 'an unknown codec';
    this.#clock.restart((Date.now() - this.#epochMs) / 1000);
    if (this.#codec === undefined) return;
    const { extradata } = parameters;
    const known = readExtradata(this.#codec, extradata === null ? Buffer.alloc(0) : Buffer.from(extradata));
    this.#framing = known.framing;
    this.#learn(known.sets);
  }

  end(): void {
    this.#forget();
    this.#codec = undefined;
    this.#start = undefined;
    this.#sets = { vps: [], sps: [], pps: [] };
  }

  /** Name of a codec that cannot be passed on; undefined where it can, or is not known yet. */
  get foreignCodec(): string | undefined {
    return this.#codec === undefined && this.#codecName !== '' ? this.#codecName : undefined;
  }

  /** What a viewer gets before anything else; undefined until it is known. Another object after every change. */
  get start(): Buffer | undefined {
    return this.#start;
  }

  /** Keeps a reference to the packet's bytes. */
  take(packet: Packet, { ptsS, capturedAtMs }: PacketTimes): void {
    if (this.#codec === undefined) return;
    const { isKeyframe: isKey, size } = packet;
    const placed = this.#clock.place(ptsS);
    if (isKey) {
      this.#forget();
      this.#learn(collectSets(this.#codec, this.#unitsOf(packet)));
    } else if (this.#kept.length === 0 && !this.#isTooLong) {
      return;
    }
    const clone = packet.clone();
    if (clone === null) return;
    this.#kept.push({ packet: clone, isKey, placed, sequence: ++this.#sequence, capturedAtMs });
    this.#keptBytes += size;
    if (this.#kept.length > KEPT_MAX_PACKETS || this.#keptBytes > KEPT_MAX_BYTES || this.#isTooLong) this.#keepLast();
  }

  /** Messages of all pictures since the last keyframe; none where they were too many. */
  sinceKeyframe(): Buffer[] {
    return this.#isTooLong ? [] : this.#kept.map((kept) => this.#messageOf(kept));
  }

  /** The message of the picture taken last; undefined where it cannot be shown. */
  latest(): { message: Buffer; isKey: boolean } | undefined {
    const kept = this.#kept.at(-1);
    return kept === undefined ? undefined : { message: this.#messageOf(kept), isKey: kept.isKey };
  }

  #unitsOf(packet: Packet): Buffer[] {
    return packet.data === null ? [] : splitUnits(packet.data, this.#framing);
  }

  /** Sets that a keyframe brings take the place of those known before; the start is made anew when they differ. */
  #learn(sets: ParameterSets): void {
    const next: ParameterSets = {
      vps: sets.vps.length > 0 ? sets.vps : this.#sets.vps,
      sps: sets.sps.length > 0 ? sets.sps : this.#sets.sps,
      pps: sets.pps.length > 0 ? sets.pps : this.#sets.pps,
    };
    const isKnown = this.#start !== undefined && isSame(next, this.#sets);
    this.#sets = next;
    if (this.#codec === undefined || isKnown || !isWhole(this.#codec, next)) return;
    const format = readPictureFormat(this.#codec, next.sps[0]!);
    if (format === undefined) return;
    const { width, height } = format;
    const mime = `video/mp4; codecs="${format.codecs}"`;
    const init = initSegment({ codec: this.#codec, sets: next, format });
    this.#start = encodeStart({ codec: this.#codec, mime, width, height, stream: this.#stream }, init);
  }

  #messageOf(kept: Kept): Buffer {
    kept.message ??= this.#encode(kept);
    return kept.message;
  }

  #encode({ packet, isKey, placed, sequence, capturedAtMs }: Kept): Buffer {
    const codec = this.#codec!;
    // Parameter sets are in the init segment; `hvc1` forbids them here.
    const isPicture = (unit: Buffer) => !isDispensable(codec, unit) && setNameOf(codec, unit) === undefined;
    const units = this.#unitsOf(packet).filter(isPicture);
    const data = fragment({ ...placed, sequence, isKey, units });
    const shownAtS = (placed.decodeAt + placed.showAfter) / TIMESCALE;
    return encodeFragment({ isKey, capturedAtMs, shownAtS, data });
  }

  #forget(): void {
    for (const { packet } of this.#kept.splice(0)) packet.free();
    this.#keptBytes = 0;
    this.#isTooLong = false;
  }

  #keepLast(): void {
    for (const { packet } of this.#kept.splice(0, this.#kept.length - 1)) packet.free();
    this.#keptBytes = 0;
    this.#isTooLong = true;
  }

  [Symbol.dispose](): void {
    this.end();
  }
}

function isSame(a: ParameterSets, b: ParameterSets): boolean {
  const isEqual = (left: Buffer[], right: Buffer[]) =>
    left.length === right.length && left.every((unit, index) => unit.equals(right[index]!));
  return isEqual(a.vps, b.vps) && isEqual(a.sps, b.sps) && isEqual(a.pps, b.pps);
}
