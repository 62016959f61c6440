/** The error for a model that cannot be what its manifest says: it names the manifest's field, and has a code for each mistake. */
import { FAULTS, type FaultCode, FaultError } from '../schema/fault.ts';

export type MismatchedField = 'file' | `input${string}` | 'outputs' | 'classCount' | 'classes' | 'strides' | 'maxBatch';

const CODES: Partial<Record<MismatchedField, FaultCode>> = {
  file: 'model-not-onnx',
  'input.width': 'model-size',
  'input.height': 'model-size',
  'input.larger': 'model-size',
  maxBatch: 'model-size',
  'input.layout': 'model-layout',
  outputs: 'model-outputs',
  classCount: 'model-classes',
  classes: 'model-classes',
};

export function mismatch(
  model: string,
  field: MismatchedField,
  said: { expected: string; found: string },
  cause?: unknown,
): FaultError {
  const { expected, found } = said;
  const code = CODES[field] ?? 'model-mismatch';
  return new FaultError(code, `model ${model}: \`${field}\` expects ${expected}, the file has ${found}`, {
    about: { model, field, expected, found },
    cure:
      code === 'model-mismatch'
        ? `Correct \`${field}\` in the manifest of ${model}, or give it the file that fits.`
        : FAULTS[code].cure,
    ...(cause === undefined ? {} : { cause }),
  });
}
