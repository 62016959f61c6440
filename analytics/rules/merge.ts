/**
 * What many cameras say, in the order in which it happened. The watermark is how far all have come that spoke in the
 * last ten seconds, and two seconds behind the fastest; what comes after the watermark has passed is late, and said to be.
 */
const SILENCE_MS = 10_000;
const LATENESS_MS = 2000;
const WAITING_MAX = 200_000;

export type Item<Payload> = { camera: string; atMs: number; order: number; payload: Payload };
export type MergeState<Payload> = {
  latest: Map<string, number>;
  waiting: Item<Payload>[];
  fastestMs: number;
  watermarkMs: number;
  orders: Map<string, number>;
};

export type Merge<Payload> = {
  /** Takes one in and returns what is due now, in order; a late one with its time moved up to the watermark. */
  add: (camera: string, atMs: number, payload: Payload) => { item: Item<Payload>; isLate: boolean }[];
  save: () => MergeState<Payload>;
  load: (state: MergeState<Payload>) => void;
};

export function createMerge<Payload>(): Merge<Payload> {
  let state: MergeState<Payload> = {
    ...{ latest: new Map(), waiting: [], fastestMs: 0, watermarkMs: 0, orders: new Map() },
  };

  function insert(item: Item<Payload>): void {
    const { waiting } = state;
    let at = waiting.length;
    while (at > 0 && isBefore(item, waiting[at - 1]!)) at--;
    waiting.splice(at, 0, item);
  }

  function advance(): void {
    let slowestMs = state.fastestMs - LATENESS_MS;
    for (const lastMs of state.latest.values())
      if (lastMs >= state.fastestMs - SILENCE_MS && lastMs < slowestMs) slowestMs = lastMs;
    if (slowestMs > state.watermarkMs) state.watermarkMs = slowestMs;
  }

  return {
    add(camera, atMs, payload) {
      const order = (state.orders.get(camera) ?? 0) + 1;
      state.orders.set(camera, order);
      state.latest.set(camera, Math.max(atMs, state.latest.get(camera) ?? 0));
      state.fastestMs = Math.max(state.fastestMs, atMs);
      if (atMs < state.watermarkMs)
        return [{ item: { camera, atMs: state.watermarkMs, order, payload }, isLate: true }];
      insert({ camera, atMs, order, payload });
      advance();
      let due = 0;
      const { waiting } = state;
      while (due < waiting.length && (waiting[due]!.atMs <= state.watermarkMs || waiting.length - due > WAITING_MAX))
        due++;
      return waiting.splice(0, due).map((item) => ({ item, isLate: false }));
    },
    save: () => state,
    load(saved) {
      state = saved;
    },
  };
}

function isBefore<Payload>(a: Item<Payload>, b: Item<Payload>): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  return a.camera === b.camera ? a.order < b.order : a.camera < b.camera;
}
