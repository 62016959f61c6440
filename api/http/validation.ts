/** Checks requests against their TypeBox schemas, and says in words which field is wrong and which was meant. */
import type { FastifyError, FastifyRequest, FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { nearest } from '#system/config.ts';

type Fault = FastifySchemaValidationError;

type Validated = FastifyError & { validation: Fault[]; validationContext?: string };

const SHOWN_MAX = 6;

/** A query's text becomes numbers and booleans, a body is taken as it is. */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema);
  return (value: unknown) => {
    const converted = httpPart === 'body' ? value : Value.Convert(schema, value);
    return compiled.Check(converted) ? { value: converted } : { error: compiled.Errors(converted) as never };
  };
};

export function isValidation(error: Error): error is Validated {
  return Array.isArray((error as Partial<Validated>).validation);
}

/** `body.sampleFps must be <= 30; unknown field "nmae" in body, did you mean "name"?` */
export function describeFaults(error: Validated, request: FastifyRequest): string {
  const where = error.validationContext === 'querystring' ? 'query' : (error.validationContext ?? 'request');
  const known = knownFields(request, error.validationContext);
  const meant = ofMemberMeant(error.validation);
  const precise = meant.filter((fault) => !isEcho(fault, meant));
  const said = precise.flatMap((fault) => describe(fault, where, known));
  return [...new Set(said)].slice(0, SHOWN_MAX).join('; ');
}

/** Of a union whose members are told apart by their `type`, only what is wrong with the one that was written. */
function ofMemberMeant(faults: Fault[]): Fault[] {
  const others = faults
    .filter(({ keyword, instancePath }) => keyword === 'const' && instancePath.endsWith('/type'))
    .flatMap(({ schemaPath }) => /^(.*\/anyOf\/\d+)\/properties\/type$/.exec(schemaPath)?.[1] ?? []);
  const meant = faults.filter(
    ({ schemaPath }) => !others.some((member) => schemaPath === member || schemaPath.startsWith(`${member}/`)),
  );
  return meant.some(({ keyword }) => keyword !== 'anyOf') ? meant : faults;
}

/** TypeBox reports an unknown field twice, and a union once more than its members. */
function isEcho(fault: Fault, all: Fault[]): boolean {
  if (fault.message === 'schema is false') return true;
  if (fault.keyword !== 'anyOf') return false;
  return all.some((other) => other !== fault && other.instancePath.startsWith(fault.instancePath));
}

function describe(fault: Fault, where: string, known: readonly string[]): string[] {
  const field = `${where}${fault.instancePath.replaceAll('/', '.')}`;
  const unknown = fault.params.additionalProperties;
  if (Array.isArray(unknown)) {
    return unknown.map((name: string) => {
      const near = fault.instancePath === '' ? nearest(name, known) : undefined;
      return `unknown field "${name}" in ${field}${near === undefined ? '' : `, did you mean "${near}"?`}`;
    });
  }
  const allowed = fault.params.allowedValues;
  if (Array.isArray(allowed)) return [`${field} must be one of ${allowed.join(', ')}`];
  return [`${field} ${fault.message ?? 'is not valid'}`];
}

function knownFields(request: FastifyRequest, context: string | undefined): readonly string[] {
  const schema = request.routeOptions.schema as Record<string, { properties?: object } | undefined> | undefined;
  return Object.keys(schema?.[context ?? 'body']?.properties ?? {});
}
