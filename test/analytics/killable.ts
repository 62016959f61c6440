/** A role's process that a test kills (SIGKILL) and starts again, as often as it likes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ROOT_DIR } from '#system/config.ts';
import type { Site } from '#test/site/site.ts';

export type Killable = AsyncDisposable & {
  /** Resolves when the process says that it is ready; throws when it ends before or takes longer than `timeoutMs`. */
  start: (timeoutMs?: number) => Promise<void>;
  /** Resolves when it is gone. */
  kill: (signal?: NodeJS.Signals) => Promise<void>;
};

export function killable({ config, env }: Site, name: string, main: string): Killable {
  let child: ChildProcess | undefined;
  const log = resolve(config.dataDir, 'logs', `${name}.log`);
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((done) => child?.once('exit', () => done()));
    child.kill(signal);
    await gone;
  };
  return {
    start(timeoutMs = 180_000) {
      const running = spawn(process.execPath, [resolve(ROOT_DIR, main)], {
        env,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      child = running;
      for (const stream of [running.stdout, running.stderr]) stream?.on('data', (text) => appendFileSync(log, text));
      return new Promise<void>((done, fail) => {
        const timer = setTimeout(
          () => fail(new Error(`${name} was not ready after ${timeoutMs} ms; its last words:\n${lastWords(log)}`)),
          timeoutMs,
        );
        running.once('message', () => done());
        running.once('exit', (code) => fail(new Error(`${name} ended with ${code} before it was ready`)));
        void Promise.allSettled([new Promise((end) => running.once('message', end))]).then(() => clearTimeout(timer));
        running.once('exit', () => clearTimeout(timer));
      });
    },
    kill,
    [Symbol.asyncDispose]: () => kill(),
  };
}

const lastWords = (log: string) =>
  existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(-25).join('\n') : '(nothing)';

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32, T. Ettinger). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
