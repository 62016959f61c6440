/** Between the reader and whoever looks: at most `capacity` frames wait; live video drops the oldest, files wait. */
import type { Sight } from '#ingest/sight.ts';

type Options = {
  capacity: number;
  /** true: a full queue drops its oldest frame and says so; false: `push` waits for room, nothing is lost. */
  isDropping: boolean;
};

/** Open until `end` is called; frames that still wait then are handed out unless `discard` threw them away. */
export class SightQueue {
  readonly #sights: Sight[] = [];
  readonly #options: Options;
  #isEnded = false;
  #error: unknown;
  #wakeTaker: (() => void) | undefined;
  #wakePusher: (() => void) | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  get isDropping(): boolean {
    return this.#options.isDropping;
  }

  /** `patientUntilMs` (of `performance.now()`): until then a dropping queue waits for room, too. */
  async push(sight: Sight, { patientUntilMs = 0 }: { patientUntilMs?: number } = {}): Promise<void> {
    if (sight.type === 'frame') await this.#makeRoom(patientUntilMs);
    if (this.#isEnded) {
      disposeSight(sight);
      return;
    }
    const last = this.#sights.at(-1);
    // A later word that all is quiet says what an earlier one said.
    if (sight.type === 'quiet' && last?.type === 'quiet') this.#sights.pop();
    this.#sights.push(sight);
    this.#wakeTaker?.();
  }

  async #makeRoom(patientUntilMs: number): Promise<void> {
    const { capacity, isDropping } = this.#options;
    while (!this.#isEnded && this.#frames() >= capacity) {
      const patienceMs = patientUntilMs - performance.now();
      if (!isDropping) await this.#roomWithin();
      else if (patienceMs > 0) await this.#roomWithin(patienceMs);
      else this.#dropOldest();
    }
  }

  #roomWithin(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.#wakePusher = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #dropOldest(): void {
    const index = this.#sights.findIndex((sight) => sight.type === 'frame');
    for (const oldest of this.#sights.splice(index, 1)) dropSight(oldest);
  }

  #frames(): number {
    return this.#sights.reduce((count, sight) => count + (sight.type === 'frame' ? 1 : 0), 0);
  }

  /** undefined when the queue has ended and is empty; throws the error it ended with. */
  async take(): Promise<Sight | undefined> {
    for (;;) {
      const sight = this.#sights.shift();
      if (sight !== undefined) {
        this.#wakePusher?.();
        return sight;
      }
      if (this.#isEnded) {
        if (this.#error !== undefined) throw this.#error;
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#wakeTaker = resolve;
      });
    }
  }

  end(error?: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#error = error;
    this.#wakeTaker?.();
    this.#wakePusher?.();
  }

  /** Ends, and disposes what still waits. */
  discard(): void {
    this.end();
    for (const sight of this.#sights.splice(0)) dropSight(sight);
  }
}

function dropSight(sight: Sight): void {
  if (sight.type === 'frame') sight.frame.letGo?.();
  disposeSight(sight);
}

export function disposeSight(sight: Sight): void {
  if (sight.type === 'frame') sight.frame[Symbol.dispose]();
}
