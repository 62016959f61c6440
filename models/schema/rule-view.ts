/** A rule and a quiet span as the API shows and takes them. */
import Type, { type Static } from 'typebox';
import { Id, TimeMs } from './id.ts';
import { Quiet, Rule, RuleState } from './rule.ts';

const Count = Type.Integer({ minimum: 0 });

/** How people marked what a rule raised. */
export const RulePrecision = Type.Object({
  right: Count,
  wrong: Count,
  useless: Count,
  alerts: { ...Count, description: 'Sent in the last 30 days' },
  isNoisy: Type.Boolean({ description: 'Most marks are wrong or useless, or it is far louder than the others' }),
  proposal: Type.Optional(Type.String({ description: 'What would make it quieter, in one sentence' })),
});
export type RulePrecision = Static<typeof RulePrecision>;

export const RuleView = Type.Object({
  ...Rule.properties,
  revision: Type.Integer({ description: 'Of the registry; as the ETag, which If-Match takes' }),
  state: Type.Union([RuleState, Type.Null()], {
    description: 'What the engine says of it, and of which version; null: it has said nothing yet',
  }),
  precision: Type.Optional(RulePrecision),
});
export type RuleView = Static<typeof RuleView>;

/** What is absent stays; for all else write the whole rule anew. */
export const RulePatch = Type.Object(
  {
    isEnabled: Type.Optional(Type.Boolean()),
    name: Type.Optional(Rule.properties.name),
    severity: Type.Optional(Rule.properties.severity),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type RulePatch = Static<typeof RulePatch>;

/** One of the things that are wrong with a rule, and where in it. */
export const RuleProblem = Type.Object({
  code: Type.String({ description: 'A code of the troubleshooting page' }),
  path: Type.String({ description: 'JSON pointer from the rule' }),
  message: Type.String(),
});
export type RuleProblem = Static<typeof RuleProblem>;

const QUIET_DAYS_MAX = 366;
export const QUIET_MAX_MS = QUIET_DAYS_MAX * 86_400_000;

export const QuietInput = Type.Object(
  {
    kind: Quiet.properties.kind,
    rule: Quiet.properties.rule,
    camera: Quiet.properties.camera,
    area: Quiet.properties.area,
    fromMs: Type.Optional({ ...TimeMs, description: 'Absent: now' }),
    toMs: { ...TimeMs, description: `At most ${QUIET_DAYS_MAX} days after its begin` },
    reason: Quiet.properties.reason,
  },
  { additionalProperties: false },
);
export type QuietInput = Static<typeof QuietInput>;

export const QuietList = Type.Object({ quiets: Type.Array(Quiet) });
export const RuleList = Type.Object({ rules: Type.Array(RuleView) });
export const RuleVersions = Type.Object({
  versions: Type.Array(Rule, { description: 'Newest first, as far as they are kept' }),
});
export const RuleParams = Type.Object({ id: Id });
