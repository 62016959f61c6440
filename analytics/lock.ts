/** A lock in JetStream KV: one process at a time does a piece of work; a holder that dies loses it after ten seconds. */
import type { NatsConnection } from '@nats-io/nats-core';
import Type from 'typebox';
import { openTable } from '#models/registry/table.ts';
import { faultCodeOf } from '#models/schema/fault.ts';
import { TimeMs } from '#models/schema/id.ts';
import { BUCKETS } from '#models/wire/streams.ts';
import { pause } from '#system/lifecycle.ts';

const Lock = Type.Object({ holder: Type.String(), renewedAtMs: TimeMs });

type Options = { holder: string; signal: AbortSignal; timeoutMs?: number };

/** Waits for the lock, does the work, and gives the lock back. Throws when the lock is not free within `timeoutMs`. */
export async function withLock(
  connection: NatsConnection,
  name: string,
  { holder, signal, timeoutMs = 60_000, work }: Options & { work: () => Promise<void> },
): Promise<void> {
  const locks = await openTable(connection, Lock, BUCKETS.locks);
  const value = () => ({ holder, renewedAtMs: Date.now() });
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      await locks.create(name, value());
      break;
    } catch (error) {
      if (faultCodeOf(error) !== 'already-exists') throw error;
      if (Date.now() > deadline || signal.aborted)
        throw new Error(`the lock "${name}" was not free within ${timeoutMs / 1000} s`, { cause: error });
      await pause(200, signal);
    }
  }
  const renewal = setInterval(() => void locks.put(name, value()).catch(() => {}), 3000);
  try {
    await work();
  } finally {
    clearInterval(renewal);
    await locks.remove(name);
  }
}
