/** How alerts, incidents and their stream are asked for, and what is answered. */
import Type, { type Static } from 'typebox';
import { Alert, AlertId, INCIDENT_STATES, Incident, IncidentWork, MARKS, Mark } from './alert.ts';
import { Delivery } from './channel.ts';
import { Id, TimeMs } from './id.ts';
import { Kind } from './kind.ts';
import { SEVERITIES } from './severity.ts';

/** One or several of the values, with commas between them. */
const listOf = (values: readonly string[], description: string) => {
  const one = `(${values.join('|')})`;
  return Type.Optional(Type.String({ pattern: `^${one}(,${one})*$`, maxLength: 200, description }));
};
const Time = Type.String({ maxLength: 40, description: 'ISO 8601, or UTC milliseconds' });
const sequence = (description: string) => Type.Integer({ minimum: 0, description });

const shared = {
  area: Type.Optional({ ...Id, description: 'This area with all below it' }),
  severity: listOf(SEVERITIES, 'One, or several with commas between them'),
  rule: Type.Optional(Id),
  from: Type.Optional({ ...Time, description: 'Begin; absent: seven days before the end' }),
  to: Type.Optional({ ...Time, description: 'End; absent: now' }),
  cursor: Type.Optional(Type.String({ maxLength: 80, description: '`next` of the answer before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
};

export const AlertQuery = Type.Object(
  {
    ...shared,
    kind: Type.Optional(Kind),
    camera: Type.Optional(Id),
    incident: Type.Optional(AlertId),
  },
  { additionalProperties: false },
);
export type AlertQuery = Static<typeof AlertQuery>;

export const IncidentQuery = Type.Object(
  {
    ...shared,
    state: listOf(INCIDENT_STATES, 'open, acknowledged or closed; several with commas between them'),
    mark: listOf([...MARKS, 'none'], 'right, wrong, useless or none'),
    family: Type.Optional(Id),
    camera: Type.Optional(Id),
  },
  { additionalProperties: false },
);
export type IncidentQuery = Static<typeof IncidentQuery>;

/** Latest first. `upTo`: a stream that is opened with `after` this misses nothing that is not here. */
const page = {
  next: Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the next page; null: there is none' }),
  upTo: sequence('Open /alert-stream with after=upTo to go on from here without a gap'),
};
export const AlertPage = Type.Object({ alerts: Type.Array(Alert), ...page });
export type AlertPage = Static<typeof AlertPage>;

/** An incident as it stands: what the engine says, and what people did. `workRevision` guards the next change. */
export const IncidentView = Type.Object({
  ...Incident.properties,
  work: Type.Union([IncidentWork, Type.Null()], { description: 'null: open, and nobody touched it' }),
  workRevision: Type.Integer({ minimum: 0, description: 'Send it with a change; 0: nobody touched it' }),
});
export type IncidentView = Static<typeof IncidentView>;
export const IncidentPage = Type.Object({ incidents: Type.Array(IncidentView), ...page });
export type IncidentPage = Static<typeof IncidentPage>;

export const IncidentDetails = Type.Object({ incident: IncidentView, alerts: Type.Array(Alert) });

export const WorkInput = Type.Object(
  {
    state: Type.Optional(Type.Enum(INCIDENT_STATES)),
    mark: Type.Optional(Type.Union([Mark, Type.Null()], { description: 'null takes it away' })),
    note: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
    revision: Type.Optional(
      Type.Integer({ minimum: 0, description: 'workRevision as it was read; refused where another was faster' }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type WorkInput = Static<typeof WorkInput>;

export const STREAMED_KINDS = ['alert', 'incident', 'work', 'evidence'] as const;

export const StreamQuery = Type.Object(
  {
    area: shared.area,
    severity: shared.severity,
    types: listOf(STREAMED_KINDS, 'alert, incident, work or evidence; several with commas between them; absent: all'),
    after: Type.Optional(sequence('Everything behind this sequence, then live; absent: live')),
    since: Type.Optional({ ...Time, description: 'Everything published since then, then live' }),
  },
  { additionalProperties: false },
);
export type StreamQuery = Static<typeof StreamQuery>;

/** From the alert back to the frame, and on to each subscriber. */
export const AlertWhy = Type.Object({
  alert: Alert,
  ruleText: Type.Union([Type.String(), Type.Null()], {
    description: 'The version of the rule that fired, YAML; null: no longer on record',
  }),
  isRuleCurrent: Type.Boolean(),
  sightings: Type.Array(
    Type.Object({
      track: Type.String(),
      kind: Kind,
      score: Type.Number(),
      box: Type.Array(Type.Number(), { minItems: 4, maxItems: 4 }),
      capturedAtMs: TimeMs,
      receivedAtMs: TimeMs,
      lon: Type.Union([Type.Number(), Type.Null()]),
      lat: Type.Union([Type.Number(), Type.Null()]),
      message: Type.String(),
      isDeciding: Type.Boolean({ description: 'Of the message that decided' }),
    }),
    { description: 'Of its tracks, around the time, oldest first' },
  ),
  times: Type.Object({
    capturedAtMs: TimeMs,
    receivedAtMs: TimeMs,
    raisedAtMs: TimeMs,
    decidedMs: Type.Integer({ description: 'From the last packet of the deciding frame to the alert' }),
  }),
  deliveries: Type.Array(Delivery),
  sql: Type.String({ description: 'Runs as it is: the sightings of its tracks' }),
});
export type AlertWhy = Static<typeof AlertWhy>;
