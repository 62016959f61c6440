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

type Sample = { atMs: number } & Pick<Reading, 'packets' | 'bytes' | 'failed' | 'decodeMs'>;

export class StateTeller implements Disposable {
  readonly #camera: string;
  readonly #options: StateTellerOptions;
  readonly #timer: NodeJS.Timeout;
  #phase: Phase = 'waiting';
  #reason: Reason | undefined;
  #sinceMs = Date.now();
  #reasonSinceMs = this.#sinceMs;
  #downSinceMs: number | undefined;
  #nextTryAtMs: number | undefined;
  #before: Sample;
  #fps = 0;
  #bitrateKbps = 0;
  #decodeCostMs = 0;
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

  /** While it connects again the reason of before stays: it is what a person wants to know. Pictures end it. */
  change(phase: Phase, { reason, nextTryAtMs }: { reason?: Reason; nextTryAtMs?: number } = {}): void {
    const told = phase === 'connecting' ? this.#reason : reason;
    if (phase === this.#phase && told?.code === this.#reason?.code && told?.message === this.#reason?.message) return;
    this.#nextTryAtMs = nextTryAtMs;
    this.#become(phase, told);
    this.#tell();
  }

  #become(phase: Phase, reason: Reason | undefined): void {
    const wasDown = this.#downSinceMs !== undefined;
    const before = this.#condition();
    // A first attempt that fails was no better while it lasted.
    if (phase === 'down') this.#downSinceMs ??= this.#phase === 'connecting' ? this.#sinceMs : Date.now();
    else if (phase !== 'connecting') this.#downSinceMs = undefined;
    if (phase !== this.#phase) this.#sinceMs = Date.now();
    this.#phase = phase;
    this.#reason = reason;
    if (this.#condition() === before) return;
    this.#reasonSinceMs = wasDown ? Date.now() : (this.#downSinceMs ?? Date.now());
  }

  /** What counts as one state with one reason: a camera that is tried again and again is down all the while. */
  #condition(): string {
    return `${this.#downSinceMs === undefined ? this.#phase : 'down'} ${this.#reason?.code}`;
  }

  #sample(): Sample {
    const { packets, bytes, failed, decodeMs } = this.#options.reading;
    return { atMs: performance.now(), packets, bytes, failed, decodeMs };
  }

  #tick(): void {
    const now = this.#sample();
    const seconds = (now.atMs - this.#before.atMs) / 1000;
    if (seconds * 1000 >= MEASURE_MS) {
      this.#fps = (now.packets - this.#before.packets) / seconds;
      this.#bitrateKbps = ((now.bytes - this.#before.bytes) * 8) / 1000 / seconds;
      this.#decodeCostMs = (now.decodeMs - this.#before.decodeMs) / seconds;
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
      this.#become('degraded', {
        code: 'camera-garbage',
        message: `${failed} of ${packets} pictures had errors`,
        cure: 'Use TCP, and see the camera’s network.',
      });
    } else if (cutAtS !== undefined) {
      this.#become('degraded', {
        code: 'file-unreadable',
        message: `the file is cut: it ends after ${cutAtS.toFixed(1)} s, before the length it states`,
        cure: 'What is there is played; copy the file again.',
      });
    } else if (this.#phase === 'degraded') {
      this.#become('live', undefined);
    }
  }

  #tell(): void {
    const { reading, worker } = this.#options;
    const isUp = this.#phase === 'live' || this.#phase === 'degraded';
    const { codec, width, height, promisedFps } = reading;
    this.#options.onState({
      camera: this.#camera,
      state: this.#phase,
      ...(this.#reason === undefined
        ? {}
        : { reason: this.#reason.code, message: this.#reason.message, cure: this.#reason.cure }),
      sinceMs: this.#sinceMs,
      reasonSinceMs: this.#reasonSinceMs,
      ...(this.#downSinceMs === undefined ? {} : { downSinceMs: this.#downSinceMs }),
      ...(this.#nextTryAtMs === undefined ? {} : { nextTryAtMs: this.#nextTryAtMs }),
      updatedAtMs: Date.now(),
      worker,
      ...(codec === undefined ? {} : { codec }),
      ...(width === undefined || height === undefined ? {} : { width, height }),
      ...(promisedFps === undefined ? {} : { fpsPromised: promisedFps }),
      ...(isUp && this.#fps > 0 ? this.#measured() : {}),
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

  #measured(): Pick<CameraState, 'fps' | 'bitrateKbps' | 'decodeCostMs'> {
    return {
      fps: Math.round(this.#fps * 10) / 10,
      bitrateKbps: Math.round(this.#bitrateKbps),
      decodeCostMs: Math.round(this.#decodeCostMs * 10) / 10,
    };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
