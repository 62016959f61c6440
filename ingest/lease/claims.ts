/** Which cameras this worker has: claimed in the registry's leases, renewed in time, given up when another needs work. */
import type { Lease, WorkerMark } from '#models/registry/registry.ts';
import type { Table } from '#models/registry/table.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { followTable } from './follow.ts';
import { Keeper } from './keeper.ts';
import { createNudge, type Nudge } from './nudge.ts';

export type Claim = {
  camera: string;
  /** Grows with every taking of the camera, also where the leases were lost: later holders have higher ones. */
  term: number;
};

export type ClaimOptions = {
  worker: string;
  cameraCap: number;
  leases: Table<Lease>;
  workers: Table<WorkerMark>;
  /** Cameras that somebody should have: those registered and enabled. */
  wanted: () => ReadonlySet<string>;
  isConnected: () => boolean;
  /** Given when the registered cameras changed: what is new is claimed at once. */
  changed?: Nudge;
  /** Something was claimed or lost. */
  onHeld?: () => void;
  signal: AbortSignal;
  logger: Logger;
  /** Of the buckets of leases and workers. */
  lifetimeMs?: number;
};

/**
 * A camera is **free** (no lease, or one that was not renewed for its lifetime), **held** (by us, renewed every three
 * seconds) or **another's**. A worker claims free cameras up to its fair share; what it has above the share is
 * `surplus`, which its owner drains and then releases. While the broker is away nothing changes: nobody can take a
 * lease then, so work goes on. A lease that expired meanwhile is claimed again with a new term, unless another was
 * faster: then it is gone from `held`.
 */
export type Claims = AsyncDisposable & {
  held: () => ReadonlyMap<string, Claim>;
  /** Held, but not ours to keep: no longer wanted, or above the fair share. */
  surplus: () => ReadonlySet<string>;
  /** Gives a camera back at once, for others to take. */
  release: (camera: string) => Promise<void>;
  counts: () => { cameras: number; workers: number; unclaimed: number };
};

const TICK_MS = 500;
/** Many changes in a row, an import say, do not make more rounds than this. */
const ROUND_MIN_MS = 100;
const CONNECTION_WATCH_MS = 100;
const FAREWELL_MS = 2000;

export async function openClaims(options: ClaimOptions): Promise<Claims> {
  const { worker, signal, logger, changed = createNudge() } = options;
  const following = { signal, logger };
  const leases = followTable(options.leases, following);
  const workers = followTable(options.workers, following);
  const keeper = new Keeper(options, leases, workers);
  await Promise.race([Promise.all([leases.whenCurrent, workers.whenCurrent]), pause(10_000, signal)]);
  const watching = setInterval(() => keeper.watchConnection(), CONNECTION_WATCH_MS).unref();
  const loop = (async () => {
    await keeper.mark().catch((error: Error) => logger.warn({ error: error.message }, 'worker not marked'));
    // Others that start now get a moment to show themselves before the cameras are shared.
    await pause(TICK_MS, signal);
    while (!signal.aborted) {
      const before = [...keeper.held.keys()].join();
      await keeper.tick().catch((error: Error) => logger.warn({ error: error.message }, 'leases not kept'));
      if ([...keeper.held.keys()].join() !== before) options.onHeld?.();
      await pause(ROUND_MIN_MS, signal);
      await changed.wait(TICK_MS - ROUND_MIN_MS, signal);
    }
  })();
  return {
    held: () => keeper.held,
    surplus: () => keeper.surplus(),
    release: (camera) => keeper.release(camera),
    counts: () => keeper.counts(),
    async [Symbol.asyncDispose]() {
      clearInterval(watching);
      const farewell = async () => {
        await loop;
        await Promise.all([...keeper.held.keys()].map((camera) => keeper.release(camera)));
        if (options.isConnected()) await options.workers.remove(worker).catch(() => {});
      };
      // A broker that hangs must not hold up the end: what is not given back expires.
      await Promise.race([farewell(), pause(FAREWELL_MS)]);
    },
  };
}
