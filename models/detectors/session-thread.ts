/** A thread that owns one session of ONNX Runtime, whose `run` blocks: whoever opened it goes on meanwhile. */
import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { ExecutionProvider, ModelRuntime } from '../schema/execution-provider.ts';
import { type FaultCode, faultCodeOf } from '../schema/fault.ts';
import type { ModelManifest } from '../schema/model-manifest.ts';
import { runBlank } from './input-plan.ts';
import { type OutputTensor, openSession, type Port, type Session } from './session.ts';

export type SessionTask = {
  path: string;
  manifest: ModelManifest;
  threads: number;
  providers?: readonly ExecutionProvider[];
};

/** `data` lies in memory that both see; it is copied before the model gets it, which takes no other memory than its own. */
export type RunOrder = { name: string; data: Float32Array; dims: readonly number[] };
export type ThreadAnswer =
  | { opened: { inputs: readonly Port[]; outputs: readonly Port[]; runtime: ModelRuntime } }
  | { outputs: Readonly<Record<string, OutputTensor>> }
  | { failure: { message: string; code: FaultCode; cure?: string; about?: Record<string, unknown> } };

type Asked = RunOrder | 'close';

async function open({ path, manifest, threads, providers }: SessionTask): Promise<Session> {
  return await openSession(path, {
    ...{ model: manifest.name, threads, prove: (session) => runBlank(session, manifest) },
    ...(providers === undefined ? {} : { providers }),
  });
}

function createRun({ run }: Session) {
  let own = new Float32Array(0);
  return async ({ name, data, dims }: RunOrder): Promise<ThreadAnswer> => {
    if (own.length < data.length) own = new Float32Array(data.length);
    own.set(data);
    const tensors = Object.entries(await run({ name, data: own.subarray(0, data.length), dims }));
    return { outputs: Object.fromEntries(tensors.map(([port, { data, dims }]) => [port, { data, dims }])) };
  };
}

async function close(session: Session, port: MessagePort): Promise<void> {
  try {
    await session[Symbol.asyncDispose]();
  } finally {
    port.close();
  }
}

const LOWER_PRIORITY = 5;

/**
 * Where the machine is full, looks are what there are fewer of: packets, alerts and whoever asks go before them. On Linux
 * each thread has its own priority; a session on a CPU computes on the one that calls it.
 */
function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, Math.max(getPriority(thread), LOWER_PRIORITY));
  } catch {
    // Where that is not allowed it works as before.
  }
}

const failureOf = (error: unknown): ThreadAnswer => {
  const { message, cure, about } = error as Error & { cure?: string; about?: Record<string, unknown> };
  return {
    failure: {
      ...{ message, code: faultCodeOf(error) },
      ...(cure === undefined ? {} : { cure }),
      ...(about === undefined ? {} : { about }),
    },
  };
};

if (parentPort !== null) {
  const port = parentPort;
  try {
    const session = await open(workerData as SessionTask);
    if (session.runtime.provider === 'cpu') giveWay();
    const run = createRun(session);
    const { inputs, outputs, runtime } = session;
    port.on('message', (asked: Asked) => {
      if (asked === 'close') void close(session, port);
      else
        void run(asked)
          .catch(failureOf)
          .then((answer) => port.postMessage(answer));
    });
    port.postMessage({ opened: { inputs, outputs, runtime } } satisfies ThreadAnswer);
  } catch (error) {
    port.postMessage(failureOf(error));
    port.close();
  }
}
