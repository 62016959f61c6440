/** An ONNX Runtime session as we use it: on one thread, the caller's; shapes told in plain numbers; the CPU where all else fails. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { ExecutionProvider, ModelRuntime, Refusal } from '../schema/execution-provider.ts';
import { refusalOf, refusalOfBuild } from './execution-providers.ts';
import { mismatch } from './mismatch.ts';
import { countParts } from './profile.ts';

// What goes wrong is thrown as well; a provider that is not there would fill the log with its library's search path.
env.logLevel = 'fatal';

/** A dimension that the file leaves open is null. */
export type Port = { name: string; type: string; dims: readonly (number | null)[] };

export type OutputTensor = { data: Float32Array; dims: readonly number[] };
type Run = (feed: {
  name: string;
  data: Float32Array;
  dims: readonly number[];
}) => Promise<Readonly<Record<string, OutputTensor>>>;

export type Session = AsyncDisposable & {
  inputs: readonly Port[];
  outputs: readonly Port[];
  /** Runs with the one input `name`; blocks the thread of the session while it computes. */
  run: Run;
  /** Memory for what the model is fed with. */
  allocate: (length: number) => Float32Array;
  runtime: ModelRuntime;
};

export type SessionOptions = {
  model: string;
  threads: number;
  /** In order of preference; the CPU stands at the end of every list. */
  providers?: readonly ExecutionProvider[];
  /** Runs the model once, before the session is trusted; a provider that fails then is passed over. */
  prove?: (session: Pick<Session, 'inputs' | 'outputs' | 'run'>) => Promise<void>;
};

/** Throws FaultError `model-not-onnx` where the file is no ONNX model that the runtime takes. */
export async function openSession(path: string, options: SessionOptions): Promise<Session> {
  const asked = [...(options.providers ?? ['cpu'])];
  const refused: Refusal[] = [];
  for (const provider of asked) {
    if (provider === 'cpu') break;
    const answer = refusalOfBuild(provider) ?? (await tryProvider(path, { ...options, provider }));
    if ('why' in answer) refused.push(answer);
    else return toSession(answer.session, { asked, provider, refused, ...answer.parts });
  }
  try {
    return toSession(await createSession(path, { ...options, provider: 'cpu' }), { asked, provider: 'cpu', refused });
  } catch (error) {
    const found = `something else: ${error instanceof Error ? error.message : String(error)}`;
    throw mismatch(options.model, 'file', { expected: 'an ONNX model', found }, error);
  }
}

function toSession(session: InferenceSession, runtime: ModelRuntime): Session {
  return {
    inputs: session.inputMetadata.map(toPort),
    outputs: session.outputMetadata.map(toPort),
    async run({ name, data, dims }) {
      return (await session.run({ [name]: new Tensor('float32', data, dims) })) as Record<string, OutputTensor>;
    },
    allocate: (length) => new Float32Array(length),
    runtime,
    [Symbol.asyncDispose]: () => session.release(),
  };
}

type Accelerator = Exclude<ExecutionProvider, 'cpu'>;
type Served = { session: InferenceSession; parts: Pick<ModelRuntime, 'parts'> };

/** One run under the profiler tells whether the provider serves, and how much of the model it takes. */
async function tryProvider(
  path: string,
  options: SessionOptions & { provider: Accelerator },
): Promise<Served | Refusal> {
  const { provider, prove } = options;
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-profile-'));
  let session: InferenceSession | undefined;
  try {
    session = await createSession(path, { ...options, profile: resolve(folder, 'run') });
    await prove?.(toSession(session, { asked: [provider], provider, refused: [] }));
    session.endProfiling();
    const parts = prove === undefined ? undefined : countParts(folder);
    if (parts === undefined) return { session, parts: {} };
    if (parts[provider] === undefined) {
      throw new Error(
        `it takes none of the model's ${Object.values(parts).reduce((sum, count) => sum + count, 0)} operators`,
      );
    }
    return { session, parts: { parts } };
  } catch (error) {
    await session?.release();
    return refusalOf(provider, error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type CreateOptions = Pick<SessionOptions, 'threads'> & { provider: ExecutionProvider; profile?: string };

function createSession(path: string, { threads, provider, profile }: CreateOptions): Promise<InferenceSession> {
  return InferenceSession.create(path, {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Errors only: some exporters make the runtime warn about every single weight.
    logSeverityLevel: 3,
    // DirectML refuses sessions that plan their memory ahead.
    ...(provider === 'dml' ? { enableMemPattern: false } : {}),
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
  });
}

function toPort(value: InferenceSession.ValueMetadata): Port {
  if (!value.isTensor) return { name: value.name, type: 'no tensor', dims: [] };
  return { name: value.name, type: value.type, dims: value.shape.map(toDim) };
}

const toDim = (dim: number | string) => (typeof dim === 'number' && dim >= 0 ? dim : null);
