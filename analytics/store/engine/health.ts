/** Whether the store is well: the engine answers, and there is room for inserts. */
import { FAULTS } from '#models/schema/fault.ts';
import type { Config } from '#system/config.ts';
import type { ProcessHealth } from '#system/control.ts';
import type { Store } from './store.ts';
import { asStoreError, type StoreError } from './store-error.ts';

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
      ...(fault === undefined ? {} : { message: fault.message, cure: cureOf(fault) }),
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

async function findFault(store: Store): Promise<StoreError | undefined> {
  try {
    await store.isWell();
    await store.disk.check();
    return undefined;
  } catch (error) {
    return asStoreError(error);
  }
}

/** The code of an insert that finds too little room. */
const NOT_ENOUGH_SPACE = 243;

const cureOf = ({ code }: StoreError) =>
  code === NOT_ENOUGH_SPACE
    ? FAULTS['disk-full'].cure
    : 'Read data/logs/store.log; end the store’s process, and it is started again with all that it had acknowledged.';
