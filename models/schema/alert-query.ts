/** How alerts, incidents and their stream are asked for, and what is answered. */
import Type, { type Static } from 'typebox';
import { Alert, AlertId, INCIDENT_STATES, MARKS, Mark } from './alert.ts';
import { IncidentView } from './alert-view.ts';
import { Id } from './id.ts';
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
  cursor: Type.Optional(Type.String({ maxLength: 80, description: '`cursor` of the answer before' })),
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
    kind: Type.Optional(Kind),
    text: Type.Optional(Type.String({ maxLength: 100, description: 'Part of what it says' })),
    camera: Type.Optional(Id),
  },
  { additionalProperties: false },
);
export type IncidentQuery = Static<typeof IncidentQuery>;

/** Latest first. */
export const AlertPage = Type.Object({
  alerts: Type.Array(Alert),
  cursor: Type.Union([Type.String(), Type.Null()], { description: 'Of the next page; null: there is none' }),
  sequence: sequence('Open /alert-stream with since=sequence to go on from here without a gap'),
});
export type AlertPage = Static<typeof AlertPage>;

export const IncidentDetails = Type.Object({ ...IncidentView.properties, alerts: Type.Array(Alert) });

export const WorkInput = Type.Object(
  {
    state: Type.Optional(Type.Enum(INCIDENT_STATES)),
    mark: Type.Optional(Type.Union([Mark, Type.Null()], { description: 'null takes it away' })),
    note: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
    revision: Type.Optional(
      Type.Integer({ minimum: 0, description: '`workRevision` as it was read; refused where another was faster' }),
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
    since: Type.Optional({
      ...Time,
      description:
        'Everything behind this sequence of the stream, or published since this time (ISO 8601, UTC milliseconds), then live; absent: live',
    }),
  },
  { additionalProperties: false },
);
export type StreamQuery = Static<typeof StreamQuery>;
