/** Between the reader and whoever looks: at most `capacity` frames wait; live video drops the oldest, files wait. */
import type { Sight } from '#ingest/sight.ts';

type Options = {
  capacity: number;
  /** true: a full queue drops its oldest frame and says so; false: `push` waits for room, nothing is lost. */
  isDropping: boolean;
  onDropped: () => void;
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

  async push(sight: Sight): Promise<void> {
    if (sight.type === 'frame') await this.#makeRoom();
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

  async #makeRoom(): Promise<void> {
    const { capacity, isDropping, onDropped } = this.#options;
    while (!this.#isEnded && this.#frames() >= capacity) {
      if (isDropping) {
        const [oldest] = this.#sights.splice(
          this.#sights.findIndex((sight) => sight.type === 'frame'),
          1,
        );
        if (oldest !== undefined) disposeSight(oldest);
        onDropped();
      } else {
        await new Promise<void>((resolve) => {
          this.#wakePusher = resolve;
        });
      }
    }
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
    for (const sight of this.#sights.splice(0)) {
      if (sight.type === 'frame') this.#options.onDropped();
      disposeSight(sight);
    }
  }
}

export function disposeSight(sight: Sight): void {
  if (sight.type === 'frame') sight.frame[Symbol.dispose]();
}
