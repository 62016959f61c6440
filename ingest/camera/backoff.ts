/** How long to leave a camera alone after a failure: capped, jittered, and long where it refused our password. */
import type { FaultCode } from '#models/schema/fault.ts';
import { backoffMs } from '#system/lifecycle.ts';
import type { CameraTimings } from './timings.ts';

/** Each further try is a failed login to the camera, which may lock out. */
const REFUSALS: ReadonlySet<FaultCode> = new Set(['camera-unauthorised', 'camera-needs-sha-256', 'camera-locked']);

export class Backoff {
  readonly #timings: CameraTimings;
  #failures = 0;
  #refusals = 0;

  constructor(timings: CameraTimings) {
    this.#timings = timings;
  }

  /** Failures in a row, without a stable time between them. */
  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds to wait. A camera that flaps (comes and goes before it is stable) waits longer every time. */
  after(code: FaultCode, liveForMs: number): number {
    const timings = this.#timings;
    if (liveForMs >= timings.stableMs) this.#failures = 0;
    if (liveForMs > 0) this.#refusals = 0;
    const failures = this.#failures++;
    if (!REFUSALS.has(code)) {
      return backoffMs(failures, { baseMs: timings.retryBaseMs, capMs: timings.retryCapMs });
    }
    const refusals = this.#refusals++;
    if (refusals === 0) return backoffMs(0, { baseMs: timings.unauthorisedOnceMs, capMs: timings.unauthorisedOnceMs });
    return backoffMs(refusals - 1, { baseMs: timings.unauthorisedBaseMs, capMs: timings.unauthorisedCapMs });
  }
}
