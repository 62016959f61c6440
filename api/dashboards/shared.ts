/**
 * Answers that many share: who asks what another asks already waits for the same answer, and it is kept for the next, the
 * one used longest ago forgotten first. States of an answer: *being made* while somebody waits for it, *kept* afterwards.
 */
export type Kept = { body: Buffer; etag: string };

export type Shared = {
  /** `make` ends when nobody waits any more. `signal` is the one asker's. */
  get: (key: string, signal: AbortSignal, make: (signal: AbortSignal) => Promise<Kept>) => Promise<Kept>;
};

type Making = { answer: Promise<Kept>; waiting: number; nobody: AbortController };

type Options = { bytesMax: number; onAnswer?: (how: 'made' | 'shared') => void };

export function openShared({ bytesMax, onAnswer = () => {} }: Options): Shared {
  const kept = new Map<string, Kept>();
  const making = new Map<string, Making>();
  let bytes = 0;

  function keep(key: string, answer: Kept): void {
    if (answer.body.length > bytesMax / 4) return;
    kept.set(key, answer);
    bytes += answer.body.length;
    for (const [oldest, { body }] of kept) {
      if (bytes <= bytesMax) break;
      kept.delete(oldest);
      bytes -= body.length;
    }
  }

  function begin(key: string, make: (signal: AbortSignal) => Promise<Kept>): Making {
    const nobody = new AbortController();
    onAnswer('made');
    const answer = make(nobody.signal)
      .then((made) => {
        keep(key, made);
        return made;
      })
      .finally(() => making.get(key)?.nobody === nobody && making.delete(key));
    // Those who wait are told; where nobody does, nobody need be.
    answer.catch(() => undefined);
    const one = { answer, waiting: 0, nobody };
    making.set(key, one);
    return one;
  }

  return {
    async get(key, signal, make) {
      signal.throwIfAborted();
      const found = kept.get(key);
      if (found !== undefined) {
        onAnswer('shared');
        kept.delete(key);
        kept.set(key, found);
        return found;
      }
      const current = making.get(key);
      if (current !== undefined) onAnswer('shared');
      const one = current ?? begin(key, make);
      one.waiting++;
      const left = Promise.withResolvers<never>();
      const onAbort = () => left.reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        return await Promise.race([one.answer, left.promise]);
      } finally {
        signal.removeEventListener('abort', onAbort);
        one.waiting--;
        if (one.waiting === 0) {
          one.nobody.abort(new Error('nobody waits for it any more'));
          // Who comes now begins anew, instead of sharing what is being ended.
          if (making.get(key) === one) making.delete(key);
        }
      }
    },
  };
}
