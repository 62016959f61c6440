/** A rule: where, when and what it waits for, and how loud it is; its version counts its changes. */
import Type, { type Static } from 'typebox';
import { Id, TimeMs } from './id.ts';
import { Kind } from './kind.ts';
import { Condition } from './rule-condition.ts';
import { Severity } from './severity.ts';

export const CLOCK_PATTERN = '^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$';
const Clock = Type.String({ pattern: CLOCK_PATTERN, description: 'HH:MM, 24 hours; 24:00 is the end of the day' });

/** Absent spans: always. A span whose end is not after its begin goes on into the next day. */
export const Schedule = Type.Object(
  {
    zone: Type.Optional(Type.String({ description: 'IANA time zone; absent: the configured one' })),
    spans: Type.Array(
      Type.Object(
        {
          days: Type.Optional(
            Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
              minItems: 1,
              uniqueItems: true,
              description: '1 is Monday, 7 Sunday; the day on which the span begins; absent: every day',
            }),
          ),
          from: Clock,
          to: Clock,
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 50 },
    ),
    holidays: Type.Optional(
      Type.Enum(['as-other-days', 'only', 'never'], { description: 'Days of the calendar; absent: as other days' }),
    ),
  },
  { additionalProperties: false },
);
export type Schedule = Static<typeof Schedule>;

/** Cameras by name, or all of an area; of an area without a geometry of its own in the condition. */
export const RuleScope = Type.Union([
  Type.Object(
    { cameras: Type.Array(Id, { minItems: 1, maxItems: 1000, uniqueItems: true }) },
    { additionalProperties: false },
  ),
  Type.Object({ area: Id }, { additionalProperties: false }),
]);
export type RuleScope = Static<typeof RuleScope>;

/** What a person writes. */
export const RuleDraft = Type.Object(
  {
    id: Id,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    isEnabled: Type.Boolean(),
    where: RuleScope,
    when: Condition,
    kinds: Type.Optional(
      Type.Array(Kind, {
        minItems: 1,
        uniqueItems: true,
        description: 'Absent: all; `stopped`: vehicles; `density`: persons',
      }),
    ),
    scoreMin: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    trackAgeMinS: Type.Optional(
      Type.Number({ minimum: 0, maximum: 3600, description: 'Tracks younger than this are not believed; absent: 0.5' }),
    ),
    schedule: Type.Optional(Schedule),
    severity: Severity,
    cooldownS: Type.Optional(
      Type.Number({ minimum: 0, maximum: 86_400, description: 'After an alert was sent, per camera; absent: 60' }),
    ),
    hourlyMax: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        description: 'Alerts an hour; more are held and counted; absent: 60',
      }),
    ),
    family: Type.Optional({
      ...Id,
      description: 'Rules of one family at one place and time make one incident; absent: the condition’s type',
    }),
    text: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description:
          'With {rule} {camera} {area} {kind} {count} {value} {limit} {time}; absent: a sentence by the condition',
      }),
    ),
    evidence: Type.Optional(
      Type.Object(
        {
          beforeS: Type.Number({ minimum: 0, maximum: 30 }),
          afterS: Type.Number({ minimum: 0, maximum: 30 }),
        },
        { additionalProperties: false, description: 'Of the clip; absent: 5 s before and 5 s after' },
      ),
    ),
  },
  { additionalProperties: false },
);
export type RuleDraft = Static<typeof RuleDraft>;

export const Rule = Type.Object(
  {
    ...RuleDraft.properties,
    version: Type.Integer({ minimum: 1 }),
    updatedAtMs: TimeMs,
    updatedBy: Type.String({ description: 'User id' }),
  },
  { additionalProperties: false },
);
export type Rule = Static<typeof Rule>;

/** What the engine says of a rule: which version runs since when, or why it is put aside. */
export const RuleState = Type.Object({
  rule: Id,
  version: Type.Integer({ minimum: 1 }),
  state: Type.Enum(['active', 'disabled', 'quarantined', 'waiting'], {
    description:
      'quarantined: it cannot run, alone, for the reason named; waiting: it learns, or its cameras are not calibrated',
  }),
  reason: Type.Optional(Type.String({ description: 'A code of the troubleshooting page' })),
  message: Type.Optional(Type.String()),
  engine: Type.String({ description: 'Process that runs it' }),
  appliedAtMs: TimeMs,
});
export type RuleState = Static<typeof RuleState>;

/** No alerts are sent for a while: a maintenance window (begins and ends), or a snooze (begins at once). */
export const Quiet = Type.Object(
  {
    id: Id,
    kind: Type.Enum(['maintenance', 'snooze']),
    rule: Type.Optional(Id),
    camera: Type.Optional(Id),
    area: Type.Optional(Id),
    fromMs: TimeMs,
    toMs: TimeMs,
    reason: Type.String({ minLength: 1, maxLength: 500 }),
    by: Type.String({ description: 'User id' }),
  },
  { additionalProperties: false },
);
export type Quiet = Static<typeof Quiet>;
