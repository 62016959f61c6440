/**
 * Tells from the sizes of packets alone that something began to move: a CUSUM chart (E. S. Page, "Continuous
 * Inspection Schemes", Biometrika 41, 1954) over sizes in robust deviations (median and MAD) of the quiet scene.
 */

/** Sizes of the quiet scene that are kept, and needed before the watch is worth anything. */
const KEPT = 256;
const NEEDED = 24;
/** Deviations that are let pass, that count at most, and the sum that raises the alarm. */
const SLACK = 0.75;
const MOST = 5;
const ALARM = 8;
/** Sizes vary by this share and these bytes at least, even where the quiet scene's never did. */
const LEAST_SHARE = 0.005;
const LEAST_BYTES = 24;

/** `ahead`: shown after all before it (P); `behind`: shown before one that came earlier (B); each has its own sizes. */
export type PacketRole = 'key' | 'ahead' | 'behind';

class QuietSizes {
  readonly #sizes: number[] = [];
  #next = 0;
  #sinceSorted = 0;
  #median = 0;
  #deviation = 1;

  add(size: number): void {
    this.#sizes[this.#next] = size;
    this.#next = (this.#next + 1) % KEPT;
    if (++this.#sinceSorted < 16 && this.#sizes.length > NEEDED) return;
    this.#sinceSorted = 0;
    this.#median = medianOf(this.#sizes);
    const spread = 1.4826 * medianOf(this.#sizes.map((kept) => Math.abs(kept - this.#median)));
    this.#deviation = Math.max(spread, LEAST_SHARE * this.#median, LEAST_BYTES);
  }

  get isLearned(): boolean {
    return this.#sizes.length >= NEEDED;
  }

  deviations(size: number): number {
    return (size - this.#median) / this.#deviation;
  }
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

export class PacketWatch {
  readonly #sizes: Record<PacketRole, QuietSizes> = {
    key: new QuietSizes(),
    ahead: new QuietSizes(),
    behind: new QuietSizes(),
  };
  #sum = 0;
  /** Grows when an alarm was false, so that an encoder with restless sizes does not hold the gate open. */
  #tolerance = 1;

  /** A size of a time in which the pictures did not move. */
  learn(size: number, role: PacketRole): void {
    this.#sizes[role].add(size);
  }

  get isLearned(): boolean {
    return this.#sizes.ahead.isLearned || this.#sizes.key.isLearned;
  }

  /** True when the sizes say that something moves. Keyframes count only in streams that hardly have anything else. */
  sees(size: number, role: PacketRole): boolean {
    const sizes = this.#sizes[role];
    if (role === 'key' && this.#sizes.ahead.isLearned) return false;
    if (!sizes.isLearned) return false;
    const deviations = sizes.deviations(size);
    this.#sum = Math.max(0, this.#sum + Math.min(MOST, deviations) - SLACK);
    if (this.#sum > ALARM * this.#tolerance) return true;
    // What does not look like motion is the quiet scene of now: light and noise change over the day.
    if (this.#sum < ALARM / 2) sizes.add(size);
    return false;
  }

  /** Half-way to an alarm: reason enough to look at the next keyframe. */
  get isUneasy(): boolean {
    return this.#sum > ALARM / 2;
  }

  /** Begins to watch anew. */
  restart(): void {
    this.#sum = 0;
  }

  /** Whether an alarm of `sees` was followed by motion in the pictures. */
  judge(wasMotion: boolean): void {
    this.#tolerance = wasMotion ? Math.max(1, this.#tolerance * 0.7) : Math.min(4, this.#tolerance * 1.5);
  }
}
