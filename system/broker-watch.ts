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
  /** Without an answer for so long it counts as deaf. */
  deafAfterMs: number;
  /** From asking it to end until it is killed. */
  graceMs: number;
};

const TIMING: Timing = { everyMs: 5000, deafAfterMs: 30_000, graceMs: 10_000 };
/** With less it would be deaf again at once. */
const ROOM_BYTES = 64 * 1024 ** 2;

type Options = { children: Children; logger: Logger; timing?: Timing };

/** Watches the child `nats` until it is disposed. */
export function watchOwnBroker(config: Config, { children, logger, timing = TIMING }: Options): AsyncDisposable {
  const stopping = new AbortController();
  const { signal } = stopping;
  const { everyMs, deafAfterMs, graceMs } = timing;
  const pidOf = () => children.status().find(({ name }) => name === 'nats')?.pid;

  async function watch(): Promise<void> {
    let heardAtMs = performance.now();
    let [broker, pid] = [undefined as Broker | undefined, pidOf()];
    while (!signal.aborted) {
      broker ??= await openBroker(config, 'site', { logger, name: 'watch', timeoutMs: 0, signal }).catch(
        () => undefined,
      );
      const [isHeard, hasRoom] = [await answers(broker, everyMs), await roomLeft(config.dataDir)];
      // One that was begun anew, or has no room, is given its time.
      if (isHeard || !hasRoom || pidOf() !== pid) heardAtMs = performance.now();
      pid = pidOf();
      if (pid !== undefined && performance.now() - heardAtMs > deafAfterMs) await startAgain(pid);
      await pause(everyMs, signal);
    }
    await broker?.[Symbol.asyncDispose]();
  }

  /** Whoever supervises it starts it when it has ended. */
  async function startAgain(pid: number): Promise<void> {
    logger.error({ pid, deafAfterMs }, 'broker deaf, started again');
    process.kill(pid, 'SIGTERM');
    await pause(graceMs, signal);
    if (pidOf() === pid) process.kill(-pid, 'SIGKILL');
  }

  const over = watch().catch((error: Error) => logger.error({ error: error.message }, 'watch of the broker ended'));
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await over;
    },
  };
}

async function answers(broker: Broker | undefined, timeoutMs: number): Promise<boolean> {
  if (broker === undefined) return false;
  return broker.connection.request('$JS.API.INFO', '', { timeout: timeoutMs }).then(
    () => true,
    () => false,
  );
}

async function roomLeft(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: Number.POSITIVE_INFINITY, bsize: 1 }));
  return bavail * bsize >= ROOM_BYTES;
}
