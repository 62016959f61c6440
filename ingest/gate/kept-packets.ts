/** The packets since the last keyframe that was seen to be quiet, so that decoding can start there; bounded. */
import type { Packet } from 'node-av/lib';

const BYTES_MAX = 16 * 1024 ** 2;
const PACKETS_MAX = 1500;

export type KeptPacket = { packet: Packet; atS: number; wasSkipped: boolean };

export class KeptPackets implements Disposable {
  #kept: KeptPacket[] = [];
  #bytes = 0;

  /** Keeps a reference, not a copy, of the packet's bytes; what comes before a first keyframe is of no use. */
  add(packet: Packet, atS: number, wasSkipped: boolean): void {
    if (this.#kept.length === 0 && !packet.isKeyframe) return;
    const clone = packet.clone();
    if (clone === null) return;
    this.#kept.push({ packet: clone, atS, wasSkipped });
    this.#bytes += packet.size;
    if (this.#isOverfull()) this.#forgetBefore(this.#keyframes()[1] ?? 0);
  }

  #isOverfull(): boolean {
    return this.#bytes >= BYTES_MAX || this.#kept.length >= PACKETS_MAX;
  }

  /** A single GOP is as long as may be kept: decode it now, or never. */
  get isFull(): boolean {
    return this.#isOverfull();
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0;
  }

  #keyframes(): number[] {
    return this.#kept.flatMap(({ packet }, index) => (packet.isKeyframe ? [index] : []));
  }

  #forgetBefore(index: number): void {
    for (const { packet } of this.#kept.splice(0, index)) {
      this.#bytes -= packet.size;
      packet.free();
    }
  }

  /** Everything from the last keyframe that is not after `fromS`; stays owned here, until anything else is called. */
  from(fromS: number): readonly KeptPacket[] {
    const start = this.#keyframes().findLast((index) => this.#kept[index]!.atS <= fromS);
    return this.#kept.slice(start ?? 0);
  }

  /** All was decoded: only the current GOP is of use any more, should the gate close and open again within it. */
  settle(): void {
    this.#forgetBefore(this.#keyframes().at(-1) ?? 0);
    for (const kept of this.#kept) kept.wasSkipped = false;
  }

  clear(): void {
    this.#forgetBefore(this.#kept.length);
    this.#bytes = 0;
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
