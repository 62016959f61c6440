/** The option `--provider` of commands that run a model themselves. */
import {
  describeFallback,
  type ExecutionProvider,
  type ModelRuntime,
  unknownProvider,
} from '#models/schema/execution-provider.ts';
import { FaultError } from '#models/schema/fault.ts';

export const PROVIDER_OPTION = [
  '--provider <names>',
  'what computes the model, the first that serves: cuda, tensorrt, coreml, dml, webgpu, openvino, cpu; absent: executionProviders of the configuration',
] as const;

/** `cuda,cpu` → its names; those of the configuration where nothing was said. Throws FaultError `invalid-value`. */
export function providersOf(
  typed: string | undefined,
  { executionProviders }: { executionProviders: readonly ExecutionProvider[] },
): readonly ExecutionProvider[] {
  if (typed === undefined) return executionProviders;
  const names = typed.split(',').map((name) => name.trim());
  const wrong = unknownProvider(names);
  if (wrong !== undefined) throw new FaultError('invalid-value', `--provider: ${wrong}`);
  return names as ExecutionProvider[];
}

/** On standard error, so that what the command prints stays what it is. */
export function sayFallback(model: string, runtime: ModelRuntime): void {
  const fallback = describeFallback(model, runtime);
  if (fallback !== undefined) console.error(`${fallback.message}\nwhat to do: ${fallback.cure}`);
}
