/**
 * A session on a thread of its own. `run()` of ONNX Runtime blocks whoever calls it, 75 ms at a time on a CPU; where cameras
 * are read by the same process, their packets waited that long at every step of theirs.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { FaultError } from '../schema/fault.ts';
import type { Session } from './session.ts';
import type { RunOrder, SessionTask, ThreadAnswer } from './session-thread.ts';

const SCRIPT = new URL('./session-thread.ts', import.meta.url);

type Asking = { resolve: (answer: ThreadAnswer) => void; reject: (error: Error) => void };

/** A thread that ended by itself is begun again by the next order, but not more often than this. */
const AGAIN_AFTER_MS = 1000;

type Thread = {
  opened: Pick<Session, 'inputs' | 'outputs' | 'runtime'>;
  ask: (order: RunOrder) => Promise<ThreadAnswer>;
  /** Why it is gone; undefined while it works. */
  ended: () => Error | undefined;
  close: () => Promise<void>;
};

/** Throws what `openSession` throws. Orders are worked off one after the other; those of a thread that ends fail. */
export async function openSessionApart(task: SessionTask): Promise<Session> {
  let thread = await startThread(task);
  let startedAtMs = performance.now();
  let starting: Promise<void> | undefined;

  async function startAgain(): Promise<void> {
    startedAtMs = performance.now();
    thread = await startThread(task);
  }

  return {
    ...thread.opened,
    async run(order: RunOrder) {
      const end = thread.ended();
      if (end !== undefined) {
        if (starting === undefined && performance.now() - startedAtMs < AGAIN_AFTER_MS) throw end;
        starting ??= startAgain().finally(() => {
          starting = undefined;
        });
        await starting;
      }
      const told = checked(await thread.ask(order));
      if (!('outputs' in told)) throw new Error(`the thread of model ${task.manifest.name} gave no outputs`);
      return told.outputs;
    },
    allocate: (length) => new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT)),
    async [Symbol.asyncDispose]() {
      await starting?.catch(() => {});
      await thread.close();
    },
  };
}

async function startThread(task: SessionTask): Promise<Thread> {
  const worker = new Worker(SCRIPT, { workerData: task });
  const asked: Asking[] = [];
  let end: Error | undefined;
  const fail = (error: Error) => {
    end ??= error;
    for (const { reject } of asked.splice(0)) reject(end);
  };
  worker.on('message', (answer: ThreadAnswer) => asked.shift()?.resolve(answer));
  worker.on('error', (error) => fail(error as Error));
  worker.on('exit', (code) => fail(new Error(`the thread of model ${task.manifest.name} ended with ${code}`)));
  const answer = (): Promise<ThreadAnswer> =>
    new Promise((resolve, reject) => {
      if (end !== undefined) reject(end);
      else asked.push({ resolve, reject });
    });
  const first = checked(await answer());
  if (!('opened' in first)) throw new Error(`the thread of model ${task.manifest.name} did not open it`);
  return {
    opened: first.opened,
    ask(order) {
      const waiting = answer();
      worker.postMessage(order);
      return waiting;
    },
    ended: () => end,
    async close() {
      if (end !== undefined) return;
      const exited = once(worker, 'exit');
      worker.postMessage('close');
      await exited;
    },
  };
}

function checked(answer: ThreadAnswer): Exclude<ThreadAnswer, { failure: unknown }> {
  if (!('failure' in answer)) return answer;
  const { code, message, ...rest } = answer.failure;
  throw new FaultError(code, message, rest);
}
