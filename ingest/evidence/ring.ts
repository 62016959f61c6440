/** The last seconds of a camera as packets in memory, by reference, so that a clip can begin before what it shows. */
import { CodecParameters, type Packet } from 'node-av/lib';
import type { VideoFeed } from '#ingest/live/video/video.ts';
import { createMoments } from './moments.ts';

export type RingPacket = { packet: Packet; isKey: boolean; ptsS: number; capturedAtMs: number };

/** One connection's packets, in the order of decoding; the first is a keyframe. */
export type Recording = { parameters: CodecParameters; packets: RingPacket[] };

export type RingOptions = { maxBytes: number; maxMs: number };

/**
 * **Empty** → *recording* with a connection → *interrupted* when it ends: what was recorded stays, since a camera that is
 * cut off is worth a picture → *recording* again, beside what was there before. Loss rule: beyond so many bytes, or so
 * many milliseconds before the newest packet, the oldest group of pictures goes; one that is too large alone goes too, and
 * nothing is kept until the next keyframe.
 */
export class PacketRing implements Disposable {
  readonly #options: RingOptions;
  readonly #moments = createMoments();
  #recordings: Recording[] = [];
  #isRecording = false;
  #bytes = 0;
  #lost = 0;
  #newestMs = Number.NEGATIVE_INFINITY;

  constructor(options: RingOptions) {
    this.#options = options;
  }

  readonly feed: VideoFeed = {
    begin: (parameters) => {
      const own = new CodecParameters();
      own.alloc();
      parameters.copy(own);
      this.#recordings.push({ parameters: own, packets: [] });
      this.#isRecording = true;
    },
    take: (packet, { ptsS, capturedAtMs }) => this.#take(packet, ptsS, capturedAtMs),
    end: () => {
      this.#isRecording = false;
      this.#moments.end();
      this.#dropEmpty();
    },
  };

  get bytes(): number {
    return this.#bytes;
  }

  get packets(): number {
    return this.#recordings.reduce((sum, { packets }) => sum + packets.length, 0);
  }

  /** From the oldest packet to the newest. */
  get heldMs(): number {
    const first = this.#recordings.find(({ packets }) => packets.length > 0)?.packets[0];
    return first === undefined ? 0 : Math.max(0, this.#newestMs - first.capturedAtMs);
  }

  /** Groups of pictures that alone were too large to be kept. */
  get lost(): number {
    return this.#lost;
  }

  get isRecording(): boolean {
    return this.#isRecording;
  }

  /** When the newest packet was captured; -Infinity before the first. */
  get newestMs(): number {
    return this.#newestMs;
  }

  /** Resolves once the camera's pictures have come that far, or it was lost, or the signal aborts. */
  reached(atMs: number, signal: AbortSignal): Promise<void> {
    return this.#isRecording ? this.#moments.reached(atMs, signal) : Promise.resolve();
  }

  /** Valid until anything else is called. */
  get recordings(): readonly Recording[] {
    return this.#recordings;
  }

  #take(packet: Packet, ptsS: number, capturedAtMs: number): void {
    const recording = this.#recordings.at(-1);
    if (recording === undefined || !this.#isRecording) return;
    const isKey = packet.isKeyframe;
    if (!isKey && recording.packets.length === 0) return;
    const clone = packet.clone();
    if (clone === null) return;
    recording.packets.push({ packet: clone, isKey, ptsS, capturedAtMs });
    this.#bytes += packet.size;
    this.#newestMs = Math.max(this.#newestMs, capturedAtMs);
    this.#forgetOld();
    this.#moments.tell(capturedAtMs);
  }

  #forgetOld(): void {
    const { maxBytes, maxMs } = this.#options;
    for (;;) {
      const oldest = this.#recordings[0];
      const next = oldest === undefined ? undefined : nextGroup(oldest.packets);
      // The group that follows is old enough by itself, or the memory is full.
      const following = next === undefined ? undefined : oldest!.packets[next];
      const isOver = this.#bytes > maxBytes;
      const isOld = following !== undefined && following.capturedAtMs < this.#newestMs - maxMs;
      const isStale = oldest !== undefined && this.#isStale(oldest);
      if (oldest === undefined || !(isOver || isOld || isStale)) return;
      if (next === undefined && oldest === this.#recordings.at(-1)) this.#lost++;
      this.#free(oldest.packets.splice(0, next ?? oldest.packets.length));
      if (!this.#dropEmpty() && next === undefined) return;
    }
  }

  /** Of a connection that is gone, and all too old. */
  #isStale(recording: Recording): boolean {
    const last = recording.packets.at(-1);
    return (
      recording !== this.#recordings.at(-1) &&
      (last === undefined || last.capturedAtMs < this.#newestMs - this.#options.maxMs)
    );
  }

  #dropEmpty(): boolean {
    const before = this.#recordings.length;
    this.#recordings = this.#recordings.filter((recording, index) => {
      const isCurrent = this.#isRecording && index === before - 1;
      if (recording.packets.length > 0 || isCurrent) return true;
      recording.parameters.free();
      return false;
    });
    return this.#recordings.length < before;
  }

  #free(packets: readonly RingPacket[]): void {
    for (const { packet } of packets) {
      this.#bytes -= packet.size;
      packet.free();
    }
  }

  [Symbol.dispose](): void {
    this.#isRecording = false;
    for (const { packets } of this.#recordings) this.#free(packets.splice(0));
    this.#dropEmpty();
    this.#moments.end();
  }
}

/** Where the second group of pictures begins. */
function nextGroup(packets: readonly RingPacket[]): number | undefined {
  const index = packets.findIndex(({ isKey }, at) => at > 0 && isKey);
  return index === -1 ? undefined : index;
}
