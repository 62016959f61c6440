/** What a new rule begins with, per condition; and the numbers and choices that a condition has. */
import type { RuleDraft } from '#models/schema/rule.ts';
import type { Condition, ConditionType, SimpleCondition } from '#models/schema/rule-condition.ts';
import type { RuleLine, RuleZone } from '#models/schema/rule-shape.ts';
import type { Words } from '../words/english.ts';

type FieldName = keyof Words['rules']['fields'];
type UnitName = keyof Words['rules']['units'];

export type NumberField = {
  name: FieldName;
  unit: UnitName;
  min: number;
  max: number;
  step: number;
  isOptional?: true;
};
export type ChoiceField = {
  name: 'direction' | 'event' | 'side';
  values: readonly string[];
  words: 'directions' | 'events' | 'sides';
};

const seconds = (name: FieldName, more: Partial<NumberField> = {}): NumberField => ({
  ...{ name, unit: 's' as const, min: 0, max: 604_800, step: 1 },
  ...more,
});
const things = (name: FieldName): NumberField => ({
  ...{ name, unit: 'things' as const, min: 0, max: 100_000, step: 1, isOptional: true as const },
});

export const NUMBER_FIELDS: Record<ConditionType, readonly NumberField[]> = {
  line: [{ name: 'hysteresis', unit: 'pictureOrM', min: 0, max: 100, step: 0.01, isOptional: true }],
  zone: [seconds('overS', { isOptional: true })],
  dwell: [seconds('overS', { min: 1 })],
  count: [things('above'), things('below'), seconds('forS')],
  density: [{ name: 'abovePerM2', unit: 'perM2', min: 0.01, max: 20, step: 0.1 }, seconds('forS')],
  speed: [
    { name: 'aboveKmh', unit: 'kmh', min: 0, max: 400, step: 5, isOptional: true },
    { name: 'belowKmh', unit: 'kmh', min: 0, max: 400, step: 5, isOptional: true },
    seconds('overS', { isOptional: true }),
  ],
  'wrong-way': [
    { name: 'headingDeg', unit: 'deg', min: 0, max: 360, step: 5 },
    { name: 'toleranceDeg', unit: 'deg', min: 5, max: 175, step: 5, isOptional: true },
    { name: 'distance', unit: 'pictureOrM', min: 0.01, max: 1000, step: 0.05, isOptional: true },
  ],
  stopped: [seconds('afterS', { min: 1 })],
  'flow-imbalance': [
    { name: 'shareAbove', unit: 'share', min: 0.5, max: 1, step: 0.05 },
    { name: 'countMin', unit: 'crossings', min: 2, max: 100_000, step: 1 },
    seconds('windowS', { min: 10 }),
  ],
  'unlike-normal': [{ name: 'sigmas', unit: 'sigmas', min: 1, max: 20, step: 0.5 }, seconds('windowS', { min: 60 })],
  camera: [seconds('afterS', { isOptional: true })],
  'area-total': [things('above'), things('below'), seconds('forS')],
  sequence: [seconds('withinS', { min: 1 })],
};

export const CHOICE_FIELDS: Partial<Record<ConditionType, ChoiceField>> = {
  line: { name: 'direction', values: ['both', 'forth', 'back'], words: 'directions' },
  zone: { name: 'event', values: ['entry', 'exit', 'presence'], words: 'events' },
  'unlike-normal': { name: 'side', values: ['above', 'below', 'both'], words: 'sides' },
};

/** Which shape a condition is drawn with, and whether it must be. */
export const SHAPES: Partial<Record<ConditionType, { shape: 'line' | 'zone'; isOptional: boolean }>> = {
  line: { shape: 'line', isOptional: false },
  'flow-imbalance': { shape: 'line', isOptional: false },
  zone: { shape: 'zone', isOptional: false },
  dwell: { shape: 'zone', isOptional: false },
  density: { shape: 'zone', isOptional: false },
  'wrong-way': { shape: 'zone', isOptional: false },
  count: { shape: 'zone', isOptional: true },
  speed: { shape: 'zone', isOptional: true },
  stopped: { shape: 'zone', isOptional: true },
};

const LINE: RuleLine = {
  space: 'picture',
  points: [
    [0.2, 0.7],
    [0.8, 0.7],
  ],
};
const ZONE: RuleZone = {
  space: 'picture',
  points: [
    [0.3, 0.5],
    [0.7, 0.5],
    [0.8, 0.9],
    [0.2, 0.9],
  ],
};

const SIMPLE: { [Type in SimpleCondition['type']]: Extract<SimpleCondition, { type: Type }> } = {
  line: { type: 'line', line: LINE, direction: 'both' },
  zone: { type: 'zone', zone: ZONE, event: 'entry' },
  dwell: { type: 'dwell', zone: ZONE, overS: 60 },
  count: { type: 'count', above: 10, forS: 10 },
  density: { type: 'density', zone: ZONE, abovePerM2: 2, forS: 10 },
  speed: { type: 'speed', aboveKmh: 50 },
  'wrong-way': { type: 'wrong-way', zone: ZONE, headingDeg: 0 },
  stopped: { type: 'stopped', zone: ZONE, afterS: 120 },
  'flow-imbalance': { type: 'flow-imbalance', line: LINE, windowS: 300, shareAbove: 0.9, countMin: 20 },
  'unlike-normal': { type: 'unlike-normal', side: 'above', sigmas: 4, windowS: 900 },
  camera: { type: 'camera', troubles: ['down', 'tampered', 'moved', 'frozen'], afterS: 30 },
  'area-total': { type: 'area-total', above: 100, forS: 60 },
};

export const TYPES = [...Object.keys(SIMPLE), 'sequence'] as ConditionType[];
export const SIMPLE_TYPES = Object.keys(SIMPLE) as SimpleCondition['type'][];

/** Keeps the shape that is drawn already where the new condition has one of the same form. */
export function conditionOf(type: ConditionType, before?: Condition): Condition {
  if (type === 'sequence') {
    return { type, first: SIMPLE.zone, next: SIMPLE.dwell, withinS: 300, same: 'camera' };
  }
  const fresh = SIMPLE[type];
  const wanted = SHAPES[type]?.shape;
  if (before === undefined || wanted === undefined) return fresh;
  if (wanted === 'line' && 'line' in before) return { ...fresh, line: before.line } as Condition;
  if (wanted === 'zone' && 'zone' in before && before.zone !== undefined)
    return { ...fresh, zone: before.zone } as Condition;
  return fresh;
}

export function newDraft(id: string, { name, where }: Pick<RuleDraft, 'name' | 'where'>): RuleDraft {
  return { id, name, isEnabled: false, where, when: conditionOf('zone'), severity: 'minor' };
}

/** An id from a name: what an id may not hold becomes a hyphen; a number where another rule has it. */
export function idFor(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 48);
  const base = plain === '' ? 'rule' : plain;
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
}
