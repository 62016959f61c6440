/** Groups what comes into batches: by weight, or by time where little comes. */

type Options<Item> = {
  weigh: (item: Item) => number;
  weightMax: number;
  /** Batches follow each other at least this fast while something comes. */
  everyMs: number;
};

/**
 * A batch ends when it is heavy enough or `everyMs` after the one before it ended, so that the time the reader of
 * batches needs does not add to the wait. Pull is the backpressure: nothing is read while nobody asks for a batch.
 * When the source ends, what is there goes out as the last batch.
 */
export async function* batches<Item>(source: AsyncIterable<Item>, options: Options<Item>): AsyncGenerator<Item[]> {
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  let endedAtMs = 0;
  for (;;) {
    const first = await next;
    if (first.done) return;
    const batch = [first.value];
    let weight = options.weigh(first.value);
    next = iterator.next();
    const timer = deadline(Math.max(0, Math.min(options.everyMs, endedAtMs + options.everyMs - Date.now())));
    while (weight < options.weightMax) {
      const result = await Promise.race([next, timer.passed]);
      if (result === undefined || result.done) break;
      batch.push(result.value);
      weight += options.weigh(result.value);
      next = iterator.next();
    }
    timer.clear();
    endedAtMs = Date.now();
    yield batch;
  }
}

function deadline(ms: number): { passed: Promise<undefined>; clear: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  return { passed: promise, clear: () => clearTimeout(timer) };
}
