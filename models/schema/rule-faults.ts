/** Says in words what is wrong with the shape of a rule; of its condition only what the type that it names asks for. */
import Type, { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { RuleDraft, RuleScope } from './rule.ts';
import { CONDITION_TYPES, Condition, SequenceCondition } from './rule-condition.ts';

/** `path` is a JSON pointer from the rule to what is wrong: `/when/line/points/1`; empty: the rule itself. */
export type DraftFault = { path: string; message: string };

type Found = {
  keyword: string;
  instancePath: string;
  message?: string;
  params: { additionalProperties?: unknown; allowedValues?: unknown; requiredProperties?: unknown };
};
type Compiled = { Check: (value: unknown) => boolean; Errors: (value: unknown) => readonly Found[] };

const compile = (schema: TSchema): Compiled => Compile(schema) as unknown as Compiled;
const anything = Type.Unknown();
/** A union's own errors name every member and are cut after eight: the parts are checked alone. */
const frame = compile(
  Type.Object({ ...RuleDraft.properties, where: anything, when: anything }, { additionalProperties: false }),
);
const members = Condition.anyOf as unknown as readonly {
  properties: { type: { const: string } } & Record<string, TSchema>;
}[];
const conditions = new Map(
  members.map((schema) => [schema.properties.type.const, compile(schema as unknown as TSchema)] as const),
);
const sequence = compile(
  Type.Object({ ...SequenceCondition.properties, first: anything, next: anything }, { additionalProperties: false }),
);
const [ofCameras, ofArea] = (RuleScope.anyOf as unknown as readonly TSchema[]).map(compile) as [Compiled, Compiled];

/** None: it is a RuleDraft. */
export function draftFaults(value: unknown): DraftFault[] {
  if (!isObject(value)) return [{ path: '', message: 'should be a rule with id, name, where, when and severity' }];
  return [
    ...faultsOf(frame, value, ''),
    ...(value.where === undefined ? [] : scopeFaults(value.where)),
    ...(value.when === undefined ? [] : conditionFaults(value.when, '/when', { isInner: false })),
  ];
}

function scopeFaults(where: unknown): DraftFault[] {
  const path = '/where';
  if (!isObject(where)) return [{ path, message: 'should be { cameras: [ids] } or { area: id }' }];
  if ('cameras' in where && 'area' in where)
    return [{ path, message: 'names cameras and an area: it can be only one' }];
  if (!('cameras' in where) && !('area' in where)) return [{ path, message: 'should name cameras or an area' }];
  return faultsOf('area' in where ? ofArea : ofCameras, where, path);
}

function conditionFaults(when: unknown, path: string, { isInner }: { isInner: boolean }): DraftFault[] {
  const known = isInner ? CONDITION_TYPES.filter((type) => type !== 'sequence') : CONDITION_TYPES;
  const type = isObject(when) ? when.type : undefined;
  if (!isObject(when) || type === undefined) return [{ path, message: `should have a type: ${known.join(', ')}` }];
  if (!known.some((one) => one === type)) {
    return [{ path: `${path}/type`, message: `"${String(type)}" is none of ${known.join(', ')}` }];
  }
  if (type !== 'sequence') return faultsOf(conditions.get(String(type)) as Compiled, when, path);
  const inner = (['first', 'next'] as const).filter((step) => when[step] !== undefined);
  return [
    ...faultsOf(sequence, when, path),
    ...inner.flatMap((step) => conditionFaults(when[step], `${path}/${step}`, { isInner: true })),
  ];
}

function faultsOf(schema: Compiled, value: unknown, at: string): DraftFault[] {
  if (schema.Check(value)) return [];
  return schema.Errors(value).flatMap((found) => describe(found, at));
}

function describe({ keyword, instancePath, message, params }: Found, at: string): DraftFault[] {
  const path = `${at}${instancePath}`;
  // TypeBox reports an unknown field twice.
  if (keyword === 'boolean') return [];
  if (Array.isArray(params.additionalProperties)) {
    return params.additionalProperties.map((name: string) => ({
      path: `${path}/${name}`,
      message: 'is no field here',
    }));
  }
  if (Array.isArray(params.requiredProperties)) {
    return params.requiredProperties.map((name: string) => ({ path: `${path}/${name}`, message: 'is missing' }));
  }
  if (Array.isArray(params.allowedValues)) {
    return [{ path, message: `should be one of ${params.allowedValues.join(', ')}` }];
  }
  return [{ path, message: message ?? 'is not valid' }];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
