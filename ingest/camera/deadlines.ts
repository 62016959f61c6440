/** When a connection is given up: deadlines on pictures, not on the socket, learned from the stream's own rhythm. */
import type { Reading } from '#ingest/read/reading.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { CameraTimings } from './timings.ts';

/** Times of the watch's own clock, which stands still while this process is too busy to read. */
type Marks = { startedMs: number; connectedMs?: number; packetMs?: number; pictureMs?: number };

export type DeadlineOptions = {
  name: string;
  isUdp: boolean;
  fullLookIntervalS: number;
  timings: CameraTimings;
};

export class Deadlines {
  readonly #options: DeadlineOptions;
  readonly #reading: Reading;
  readonly #marks: Marks = { startedMs: 0 };
  readonly #before: Pick<Reading, 'packets' | 'failed'>;
  #awakeMs = 0;
  #packets: number;
  #decoded: number;

  constructor(reading: Reading, options: DeadlineOptions) {
    this.#reading = reading;
    this.#options = options;
    this.#before = { packets: reading.packets, failed: reading.failed };
    this.#packets = reading.packets;
    this.#decoded = reading.decoded;
  }

  /** Asked every tick; `elapsedMs` since the last time. A fault: give this connection up. */
  check(elapsedMs: number): FaultError | undefined {
    // A tick that comes late means that reading was late as well: that is no silence of the camera.
    this.#awakeMs += Math.min(elapsedMs, 2 * this.#options.timings.tickMs);
    this.#mark();
    if (this.#marks.pictureMs !== undefined) return this.#checkRunning();
    return this.#marks.connectedMs === undefined ? this.#checkOpening() : this.#checkStarting();
  }

  #mark(): void {
    const { isConnected, packets, decoded } = this.#reading;
    if (isConnected) this.#marks.connectedMs ??= this.#awakeMs;
    if (packets !== this.#packets) this.#marks.packetMs = this.#awakeMs;
    if (decoded !== this.#decoded) this.#marks.pictureMs = this.#awakeMs;
    this.#packets = packets;
    this.#decoded = decoded;
  }

  #since(markMs: number | undefined): number {
    return this.#awakeMs - (markMs ?? 0);
  }

  #checkOpening(): FaultError | undefined {
    const { openMs } = this.#options.timings;
    if (this.#since(this.#marks.startedMs) < openMs) return undefined;
    return this.#fault('camera-timed-out', `did not answer within ${openMs / 1000} s`);
  }

  #checkStarting(): FaultError | undefined {
    const { firstPacketMs, firstPictureMs, garbageMs } = this.#options.timings;
    const sinceMs = this.#since(this.#marks.connectedMs);
    if (this.#marks.packetMs === undefined) {
      if (sinceMs < firstPacketMs) return undefined;
      if (this.#options.isUdp) return this.#fault('camera-timed-out', 'agreed to send by UDP, but no packet came');
      return this.#fault('camera-frozen', `opened the stream, but sent nothing for ${firstPacketMs / 1000} s`);
    }
    if (this.#mostFail() && sinceMs > garbageMs) return this.#garbage();
    const limitMs = Math.max(firstPictureMs, 3000 * (this.#reading.gopS ?? 0));
    if (sinceMs < limitMs) return undefined;
    if (this.#reading.failed > this.#before.failed) return this.#garbage();
    return this.#fault('camera-frozen', `sent packets for ${Math.round(limitMs / 1000)} s, but no whole picture`);
  }

  #checkRunning(): FaultError | undefined {
    const { silenceMs } = this.#options.timings;
    const { frameIntervalS = 0, gopS = 0, isGateOpen } = this.#reading;
    const packetLimitMs = Math.max(silenceMs, 5000 * frameIntervalS);
    if (this.#since(this.#marks.packetMs) > packetLimitMs) {
      return this.#fault('camera-frozen', `has sent nothing for ${(packetLimitMs / 1000).toFixed(1)} s`);
    }
    // Behind a closed gate only keyframes are decoded, now and then.
    const extraMs = isGateOpen ? 0 : 2000 * (this.#options.fullLookIntervalS + gopS);
    const pictureLimitMs = Math.max(silenceMs, 5000 * frameIntervalS, 1500 * gopS) + extraMs;
    if (this.#since(this.#marks.pictureMs) <= pictureLimitMs) return undefined;
    if (this.#mostFail()) return this.#garbage();
    return this.#fault('camera-frozen', `has sent no picture for ${(pictureLimitMs / 1000).toFixed(1)} s`);
  }

  #mostFail(): boolean {
    const failed = this.#reading.failed - this.#before.failed;
    return failed >= 5 && failed * 3 > this.#reading.packets - this.#before.packets - failed;
  }

  #garbage(): FaultError {
    const failed = this.#reading.failed - this.#before.failed;
    return this.#fault('camera-garbage', `sent ${failed} packets that cannot be decoded, and no picture`);
  }

  #fault(code: 'camera-timed-out' | 'camera-frozen' | 'camera-garbage', what: string): FaultError {
    return new FaultError(code, `${this.#options.name} ${what}`);
  }
}
