/**
 * Tells from the sizes of packets alone that something began to move: a CUSUM chart (E. S. Page, "Continuous
 * Inspection Schemes", Biometrika 41, 1954) over sizes in robust deviations (median and MAD) of the quiet scene.
 */

/** Sizes of the quiet scene that are kept per phase and in all, and needed before they are worth anything. */
const KEPT_PER_PHASE = 128;
const NEEDED_PER_PHASE = 3;
const KEPT = 512;
const NEEDED = 40;
/** Deviations that are let pass, that count at most, and the sum that raises the alarm. */
const SLACK = 1;
const MOST = 5;
const ALARM = 10;
/** Sizes vary by this share and these bytes at least, even where the quiet scene's never did. */
const LEAST_SHARE = 0.005;
const LEAST_BYTES = 24;
/** Packets since the keyframe at which a new phase begins: a GOP's sizes settle, and grow again towards its end. */
const PHASE_STARTS = [1, 2, 3, 4, 5, 6, 8, 11, 16, 26, 51, 101, 201];

/** `ahead`: shown after all before it (P); `behind`: shown before one that came earlier (B); each has its own sizes. */
export type PacketRole = 'key' | 'ahead' | 'behind';

/** The last values, and their median, sorted anew only now and then. */
class Recent {
  readonly #values: number[] = [];
  readonly #capacity: number;
  #next = 0;
  #untilSorted = 0;
  #median = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get count(): number {
    return this.#values.length;
  }

  add(value: number): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % this.#capacity;
    if (this.#untilSorted-- > 0) return;
    this.#median = this.#values.toSorted((a, b) => a - b)[this.#values.length >> 1]!;
    this.#untilSorted = this.#values.length < this.#capacity ? this.#values.length >> 3 : this.#capacity >> 3;
  }

  get median(): number {
    return this.#median;
  }
}

/** Sizes of one role in the quiet scene: a median per phase of the GOP, and how far sizes lie from it. */
class QuietSizes {
  readonly #phases = PHASE_STARTS.map(() => new Recent(KEPT_PER_PHASE));
  readonly #distances = new Recent(KEPT);

  #phase(sinceKey: number): Recent {
    return this.#phases[PHASE_STARTS.findLastIndex((start) => sinceKey >= start)] ?? this.#phases[0]!;
  }

  add(size: number, sinceKey: number): void {
    const phase = this.#phase(sinceKey);
    if (phase.count >= NEEDED_PER_PHASE) this.#distances.add(Math.abs(size - phase.median));
    phase.add(size);
  }

  get isLearned(): boolean {
    return this.#distances.count >= NEEDED;
  }

  /** undefined while too little is known of this phase. */
  deviations(size: number, sinceKey: number): number | undefined {
    const phase = this.#phase(sinceKey);
    if (!this.isLearned || phase.count < NEEDED_PER_PHASE) return undefined;
    const deviation = Math.max(1.4826 * this.#distances.median, LEAST_SHARE * phase.median, LEAST_BYTES);
    return (size - phase.median) / deviation;
  }
}

export class PacketWatch {
  readonly #sizes: Record<PacketRole, QuietSizes> = {
    key: new QuietSizes(),
    ahead: new QuietSizes(),
    behind: new QuietSizes(),
  };
  #sum = 0;
  #sinceKey = 0;
  /** Grows when an alarm was false, so that an encoder with restless sizes does not hold the gate open. */
  #tolerance = 1.5;

  /** A size of a time in which the pictures did not move. */
  learn(size: number, role: PacketRole): void {
    this.#count(role);
    this.#sizes[role].add(size, this.#sinceKey);
  }

  /** A size of a time of which that is not known. */
  pass(role: PacketRole): void {
    this.#count(role);
  }

  #count(role: PacketRole): void {
    this.#sinceKey = role === 'key' ? 0 : this.#sinceKey + 1;
  }

  get isLearned(): boolean {
    return this.#sizes.ahead.isLearned || this.#sizes.key.isLearned;
  }

  /** True when the sizes say that something moves. Keyframes count only in streams that hardly have anything else. */
  sees(size: number, role: PacketRole): boolean {
    this.#count(role);
    if (role === 'key' && this.#sizes.ahead.isLearned) return false;
    const sizes = this.#sizes[role];
    const deviations = sizes.deviations(size, this.#sinceKey);
    if (deviations !== undefined) this.#sum = Math.max(0, this.#sum + Math.min(MOST, deviations) - SLACK);
    if (this.#sum > ALARM * this.#tolerance) return true;
    // What does not look like motion is the quiet scene of now: light and noise change over the day.
    if (this.#sum < ALARM / 2) sizes.add(size, this.#sinceKey);
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
