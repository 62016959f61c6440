/** A table of the registry as a map that keeps up with it, also across restarts of the broker. */
import type { Change, Table } from '#models/registry/table.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';

export type Seen<Value> = {
  value: Value;
  revision: number;
  /** `performance.now()` when this revision was first seen here. */
  seenAtMs: number;
};

export type Followed<Value> = {
  entries: () => ReadonlyMap<string, Seen<Value>>;
  /** Resolves when everything that was there has been read once. */
  whenCurrent: Promise<void>;
  /** Reads everything anew: after a reconnect, say. */
  refresh: () => void;
};

export type FollowOptions = {
  signal: AbortSignal;
  logger: Logger;
  /** A watch can go silent when the broker restarts: it is made anew this often in any case. */
  refreshIntervalMs?: number;
  onChange?: () => void;
};

/** While the broker is away the map stays as it was; a new reading replaces it as a whole when it is complete. */
export function followTable<Value>(table: Table<Value>, options: FollowOptions): Followed<Value> {
  const { signal, logger, refreshIntervalMs = 60_000, onChange = () => {} } = options;
  const current = Promise.withResolvers<void>();
  let entries = new Map<string, Seen<Value>>();
  let round = new AbortController();

  async function readRound(): Promise<void> {
    round = new AbortController();
    const until = AbortSignal.any([signal, round.signal, AbortSignal.timeout(refreshIntervalMs)]);
    const before = entries;
    let fresh: Map<string, Seen<Value>> | undefined = new Map();
    for await (const change of table.watch({ signal: until })) {
      if (change.type === 'current') {
        if (fresh !== undefined) entries = fresh;
        fresh = undefined;
        current.resolve();
      } else {
        apply(fresh ?? entries, change, before);
      }
      if (fresh === undefined) onChange();
    }
  }
  void (async () => {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await readRound();
        failures = 0;
      } catch (error) {
        failures++;
        if (failures === 3) logger.warn({ error: (error as Error).message }, 'registry watch failed');
        await pause(backoffMs(failures, { baseMs: 250, capMs: 5000 }), signal);
      }
    }
  })();
  return { entries: () => entries, whenCurrent: current.promise, refresh: () => round.abort() };
}

function apply<Value>(
  entries: Map<string, Seen<Value>>,
  change: Exclude<Change<Value>, { type: 'current' }>,
  before: ReadonlyMap<string, Seen<Value>>,
): void {
  if (change.type === 'removed') {
    entries.delete(change.key);
    return;
  }
  const known = entries.get(change.key) ?? before.get(change.key);
  const seenAtMs = known?.revision === change.revision ? known.seenAtMs : performance.now();
  entries.set(change.key, { value: change.value, revision: change.revision, seenAtMs });
}
