/** Waiting for a time to be reached by what is told of it: the newest packet of a ring, the newest look. */

export type Moments = {
  /** So far it has come. */
  tell: (atMs: number) => void;
  /** Resolves once it has come that far, nothing more will come, or the signal aborts. */
  reached: (atMs: number, signal: AbortSignal) => Promise<void>;
  /** Nothing more will come for now: whoever waits goes on with what there is. */
  end: () => void;
};

export function createMoments(): Moments {
  let nowMs = Number.NEGATIVE_INFINITY;
  const waiting = new Set<{ atMs: number; done: () => void }>();
  function wake(until: number): void {
    for (const one of waiting) if (one.atMs <= until) one.done();
  }
  return {
    tell(atMs) {
      nowMs = Math.max(nowMs, atMs);
      if (waiting.size > 0) wake(nowMs);
    },
    reached(atMs, signal) {
      if (atMs <= nowMs || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const done = () => {
          waiting.delete(one);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const one = { atMs, done };
        waiting.add(one);
        signal.addEventListener('abort', done, { once: true });
      });
    },
    end: () => wake(Number.POSITIVE_INFINITY),
  };
}
