/** A table of the registry kept in memory by its watch, so that reading costs nothing and outlives a broker's pause. */
import type { Change, Entry, Table } from '#models/registry/table.ts';
import { FaultError } from '#models/schema/fault.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';

/**
 * States: *filling* until the watch has told all that exists, then *current*; when the watch breaks it starts again
 * with backoff, and meanwhile what was known last is told. A write returns once this mirror has seen it.
 */
export type Mirror<Value> = {
  get: (key: string) => Value | undefined;
  entry: (key: string) => MirrorEntry<Value> | undefined;
  list: () => Value[];
  entries: () => MirrorEntry<Value>[];
  /** Asked of the registry: what stood under the key, newest first. */
  versions: (key: string) => Promise<Value[]>;
  create: (key: string, value: Value) => Promise<number>;
  put: (key: string, value: Value, revision?: number) => Promise<number>;
  remove: (key: string, revision?: number) => Promise<void>;
  /** Called after every change, with undefined for a removal; returns how to stop. */
  onChange: (listener: (key: string, value: Value | undefined) => void) => () => void;
  /** Resolves when all that existed at the start is here. */
  filled: Promise<void>;
};

/** `seenAtMs`: when this process was told, or null where it stood there before the watch began. */
export type MirrorEntry<Value> = Entry<Value> & { seenAtMs: number | null };

/** Most time between a write and its coming back over the watch; measured about 2 ms. */
const ECHO_TIMEOUT_MS = 3000;

type Told<Value> = {
  entries: Map<string, MirrorEntry<Value>>;
  listeners: Set<(key: string, value: Value | undefined) => void>;
};

type Options = { name: string; signal: AbortSignal; logger: Logger };

export function mirrorTable<Value>(table: Table<Value>, options: Options): Mirror<Value> {
  const told: Told<Value> = { entries: new Map(), listeners: new Set() };
  const { entries, listeners } = told;
  const filled = Promise.withResolvers<void>();
  void keepFollowing(table, told, { ...options, onCurrent: filled.resolve }).then(filled.resolve);

  async function echoed(key: string, isThere: () => boolean): Promise<void> {
    if (isThere()) return;
    const echo = Promise.withResolvers<void>();
    const listener = (changed: string) => changed === key && isThere() && echo.resolve();
    listeners.add(listener);
    const timer = setTimeout(echo.resolve, ECHO_TIMEOUT_MS);
    await echo.promise;
    clearTimeout(timer);
    listeners.delete(listener);
  }

  const written = async (key: string, writing: Promise<number>) => {
    const revision = await writing;
    await echoed(key, () => (entries.get(key)?.revision ?? 0) >= revision);
    return revision;
  };
  return {
    get: (key) => entries.get(key)?.value,
    entry: (key) => entries.get(key),
    list: () => [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1)).map((entry) => entry.value),
    entries: () => [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
    versions: (key) => table.versions(key),
    create: (key, value) => written(key, table.create(key, value)),
    put: (key, value, revision) => written(key, table.put(key, value, revision)),
    async remove(key, revision) {
      const before = entries.get(key)?.revision ?? 0;
      await table.remove(key, revision);
      await echoed(key, () => (entries.get(key)?.revision ?? before + 1) > before);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    filled: filled.promise,
  };
}

async function keepFollowing<Value>(
  table: Table<Value>,
  told: Told<Value>,
  { name, signal, logger, onCurrent }: Options & { onCurrent: () => void },
): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    const current = () => {
      attempt = 0;
      onCurrent();
    };
    try {
      await follow(table, told, { signal, onCurrent: current });
    } catch (error) {
      logger.warn({ table: name, error: (error as Error).message }, 'watch of the registry broke');
    }
    await pause(backoffMs(attempt, { baseMs: 200, capMs: 5000 }), signal);
  }
}

/** One watch, from all that exists to its end; what it did not tell by then is gone. */
async function follow<Value>(
  table: Table<Value>,
  told: Told<Value>,
  { signal, onCurrent }: { signal: AbortSignal; onCurrent: () => void },
): Promise<void> {
  const seen = new Set<string>();
  let isCurrent = false;
  for await (const change of table.watch({ signal })) {
    if (change.type === 'current') {
      isCurrent = true;
      const gone = [...told.entries.keys()].filter((key) => !seen.has(key));
      for (const key of gone) apply({ type: 'removed', key, revision: 0 }, told, { isNews: true });
      onCurrent();
    } else {
      if (!isCurrent) seen.add(change.key);
      apply(change, told, { isNews: isCurrent });
    }
  }
}

function apply<Value>(
  change: Exclude<Change<Value>, { type: 'current' }>,
  { entries, listeners }: Told<Value>,
  { isNews }: { isNews: boolean },
): void {
  if (change.type === 'removed') entries.delete(change.key);
  else {
    const { key, value, revision } = change;
    entries.set(key, { key, value, revision, seenAtMs: isNews ? Date.now() : null });
  }
  const value = change.type === 'put' ? change.value : undefined;
  for (const listener of listeners) listener(change.key, value);
}

/** Waits for all mirrors; throws FaultError `broker-unreachable` where the registry does not come within `timeoutMs`. */
export async function allFilled(mirrors: { filled: Promise<void> }[], timeoutMs = 15_000): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      late.reject(new FaultError('broker-unreachable', `the registry did not come within ${timeoutMs / 1000} seconds`)),
    timeoutMs,
  );
  try {
    await Promise.race([Promise.all(mirrors.map((mirror) => mirror.filled)), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
