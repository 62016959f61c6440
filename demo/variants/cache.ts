/** Variants of clips as files in a folder: made once, by a process of its own, one at a time. */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { ClipFile } from '#demo/rtsp/clip-file.ts';
import { FaultError } from '#models/schema/fault.ts';
import { ROOT_DIR } from '#system/config.ts';
import type { JobAnswer } from './main.ts';
import { howToMake, RECIPE_VERSION, type Variant } from './recipe.ts';
import type { Job } from './transcode.ts';

export type VariantCache = AsyncDisposable & {
  /** The file of a variant, made now where it is not there yet. `isUrgent`: before all that waits. */
  file(clip: ClipFile, variant: Variant, options?: { isUrgent?: boolean }): Promise<string>;
};

type Waiting = { job: Job; done: (file: string) => void; fail: (error: Error) => void };

/** The process ends when it has had nothing to do for this long. */
const IDLE_MS = 2000;

export function openVariantCache(folder: string): VariantCache {
  const queue: Waiting[] = [];
  const asked = new Map<string, Promise<string>>();
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
    child ??= startChild();
    child.send(current.job);
  };
  const startChild = () => {
    const started = fork(resolve(ROOT_DIR, 'demo/variants/main.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    started.on('message', ({ to, error }: JobAnswer) => {
      if (error === undefined) current?.done(to);
      else current?.fail(new FaultError('file-unreadable', `${current.job.from} cannot be converted: ${error}`));
      next();
    });
    started.once('exit', (code, signal) => {
      if (child === started) child = undefined;
      if (current === undefined) return;
      current.fail(new Error(`the process that converts clips ended (${code ?? signal})`));
      next();
    });
    return started;
  };
  const make = (job: Job, isUrgent: boolean): Promise<string> =>
    new Promise((done, fail) => {
      const waiting = { job, done, fail };
      if (isUrgent) queue.unshift(waiting);
      else queue.push(waiting);
      if (current === undefined) next();
    });

  return {
    async file(clip, variant, { isUrgent = false } = {}) {
      const how = howToMake(variant, clip);
      if (how === null) return clip.file;
      const to = resolve(folder, nameOf(clip, how));
      if (existsSync(to)) return to;
      const made = asked.get(to) ?? make({ from: clip.file, to, ...how }, isUrgent).finally(() => asked.delete(to));
      asked.set(to, made);
      return await made;
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(idle);
      for (const { fail } of queue.splice(0)) fail(new Error('the cameras were stopped'));
      const ended = child === undefined ? undefined : new Promise((done) => child?.once('exit', done));
      child?.kill('SIGKILL');
      await ended;
    },
  };
}

function nameOf(clip: ClipFile, how: object): string {
  const key = createHash('sha256')
    .update(JSON.stringify([RECIPE_VERSION, clip.version, how]))
    .digest('hex');
  return `${basename(clip.file).replace(/\.\w+$/, '')}-${key.slice(0, 16)}.mp4`;
}
