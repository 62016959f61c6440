/** What a rule would have done on the past: what is asked, and the answer. */
import Type, { type Static } from 'typebox';
import { Alert } from './alert.ts';
import { TrackWay } from './alert-view.ts';
import { Id, TimeMs } from './id.ts';
import { Problem } from './problem.ts';
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
  held: { ...Count, description: 'Held back by cooldown, hourly limit, storm or quiet span' },
  incidents: Count,
  perDay: Type.Array(
    Type.Object({
      day: Type.String({ description: 'YYYY-MM-DD, local; also those without any' }),
      alerts: Count,
      held: Count,
    }),
  ),
  perWeekHour: Type.Array(Count, { minItems: 168, maxItems: 168, description: 'Hour 0 is Monday 00 to 01' }),
  perCamera: Type.Array(Type.Object({ camera: Type.Union([Id, Type.Null()]), alerts: Count, held: Count }), {
    description: 'The loudest first; null: of an area',
  }),
  note: Type.Optional(Type.String({ description: 'Why it could not fire, or not all of it could be tried' })),
  samples: Type.Array(Type.Object({ alert: Alert, tracks: Type.Array(TrackWay) }), { maxItems: 24 }),
});
export type TriedRule = Static<typeof TriedRule>;

/** How long a camera was watched in the period, and the longest times in which it was not. */
export const TryWatched = Type.Object({
  camera: Id,
  watchedShare: Type.Number({ minimum: 0, maximum: 1 }),
  gaps: Type.Array(Type.Object({ fromMs: TimeMs, toMs: TimeMs })),
});
export type TryWatched = Static<typeof TryWatched>;

/** The answer, last line of a stream whose other lines are `{ progress: 0…1 }`. */
export const RuleTry = Type.Object({
  fromMs: TimeMs,
  toMs: TimeMs,
  zone: Type.String({ description: 'IANA time zone of days and hours' }),
  tried: TriedRule,
  against: Type.Union([TriedRule, Type.Null()]),
  differences: Type.Union(
    [
      Type.Object({
        onlyRule: Count,
        onlyAgainst: Count,
        both: Count,
        onlyRuleAlerts: Type.Array(Alert, { maxItems: 50 }),
        onlyAgainstAlerts: Type.Array(Alert, { maxItems: 50 }),
      }),
      Type.Null(),
    ],
    { description: 'Alerts of both at one camera within a minute are one' },
  ),
  proposal: Type.Union([
    Type.Object({
      path: Type.String({ description: 'Which number of the condition: `overS`' }),
      now: Type.Union([Type.Number(), Type.Null()], { description: 'null: it stands at its default' }),
      value: { ...Type.Number(), description: 'The loosest that is enough; else the strictest that was tried' },
      isEnough: Type.Boolean(),
      alertsPerDay: Type.Number({ description: 'With this value' }),
      perValue: Type.Array(Type.Object({ value: Type.Number(), alerts: Count, held: Count })),
    }),
    Type.Null(),
  ]),
  looks: Count,
  sightings: Count,
  observedS: Type.Number({ description: 'Camera seconds watched in the period' }),
  wantedS: Type.Number({ description: 'Camera seconds of the period' }),
  watched: Type.Array(TryWatched),
  tookMs: Count,
});
export type RuleTry = Static<typeof RuleTry>;

export const RuleTryLine = Type.Union([
  Type.Object({ progress: Type.Number({ minimum: 0, maximum: 1 }) }),
  Type.Object({ result: RuleTry }),
  Type.Object({ problem: Problem }),
]);
export type RuleTryLine = Static<typeof RuleTryLine>;
