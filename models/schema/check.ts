/** Checks a value against a schema once, at an edge, and says in words where it is wrong. */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

export class InvalidValueError extends Error {
  readonly code = 'invalid-value';
  readonly faults: readonly string[];

  constructor(what: string, faults: readonly string[]) {
    super(`${what} is not valid: ${faults.join('; ')}`);
    this.name = 'InvalidValueError';
    this.faults = faults;
  }
}

export type Checker<Schema extends TSchema> = (value: unknown) => Static<Schema>;

/** Compiles a schema into a function that returns the value as its type, or throws {@link InvalidValueError}. */
export function checker<Schema extends TSchema>(what: string, schema: Schema): Checker<Schema> {
  const compiled = Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return value as Static<Schema>;
    const faults = compiled.Errors(value).map((error) => `${error.instancePath || 'it'} ${error.message}`);
    throw new InvalidValueError(what, [...new Set(faults)].slice(0, 8));
  };
}
