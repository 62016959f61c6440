/**
 * Asks our own nats-server whether its streams work. After a full disk nats-server 2.9 keeps its connections, but answers
 * nothing about streams any more, also once there is room: then nothing helps but to start it again, from what is on the disk.
 */
import { statfs } from 'node:fs/promises';
import { type Broker, openBroker } from './broker.ts';
import type { Children } from './children.ts';
import type { Config } from './config.ts';
import { pause } from './lifecycle.ts';
import type { Logger } from './logs.ts';

type Timing = {
  /** Between two questions, and how long one waits for its answer. */
  everyMs: number;
  /** So many questions in a row without an answer, and it counts as deaf. */
  missesMax: number;
  /** From asking it to end until it is killed. */
  graceMs: number;
};

const TIMING: Timing = { everyMs: 5000, missesMax: 4, graceMs: 10_000 };
/** With less it would be deaf again at once. */
const ROOM_BYTES = 64 * 1024 ** 2;

type Options = { children: Children; logger: Logger; timing?: Timing };

/**
 * Watches the child `nats` until it is disposed. States of a server: *beginning*, until its first answer (it may have much to
 * read; it is given all its time), *well*, and *deaf*. Questions are counted, not time: who stood still itself heard nothing either.
 */
export function watchOwnBroker(config: Config, { children, logger, timing = TIMING }: Options): AsyncDisposable {
  const stopping = new AbortController();
  const { signal } = stopping;
  const { everyMs, missesMax, graceMs } = timing;
  const pidOf = () => children.status().find(({ name }) => name === 'nats')?.pid;
  let broker: Broker | undefined;

  async function isHeard(): Promise<boolean> {
    if (broker?.connection.isClosed() === true) broker = undefined;
    broker ??= await openBroker(config, 'site', { logger, name: 'watch', timeoutMs: 0, signal }).catch(() => undefined);
    return broker !== undefined && (await answers(broker, everyMs));
  }

  async function watch(): Promise<void> {
    let [pid, misses, hasAnswered] = [pidOf(), 0, false];
    while (!signal.aborted) {
      const heard = await isHeard();
      if (pidOf() !== pid) [pid, misses, hasAnswered] = [pidOf(), 0, false];
      if (heard && !hasAnswered) logger.info({ childPid: pid }, 'broker well');
      hasAnswered ||= heard;
      misses = heard || !hasAnswered || !(await hasRoom(config.dataDir)) ? 0 : misses + 1;
      if (pid !== undefined && misses > missesMax) await startAgain(pid);
      await pause(everyMs, signal);
    }
  }

  /** Whoever supervises it starts it when it has ended. */
  async function startAgain(pid: number): Promise<void> {
    logger.error({ child: 'nats', childPid: pid }, 'broker deaf, started again');
    end(pid, 'SIGTERM');
    await pause(graceMs, signal);
    if (!signal.aborted && pidOf() === pid) end(-pid, 'SIGKILL');
  }

  const over = watch()
    .catch((error: Error) => logger.error({ error: error.message }, 'watch of the broker ended'))
    .finally(() => broker?.[Symbol.asyncDispose]());
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await over;
    },
  };
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

function answers(broker: Broker, timeoutMs: number): Promise<boolean> {
  return broker.connection.request('$JS.API.INFO', '', { timeout: timeoutMs }).then(
    () => true,
    () => false,
  );
}

async function hasRoom(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: Number.POSITIVE_INFINITY, bsize: 1 }));
  return bavail * bsize >= ROOM_BYTES;
}
