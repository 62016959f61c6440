/** Turns a stream's own time into wall clock time, free of the network's jitter, and notices when it jumps. */

/** A stream's time may lie this far off its prediction before it counts as a jump. */
const JUMP_S = 2;
/** Pictures that come late (a stalled network) are late, not wrong; only if all do for this long the clock is set anew. */
const LATE_FOR_MS = 5000;

/**
 * Keeps one offset between wall clock and stream. A packet can only be late, so an early one moves the offset quickly
 * and a late one hardly (which still follows clocks that drift against each other by 0.1 %).
 */
export class StreamClock {
  #offsetMs: number | undefined;
  #lastS = 0;
  #lateSinceMs: number | undefined;
  #lastCapturedAtMs = 0;
  #elapsedS = 0;
  #lastFrameS: number | undefined;
  #jumps = 0;

  /** Times since the last call that the stream's time jumped, or a frame was no later than the one before it. */
  takeJumps(): number {
    const jumps = this.#jumps;
    this.#jumps = 0;
    return jumps;
  }

  /** For every packet as it arrives. `ptsS` may go back a little, as B-frames do. */
  observe(ptsS: number, nowMs: number): void {
    const rawMs = nowMs - ptsS * 1000;
    if (this.#offsetMs === undefined) {
      this.#offsetMs = rawMs;
      this.#lastS = ptsS;
      return;
    }
    const lateMs = rawMs - this.#offsetMs;
    const isBack = ptsS < this.#lastS - JUMP_S;
    if (isBack || lateMs < -JUMP_S * 1000 || this.#isLateTooLong(lateMs, nowMs)) {
      this.#jumps++;
      this.#offsetMs = rawMs;
      this.#lastS = ptsS;
      this.#lateSinceMs = undefined;
      return;
    }
    this.#lastS = Math.max(this.#lastS, ptsS);
    this.#offsetMs += lateMs < 0 ? lateMs * 0.2 : Math.min(lateMs, 200) * 0.002;
  }

  #isLateTooLong(lateMs: number, nowMs: number): boolean {
    if (lateMs < JUMP_S * 1000) {
      this.#lateSinceMs = undefined;
      return false;
    }
    this.#lateSinceMs ??= nowMs;
    return nowMs - this.#lateSinceMs > LATE_FOR_MS;
  }

  /** When the camera saw it: never in the future, never before what was told last. */
  capturedAtMs(ptsS: number, nowMs: number): number {
    this.#lastCapturedAtMs = Math.max(this.#lastCapturedAtMs + 1, this.seenAtMs(ptsS, nowMs));
    return this.#lastCapturedAtMs;
  }

  /** The same for a single packet, in whatever order. */
  seenAtMs(ptsS: number, nowMs: number): number {
    return Math.round(Math.min(nowMs, ptsS * 1000 + (this.#offsetMs ?? nowMs - ptsS * 1000)));
  }

  /** Seconds since the first frame, for frames in the order they are shown; grows always. */
  elapsedS(ptsS: number, frameIntervalS: number): number {
    const last = this.#lastFrameS;
    this.#lastFrameS = ptsS;
    if (last === undefined) return 0;
    const step = ptsS - last;
    if (step <= 0) this.#jumps++;
    this.#elapsedS += step > 0 && step < 60 ? step : frameIntervalS;
    return this.#elapsedS;
  }
}
