/** What a rule would have done on the past: what is asked, and the answer. */
import Type, { type Static } from 'typebox';
import { Alert } from './alert.ts';
import { TrackWay } from './alert-view.ts';
import { TimeMs } from './id.ts';
import { RuleDraft } from './rule.ts';

const Count = Type.Integer({ minimum: 0 });

export const RuleTryQuestion = Type.Object(
  {
    rule: RuleDraft,
    against: Type.Optional({ ...RuleDraft, description: 'Another version, to compare with' }),
    fromMs: TimeMs,
    toMs: TimeMs,
    atMostPerDay: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, description: 'Propose a limit for at most so many' }),
    ),
  },
  { additionalProperties: false },
);
export type RuleTryQuestion = Static<typeof RuleTryQuestion>;

export const TriedRule = Type.Object({
  alerts: Count,
  held: Count,
  perDay: Type.Array(Type.Object({ day: Type.String(), alerts: Count })),
  perWeekHour: Type.Array(Count, { minItems: 168, maxItems: 168, description: 'Hour 0 is Monday 00 to 01' }),
  samples: Type.Array(Type.Object({ alert: Alert, tracks: Type.Array(TrackWay) }), { maxItems: 24 }),
});
export type TriedRule = Static<typeof TriedRule>;

/** The answer, last line of a stream whose other lines are `{ progress: 0…1 }`. */
export const RuleTry = Type.Object({
  tried: TriedRule,
  against: Type.Union([TriedRule, Type.Null()]),
  differences: Type.Union([Type.Object({ onlyRule: Count, onlyAgainst: Count, both: Count }), Type.Null()]),
  proposal: Type.Union([
    Type.Object({
      path: Type.String({ description: 'Which number of the condition: `overS`' }),
      value: Type.Number(),
      alertsPerDay: Type.Number(),
    }),
    Type.Null(),
  ]),
  looks: Count,
  sightings: Count,
  observedS: Type.Number({ description: 'Camera seconds watched in the period' }),
  wantedS: Type.Number({ description: 'Camera seconds of the period' }),
  tookMs: Count,
});
export type RuleTry = Static<typeof RuleTry>;
