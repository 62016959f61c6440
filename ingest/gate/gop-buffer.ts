/** The packets since the last keyframe, so that decoding can start there; bounded in bytes and number. */
import type { Packet } from 'node-av/lib';

export const GOP_BYTES_MAX = 16 * 1024 ** 2;
export const GOP_PACKETS_MAX = 1500;

export class GopBuffer implements Disposable {
  #packets: Packet[] = [];
  #bytes = 0;

  /** A keyframe starts it anew. Keeps a reference, not a copy, of the packet's bytes. */
  add(packet: Packet): void {
    if (packet.isKeyframe) this.clear();
    const kept = packet.clone();
    if (kept === null) return;
    this.#packets.push(kept);
    this.#bytes += packet.size;
  }

  get isFull(): boolean {
    return this.#bytes >= GOP_BYTES_MAX || this.#packets.length >= GOP_PACKETS_MAX;
  }

  get startsWithKeyframe(): boolean {
    return this.#packets[0]?.isKeyframe === true;
  }

  /** Hands the packets over; whoever takes them frees them. */
  take(): Packet[] {
    const packets = this.#packets;
    this.#packets = [];
    this.#bytes = 0;
    return packets;
  }

  clear(): void {
    for (const packet of this.take()) packet.free();
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
