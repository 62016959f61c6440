/** How pictures go into a model: which input takes them, how many at once, and whether the file agrees with the manifest. */
import type { ModelManifest } from '../schema/model-manifest.ts';
import { describeDims } from './decode/decoder.ts';
import { mismatch } from './mismatch.ts';
import type { Port, Session } from './session.ts';

/** One picture of nothing, in the shape that the manifest says. */
export async function runBlank(
  { inputs, run }: Pick<Session, 'inputs' | 'run'>,
  manifest: ModelManifest,
): Promise<void> {
  const input = checkInput(manifest, inputs);
  const batch = input.isBatchFixed ? input.feedBatch : 1;
  const dims = [batch, ...dimsOf(manifest.input)];
  await run({ name: input.name, data: new Float32Array(dims.reduce((product, dim) => product * dim, 1)), dims });
}

export const dimsOf = ({ layout, width, height }: ModelManifest['input']) =>
  layout === 'nchw' ? [3, height, width] : [height, width, 3];

export type InputPlan = {
  name: string;
  maxBatch: number;
  /** Pictures that the buffer holds; where `isBatchFixed` the model always gets as many. */
  feedBatch: number;
  isBatchFixed: boolean;
};

export function checkInput(manifest: ModelManifest, inputs: readonly Port[]): InputPlan {
  const { input } = manifest;
  const port = input.name === undefined ? inputs[0] : inputs.find(({ name }) => name === input.name);
  if (port === undefined || (input.name === undefined && inputs.length > 1)) {
    const found = inputs.map(({ name }) => name).join(', ');
    throw mismatch(manifest.name, 'input.name', { expected: input.name ?? 'the only input', found });
  }
  if (port.type !== 'float32') {
    throw mismatch(manifest.name, 'input', { expected: 'float32', found: `${port.type} in ${port.name}` });
  }
  const wanted = {
    nchw: [
      ['layout', 3],
      ['height', input.height],
      ['width', input.width],
    ],
    nhwc: [
      ['height', input.height],
      ['width', input.width],
      ['layout', 3],
    ],
  } as const;
  const shape = describeDims(port.dims);
  if (port.dims.length !== 4) {
    throw mismatch(manifest.name, 'input', { expected: `four dimensions (${input.layout})`, found: shape });
  }
  const fields = wanted[input.layout].map(([field, size], index) => ({ field, size, index }));
  // Colours in the wrong place make the sizes wrong too: they are told first.
  for (const { field, size, index } of fields.sort((a) => (a.field === 'layout' ? -1 : 1))) {
    const dim = port.dims[index + 1];
    if (dim === null || dim === size) continue;
    const expected = field === 'layout' ? `${input.layout}, three colours in dimension ${index + 2}` : String(size);
    throw mismatch(manifest.name, `input.${field}`, { expected, found: `${dim} in ${port.name} (${shape})` });
  }
  return { name: port.name, ...planBatch(manifest, port.dims[0] ?? null) };
}

function planBatch(manifest: ModelManifest, fixed: number | null): Omit<InputPlan, 'name'> {
  const { maxBatch } = manifest;
  if (fixed === null) return { maxBatch, feedBatch: maxBatch, isBatchFixed: false };
  if (maxBatch > fixed) {
    throw mismatch(manifest.name, 'maxBatch', { expected: `${maxBatch} pictures at once`, found: `${fixed}, fixed` });
  }
  return { maxBatch, feedBatch: fixed, isBatchFixed: true };
}
