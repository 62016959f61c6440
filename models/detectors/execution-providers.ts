/**
 * Which execution providers this machine's ONNX Runtime has, and what each of them wants. From the package's own table of
 * prebuilt bindings (onnxruntime-node 1.30, README) and from its `listSupportedBackends`.
 */
import { listSupportedBackends } from 'onnxruntime-node';
import { EXECUTION_PROVIDERS, type ExecutionProvider, type Refusal } from '../schema/execution-provider.ts';

const PLATFORM = `${process.platform}/${process.arch}`;
const TAKE_AWAY = 'or take it out of executionProviders';

/** Where the prebuilt binding has it, and what must be there besides. */
const NEEDS: Record<Exclude<ExecutionProvider, 'cpu'>, { where: string; install: string }> = {
  cuda: {
    where: 'linux/x64',
    install:
      'Install an NVIDIA driver, CUDA 12 and cuDNN 9, and fetch the part of ONNX Runtime that npm does not bring: ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node',
  },
  tensorrt: {
    where: 'linux/x64',
    install:
      'Install what cuda needs and TensorRT 10, and fetch the part of ONNX Runtime that npm does not bring: ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node',
  },
  openvino: {
    where: 'no platform: the binding for Node has no OpenVINO',
    install: 'On Intel processors the CPU provider is the one to use',
  },
  coreml: { where: 'darwin/arm64', install: 'Run the worker on a Mac with Apple silicon' },
  dml: { where: 'win32/x64 and win32/arm64', install: 'Run the worker on Windows with a DirectX 12 graphics card' },
  webgpu: {
    where: 'linux/x64, darwin/arm64, win32/x64 and win32/arm64',
    install:
      'Install the driver of the graphics card, with Vulkan on Linux (Debian: apt-get install mesa-vulkan-drivers, or the NVIDIA driver)',
  },
};

/** Those that this build knows, the CPU first; whether their libraries and devices are there shows when they are asked. */
export function builtInProviders(): ExecutionProvider[] {
  const names = listSupportedBackends().map(({ name }) => name);
  return EXECUTION_PROVIDERS.filter((provider) => names.includes(provider));
}

/** Why a provider cannot be asked at all here; undefined where it can. */
export function refusalOfBuild(provider: Exclude<ExecutionProvider, 'cpu'>): Refusal | undefined {
  if (builtInProviders().includes(provider)) return undefined;
  const { where, install } = NEEDS[provider];
  const why = `ONNX Runtime for ${PLATFORM} has no ${provider} (it has ${builtInProviders().join(', ')}); it is built for ${where}`;
  return { provider, why, cure: `${install}, ${TAKE_AWAY}.` };
}

/** Why a provider that was asked did not serve. */
export function refusalOf(provider: Exclude<ExecutionProvider, 'cpu'>, error: unknown): Refusal {
  const said = error instanceof Error ? error.message : String(error);
  // The runtime's errors open with the source file, line and signature of C++ where they were thrown.
  const why = said.replace(/^\/\S+\.(cc|h):\d+ .*? was false\. /s, '').split('\n')[0] as string;
  return { provider, why, cure: `${NEEDS[provider].install}, ${TAKE_AWAY}.` };
}
