/** What a rule waits for: one condition of the list below, or two of them one after the other. */
import Type, { type Static } from 'typebox';
import { RuleLine, RuleZone } from './rule-shape.ts';

const seconds = (description: string, minimum = 0) => Type.Number({ minimum, maximum: 604_800, description });
const count = (description: string) => Type.Integer({ minimum: 0, maximum: 100_000, description });
const object = <T extends Parameters<typeof Type.Object>[0]>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

export const LINE_DIRECTIONS = ['forth', 'back', 'both'] as const;
export const ZONE_EVENTS = ['entry', 'exit', 'presence'] as const;
/** What a camera can suffer, by the states and findings that workers tell, and the events of its device. */
export const CAMERA_TROUBLES = [
  'down',
  'tampered',
  'moved',
  'frozen',
  'dark',
  'device-tamper',
  'device-input',
] as const;

/** A thing goes over the line and on by the hysteresis. */
export const LineCondition = object({
  type: Type.Literal('line'),
  line: RuleLine,
  direction: Type.Optional(Type.Enum(LINE_DIRECTIONS, { description: 'Absent: both' })),
  hysteresis: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 100,
      description:
        'How far beyond the line counts: fractions of the picture’s height (0.01), on the ground metres (0.5)',
    }),
  ),
});

/** A thing comes into the zone, leaves it, or is in it for so long (a parked one once). */
export const ZoneCondition = object({
  type: Type.Literal('zone'),
  zone: RuleZone,
  event: Type.Enum(ZONE_EVENTS),
  overS: Type.Optional(seconds('Presence: in the zone for at least this long; absent: 1 s')),
});

/** A thing stays in the zone for longer than this. */
export const DwellCondition = object({ type: Type.Literal('dwell'), zone: RuleZone, overS: seconds('', 1) });

/** So many things at once in the zone (absent: the picture), without a break for so long. */
export const CountCondition = object({
  type: Type.Literal('count'),
  zone: Type.Optional(RuleZone),
  above: Type.Optional(count('More than this')),
  below: Type.Optional(count('Fewer than this')),
  forS: seconds(''),
});

/** So many persons per square metre of the zone's ground. */
export const DensityCondition = object({
  type: Type.Literal('density'),
  zone: RuleZone,
  abovePerM2: Type.Number({ exclusiveMinimum: 0, maximum: 20 }),
  forS: seconds(''),
});

/** Speed over ground, where calibrated, less its error: only what is surely faster (or slower) counts. */
export const SpeedCondition = object({
  type: Type.Literal('speed'),
  zone: Type.Optional(RuleZone),
  aboveKmh: Type.Optional(Type.Number({ minimum: 0, maximum: 400 })),
  belowKmh: Type.Optional(Type.Number({ minimum: 0, maximum: 400 })),
  overS: Type.Optional(seconds('Measured over at least this long; absent: 1 s')),
});

/** A thing moves against the allowed heading for at least this far. */
export const WrongWayCondition = object({
  type: Type.Literal('wrong-way'),
  zone: RuleZone,
  headingDeg: Type.Number({
    minimum: 0,
    maximum: 360,
    description: 'Allowed: on the ground 0 is north, clockwise; in the picture 0 is up, clockwise',
  }),
  toleranceDeg: Type.Optional(Type.Number({ minimum: 5, maximum: 175, description: 'Absent: 90' })),
  distance: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 1000,
      description: 'Metres (5), in the picture fractions of its height (0.1)',
    }),
  ),
});

/** A vehicle (or what `kinds` names) stands still in the zone for so long: one incident until it has left. */
export const StoppedCondition = object({
  type: Type.Literal('stopped'),
  zone: Type.Optional(RuleZone),
  afterS: seconds('', 1),
});

/** Of what crosses the line, one direction has more than this share. */
export const FlowImbalanceCondition = object({
  type: Type.Literal('flow-imbalance'),
  line: RuleLine,
  windowS: seconds('', 10),
  shareAbove: Type.Number({ minimum: 0.5, maximum: 1 }),
  countMin: Type.Integer({ minimum: 2, maximum: 100_000, description: 'Fewer crossings in the window say nothing' }),
});

/** More (or fewer) at once, on average over the window, than at this hour of the week, in robust sigmas. */
export const UnlikeNormalCondition = object({
  type: Type.Literal('unlike-normal'),
  side: Type.Enum(['above', 'below', 'both']),
  sigmas: Type.Number({ minimum: 1, maximum: 20 }),
  windowS: seconds('', 60),
});

export const CameraCondition = object({
  type: Type.Literal('camera'),
  troubles: Type.Array(Type.Enum(CAMERA_TROUBLES), { minItems: 1, uniqueItems: true }),
  afterS: Type.Optional(seconds('It lasts for at least this long; absent: 0')),
});

/** All things at once in an area, over all its cameras; things that two cameras see count twice. */
export const AreaTotalCondition = object({
  type: Type.Literal('area-total'),
  above: Type.Optional(count('More than this')),
  below: Type.Optional(count('Fewer than this')),
  forS: seconds(''),
});

const SIMPLE = [
  LineCondition,
  ZoneCondition,
  DwellCondition,
  CountCondition,
  DensityCondition,
  SpeedCondition,
  WrongWayCondition,
  StoppedCondition,
  FlowImbalanceCondition,
  UnlikeNormalCondition,
  CameraCondition,
  AreaTotalCondition,
] as const;

export const SimpleCondition = Type.Union([...SIMPLE]);
export type SimpleCondition = Static<typeof SimpleCondition>;

/** One, then the other within a time: in the same camera, or anywhere in the rule's area. */
export const SequenceCondition = object({
  type: Type.Literal('sequence'),
  first: SimpleCondition,
  next: SimpleCondition,
  withinS: seconds('', 1),
  same: Type.Enum(['camera', 'area']),
});

export const Condition = Type.Union([...SIMPLE, SequenceCondition]);
export type Condition = Static<typeof Condition>;
export type ConditionType = Condition['type'];

export const CONDITION_TYPES = [
  'line',
  'zone',
  'dwell',
  'count',
  'density',
  'speed',
  'wrong-way',
  'stopped',
  'flow-imbalance',
  'unlike-normal',
  'camera',
  'area-total',
  'sequence',
] as const satisfies readonly ConditionType[];
