/** An ONNX Runtime session as we use it: one thread, the caller's; shapes told in plain numbers. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { mismatch } from './mismatch.ts';

/** A dimension that the file leaves open is null. */
export type Port = { name: string; type: string; dims: readonly (number | null)[] };

export type Session = AsyncDisposable & {
  inputs: readonly Port[];
  outputs: readonly Port[];
  /** Runs with the one input `name`; blocks the calling thread while it computes. */
  run: (feed: { name: string; data: Float32Array; dims: readonly number[] }) => Promise<Record<string, Tensor>>;
};

/** Throws FaultError `model-mismatch` where the file is no ONNX model that the runtime takes. */
export async function openSession(path: string, options: { model: string; threads: number }): Promise<Session> {
  const session = await createSession(path, options);
  return {
    inputs: session.inputMetadata.map(toPort),
    outputs: session.outputMetadata.map(toPort),
    async run({ name, data, dims }) {
      return (await session.run({ [name]: new Tensor('float32', data, dims) })) as Record<string, Tensor>;
    },
    [Symbol.asyncDispose]: () => session.release(),
  };
}

async function createSession(path: string, { model, threads }: { model: string; threads: number }) {
  try {
    return await InferenceSession.create(path, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      // Errors only: some exporters make the runtime warn about every single weight.
      logSeverityLevel: 3,
    });
  } catch (error) {
    const found = `something else: ${error instanceof Error ? error.message : String(error)}`;
    throw mismatch(model, 'file', { expected: 'an ONNX model', found }, error);
  }
}

function toPort(value: InferenceSession.ValueMetadata): Port {
  if (!value.isTensor) return { name: value.name, type: 'no tensor', dims: [] };
  return { name: value.name, type: value.type, dims: value.shape.map(toDim) };
}

const toDim = (dim: number | string) => (typeof dim === 'number' && dim >= 0 ? dim : null);
