/** Says how a camera is: on every change, and every few seconds with what was measured since. */
import type { Reading } from '#ingest/read/reading.ts';
import type { CameraState } from '#models/schema/camera.ts';
import type { FaultError } from '#models/schema/fault.ts';

type Phase = CameraState['state'];
type Reason = Pick<FaultError, 'code' | 'message' | 'cure'>;

export type StateTellerOptions = {
  worker: string;
  reading: Reading;
  onState: (state: CameraState) => void;
  tellEveryMs: number;
};

/** Figures over the last interval; an interval shorter than this says too little. */
const MEASURE_MS = 900;
/** Share of pictures that fail above which a live camera is degraded, and pictures needed to say so. */
const FAILED_SHARE = 0.1;
const JUDGED_PICTURES = 10;

type Sample = { atMs: number; packets: number; bytes: number; failed: number };

export class StateTeller implements Disposable {
  readonly #camera: string;
  readonly #options: StateTellerOptions;
  readonly #timer: NodeJS.Timeout;
  #phase: Phase = 'waiting';
  #reason: Reason | undefined;
  #sinceMs = Date.now();
  #before: Sample;
  #fps = 0;
  #bitrateKbps = 0;
  reconnects = 0;

  constructor(camera: string, options: StateTellerOptions) {
    this.#camera = camera;
    this.#options = options;
    this.#before = this.#sample();
    this.#timer = setInterval(() => this.#tick(), options.tellEveryMs);
  }

  get phase(): Phase {
    return this.#phase;
  }

  change(phase: Phase, reason?: Reason): void {
    if (phase === this.#phase && reason?.code === this.#reason?.code && reason?.message === this.#reason?.message)
      return;
    if (phase !== this.#phase) this.#sinceMs = Date.now();
    this.#phase = phase;
    this.#reason = reason;
    this.#tell();
  }

  #sample(): Sample {
    const { packets, bytes, failed } = this.#options.reading;
    return { atMs: performance.now(), packets, bytes, failed };
  }

  #tick(): void {
    const now = this.#sample();
    const seconds = (now.atMs - this.#before.atMs) / 1000;
    if (seconds * 1000 >= MEASURE_MS) {
      this.#fps = (now.packets - this.#before.packets) / seconds;
      this.#bitrateKbps = ((now.bytes - this.#before.bytes) * 8) / 1000 / seconds;
      this.#judge(now);
      this.#before = now;
    }
    this.#tell();
  }

  /** A live camera may deliver badly: that has a reason too. */
  #judge(now: Sample): void {
    if (this.#phase !== 'live' && this.#phase !== 'degraded') return;
    const { cutAtS } = this.#options.reading;
    const packets = now.packets - this.#before.packets;
    const failed = now.failed - this.#before.failed;
    if (packets >= JUDGED_PICTURES && failed > Math.max(1, FAILED_SHARE * packets)) {
      this.#phase = 'degraded';
      this.#reason = {
        code: 'camera-garbage',
        message: `${failed} of ${packets} pictures had errors`,
        cure: 'Use TCP, and see the camera’s network.',
      };
    } else if (cutAtS !== undefined) {
      this.#phase = 'degraded';
      this.#reason = {
        code: 'file-unreadable',
        message: `the file is cut: it ends after ${cutAtS.toFixed(1)} s, before the length it states`,
        cure: 'What is there is played; copy the file again.',
      };
    } else if (this.#phase === 'degraded') {
      this.#phase = 'live';
      this.#reason = undefined;
    }
  }

  #tell(): void {
    const { reading, worker } = this.#options;
    const isUp = this.#phase === 'live' || this.#phase === 'degraded';
    const { codec, width, height } = reading;
    this.#options.onState({
      camera: this.#camera,
      state: this.#phase,
      ...(this.#reason === undefined
        ? {}
        : { reason: this.#reason.code, message: this.#reason.message, cure: this.#reason.cure }),
      sinceMs: this.#sinceMs,
      updatedAtMs: Date.now(),
      worker,
      ...(codec === undefined ? {} : { codec }),
      ...(width === undefined || height === undefined ? {} : { width, height }),
      ...(isUp && this.#fps > 0
        ? { fps: Math.round(this.#fps * 10) / 10, bitrateKbps: Math.round(this.#bitrateKbps) }
        : {}),
      ...(isUp ? { isGateOpen: reading.isGateOpen } : {}),
      ...(reading.lastPictureAtMs === undefined ? {} : { lastPictureAtMs: Math.round(reading.lastPictureAtMs) }),
      reconnects: this.reconnects,
      packets: reading.packets,
      decoded: reading.decoded,
      skipped: reading.skipped,
      looked: reading.sampled - reading.dropped,
      dropped: reading.dropped,
      failed: reading.failed,
      timeJumps: reading.timeJumps,
    });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
