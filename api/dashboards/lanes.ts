/** So many queries of dashboards run at once, in all: the store's lanes of this account serve heat maps, too. */
export type Gate = <Result>(signal: AbortSignal, work: () => Promise<Result>) => Promise<Result>;

/** First come, first served; who leaves while waiting is not served. The queue is bounded by those who may ask at once. */
export function openGate(places: number): Gate {
  let free = places;
  const queue: (() => void)[] = [];
  async function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (free > 0) {
      free--;
      return;
    }
    const turn = Promise.withResolvers<void>();
    const onAbort = () => {
      queue.splice(queue.indexOf(turn.resolve), 1);
      turn.reject(signal.reason);
    };
    queue.push(turn.resolve);
    signal.addEventListener('abort', onAbort, { once: true });
    await turn.promise;
    signal.removeEventListener('abort', onAbort);
  }
  return async (signal, work) => {
    await enter(signal);
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
