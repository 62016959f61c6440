/** Whether the store is well: the engine answers, and there is room for inserts. */
import type { Config } from '#system/config.ts';
import type { ProcessHealth } from '#system/control.ts';
import type { Store } from './store.ts';
import { asStoreError } from './store-error.ts';

export function createHealth(store: Store, config: Pick<Config, 'storeReservedMb'>): () => Promise<ProcessHealth> {
  const startedAtMs = Date.now();
  return async () => {
    const fault = await findFault(store);
    const lanes = Object.values(store.lanes).map((lane) => [
      lane.name,
      { slots: lane.slots, running: lane.running(), waiting: lane.waiting() },
    ]);
    return {
      role: 'store',
      process: `store-${process.pid}`,
      isWell: fault === undefined,
      ...(fault === undefined ? {} : { message: fault }),
      startedAtMs,
      details: {
        version: store.version,
        lanes: Object.fromEntries(lanes),
        sessions: store.sessions.count(),
        freeMb: Math.floor((await store.disk.freeBytes()) / 1024 / 1024),
        reservedMb: config.storeReservedMb,
      },
    };
  };
}

async function findFault(store: Store): Promise<string | undefined> {
  try {
    await store.isWell();
    await store.disk.check();
    return undefined;
  } catch (error) {
    return asStoreError(error).message;
  }
}
