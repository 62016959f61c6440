/** The error for a model that cannot be what its manifest says: it names the manifest's field. */
import { FaultError } from '../schema/fault.ts';

export type MismatchedField = 'file' | `input${string}` | 'outputs' | 'classCount' | 'classes' | 'strides' | 'maxBatch';

export function mismatch(
  model: string,
  field: MismatchedField,
  said: { expected: string; found: string },
  cause?: unknown,
): FaultError {
  const { expected, found } = said;
  return new FaultError('model-mismatch', `model ${model}: \`${field}\` expects ${expected}, the file has ${found}`, {
    about: { model, field, expected, found },
    cure: `Correct \`${field}\` in the manifest of ${model}, or give it the file that fits.`,
    ...(cause === undefined ? {} : { cause }),
  });
}
