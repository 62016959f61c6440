/**
 * Who runs the rules: one process at a time, the others stand by. The lock is renewed with its revision, so that one who
 * slept too long notices and stops; one whose process died on this machine is succeeded at once, any other after ten seconds.
 */
import { hostname } from 'node:os';
import type { NatsConnection } from '@nats-io/nats-core';
import Type from 'typebox';
import { openTable, type Table } from '#models/registry/table.ts';
import { faultCodeOf } from '#models/schema/fault.ts';
import { TimeMs } from '#models/schema/id.ts';
import { BUCKETS } from '#models/wire/streams.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';

const Lock = Type.Object({ holder: Type.String(), renewedAtMs: TimeMs });
type Lock = Type.Static<typeof Lock>;

const NAME = 'rules';
const ASK_EVERY_MS = 500;
const RENEW_EVERY_MS = 2500;
/** Shorter than the bucket's ten seconds: who could not renew for so long stops before another begins. */
const LOST_AFTER_MS = 7500;

type Options = { signal: AbortSignal; logger: Logger; onStandBy: () => void };

/** Does the work whenever this process leads; its signal aborts when it no longer does, or is to end. */
export async function lead(
  connection: NatsConnection,
  { signal, logger, onStandBy }: Options,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const locks = await openTable(connection, Lock, BUCKETS.locks);
  const holder = `${hostname()}:${process.pid}`;
  while (!signal.aborted) {
    const revision = await take(locks, holder).catch((error: Error) => {
      logger.warn({ error: error.message }, 'lock not asked');
      return undefined;
    });
    if (revision === undefined) {
      onStandBy();
      await pause(ASK_EVERY_MS, signal);
      continue;
    }
    await hold(locks, { holder, revision, signal, logger, work });
  }
}

/** The lock's revision; undefined while another has it. */
async function take(locks: Table<Lock>, holder: string): Promise<number | undefined> {
  const value = { holder, renewedAtMs: Date.now() };
  try {
    return await locks.create(NAME, value);
  } catch (error) {
    if (faultCodeOf(error) !== 'already-exists') throw error;
  }
  const held = await locks.get(NAME);
  if (held === undefined || !isDead(held.value.holder)) return undefined;
  return await locks.put(NAME, value, held.revision).catch(() => undefined);
}

/** Only of this machine can that be known. */
function isDead(holder: string): boolean {
  const at = holder.lastIndexOf(':');
  const [host, pid] = [holder.slice(0, at), Number(holder.slice(at + 1))];
  if (host !== hostname() || !Number.isInteger(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

type Holding = {
  holder: string;
  revision: number;
  signal: AbortSignal;
  logger: Logger;
  work: (signal: AbortSignal) => Promise<void>;
};

async function hold(locks: Table<Lock>, { holder, revision, signal, logger, work }: Holding): Promise<void> {
  const lost = new AbortController();
  let renewedAtMs = Date.now();
  let current = revision;
  const renew = async () => {
    const atMs = Date.now();
    try {
      current = await locks.put(NAME, { holder, renewedAtMs: atMs }, current);
      renewedAtMs = atMs;
    } catch (error) {
      const isTaken = faultCodeOf(error) === 'changed-meanwhile';
      if (isTaken || Date.now() - renewedAtMs > LOST_AFTER_MS) lost.abort(new Error('another runs the rules'));
    }
  };
  const renewal = setInterval(() => void renew(), RENEW_EVERY_MS);
  try {
    logger.info({ holder }, 'rules taken over');
    await work(AbortSignal.any([signal, lost.signal]));
  } catch (error) {
    logger.error({ error: (error as Error).message }, 'rules stopped');
    await pause(ASK_EVERY_MS, signal);
  } finally {
    clearInterval(renewal);
    if (!lost.signal.aborted) await locks.remove(NAME, current).catch(() => {});
  }
}
