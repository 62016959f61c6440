/** A process that makes variants one after the other, started for the first and ended when it has had nothing to do. */
import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';
import { FaultError } from '#models/schema/fault.ts';
import { ROOT_DIR } from '#system/config.ts';
import type { JobAnswer } from './main.ts';
import type { Job } from './transcode.ts';

export type Workshop = AsyncDisposable & {
  /** The file, when it is there. Throws FaultError file-unreadable. */
  make(job: Job): Promise<string>;
};

type Waiting = { job: Job; done: (file: string) => void; fail: (error: Error) => void };

const IDLE_MS = 2000;

/** `nice`: 0 to 19, as the operating system counts. */
export function openWorkshop(nice: number): Workshop {
  const queue: Waiting[] = [];
  let child: ChildProcess | undefined;
  let current: Waiting | undefined;
  let idle: NodeJS.Timeout | undefined;

  const next = () => {
    current = queue.shift();
    clearTimeout(idle);
    if (current === undefined) {
      idle = setTimeout(() => child?.disconnect(), IDLE_MS).unref();
      return;
    }
    child ??= start();
    child.send(current.job);
  };
  const start = (): ChildProcess => {
    const path = resolve(ROOT_DIR, 'demo/variants/main.ts');
    // A session of its own: Linux shares out by sessions, and would let it have as much as all that plays.
    const started = fork(path, [String(nice)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: true });
    started.on('message', ({ to, error }: JobAnswer) => {
      if (error === undefined) current?.done(to);
      else current?.fail(new FaultError('file-unreadable', `${current.job.from} cannot be converted: ${error}`));
      next();
    });
    started.once('disconnect', () => {
      if (child === started) child = undefined;
    });
    started.once('exit', (code, signal) => {
      if (child === started) child = undefined;
      if (current === undefined) return;
      current.fail(new Error(`the process that converts clips ended (${code ?? signal})`));
      next();
    });
    return started;
  };

  return {
    make: (job) =>
      new Promise((done, fail) => {
        queue.push({ job, done, fail });
        if (current === undefined) next();
      }),
    async [Symbol.asyncDispose]() {
      clearTimeout(idle);
      for (const { fail } of queue.splice(0)) fail(new Error('the cameras were stopped'));
      const last = child;
      const ended = last === undefined ? undefined : new Promise((done) => last.once('exit', done));
      last?.kill('SIGKILL');
      await ended;
    },
  };
}
