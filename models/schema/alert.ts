/** An alert: one firing of a rule; and the incident that groups alerts of one thing that happens. */
import Type, { type Static } from 'typebox';
import { AreaPath } from './area.ts';
import { Id, TimeMs } from './id.ts';
import { Kind } from './kind.ts';
import { CONDITION_TYPES } from './rule-condition.ts';
import { Severity } from './severity.ts';

export const ALERT_ID_PATTERN = '^[a-f0-9]{24}$';
/** Made from rule, version, place and time of what happened: the same tracks give the same id. */
export const AlertId = Type.String({ pattern: ALERT_ID_PATTERN });

/** Why it fired: from the message that decided back to the frame. */
export const AlertCause = Type.Object({
  messages: Type.Array(Type.String(), {
    maxItems: 10,
    description: 'Ids camera:revision:sequence; the last one decided',
  }),
  tracks: Type.Array(Type.String(), { maxItems: 50 }),
  capturedAtMs: { ...TimeMs, description: 'When the camera saw the deciding frame' },
  receivedAtMs: { ...TimeMs, description: 'When its last packet reached us' },
  publishedAtMs: Type.Optional({ ...TimeMs, description: 'When the broker had its message' }),
  model: Type.String(),
  calibrationVersion: Type.Integer({ minimum: 0, description: '0: none was used' }),
});
export type AlertCause = Static<typeof AlertCause>;

export const Alert = Type.Object({
  version: Type.Literal(1),
  id: AlertId,
  incident: AlertId,
  rule: Id,
  ruleVersion: Type.Integer({ minimum: 1 }),
  ruleName: Type.String(),
  family: Id,
  condition: Type.Enum(CONDITION_TYPES),
  severity: Severity,
  areaPath: AreaPath,
  camera: Type.Union([Id, Type.Null()], { description: 'null: of an area, over many cameras' }),
  position: Type.Optional(
    Type.Object({
      lon: Type.Number(),
      lat: Type.Number(),
      errorM: Type.Number({ minimum: 0, description: '1 sigma along the long axis' }),
    }),
  ),
  /** Where in the picture the thing was: [x, y, width, height], fractions. */
  box: Type.Optional(Type.Array(Type.Number(), { minItems: 4, maxItems: 4 })),
  kind: Type.Optional(Kind),
  atMs: { ...TimeMs, description: 'When it happened, by the camera’s frames' },
  raisedAtMs: { ...TimeMs, description: 'When the engine sent it' },
  text: Type.String({ maxLength: 1000 }),
  hasOwnText: Type.Optional(
    Type.Boolean({ description: 'The text is by the rule’s author, not a sentence of the engine' }),
  ),
  /** Measured and limit: `{ count: 12, limit: 10 }`, `{ speedKmh: 71, errorKmh: 4, limit: 50 }`. */
  values: Type.Record(Type.String(), Type.Number()),
  isLate: Type.Boolean({ description: 'The data came after the watermark had passed' }),
  held: Type.Integer({ minimum: 0, description: 'Alerts like it that were held since the last one that was sent' }),
  cause: AlertCause,
});
export type Alert = Static<typeof Alert>;

export const INCIDENT_STATES = ['open', 'acknowledged', 'closed'] as const;
export const MARKS = ['right', 'wrong', 'useless'] as const;
export const Mark = Type.Enum(MARKS);
export type Mark = Static<typeof Mark>;

/** Alerts of one family at one place and time, and what people did with it. */
export const Incident = Type.Object({
  version: Type.Literal(1),
  id: { ...AlertId, description: 'The id of its first alert' },
  revision: Type.Integer({ minimum: 0, description: 'Grows with every change' }),
  family: Id,
  severity: { ...Severity, description: 'The gravest of its alerts' },
  areaPath: { ...AreaPath, description: 'Of its first alert, `_` below the level that all its alerts share' },
  firstAtMs: TimeMs,
  lastAtMs: TimeMs,
  alerts: Type.Integer({ minimum: 1 }),
  held: Type.Integer({ minimum: 0, description: 'Alerts that caps and cooldowns held back' }),
  cameras: Type.Array(Id, { maxItems: 200 }),
  cameraCount: Type.Integer({ minimum: 0 }),
  rules: Type.Array(Id, { maxItems: 50 }),
  text: Type.String(),
  endedAtMs: Type.Optional({
    ...TimeMs,
    description: 'When what happened was over; absent: it goes on, or nobody can know',
  }),
});
export type Incident = Static<typeof Incident>;

/** What a person did with an incident; the last of each counts. */
export const IncidentWork = Type.Object({
  incident: AlertId,
  state: Type.Enum(INCIDENT_STATES),
  mark: Type.Optional(Mark),
  notes: Type.Array(Type.Object({ atMs: TimeMs, by: Type.String(), text: Type.String({ maxLength: 2000 }) }), {
    maxItems: 100,
  }),
  changedAtMs: TimeMs,
  changedBy: Type.String(),
});
export type IncidentWork = Static<typeof IncidentWork>;

/** Pictures of an alert, once they are cut; `missing` says why there are none. */
export const Evidence = Type.Object({
  alert: AlertId,
  camera: Id,
  state: Type.Enum(['kept', 'missing', 'deleted']),
  reason: Type.Optional(Type.String({ description: 'Why missing: a code of the troubleshooting page' })),
  clip: Type.Optional(Type.String({ description: 'Name in the evidence store' })),
  still: Type.Optional(Type.String()),
  fromMs: Type.Optional(TimeMs),
  toMs: Type.Optional(TimeMs),
  bytes: Type.Optional(Type.Integer({ minimum: 0 })),
  expiresAtMs: Type.Optional(TimeMs),
});
export type Evidence = Static<typeof Evidence>;

/** What is sent: CloudEvents 1.0 in JSON, `data` by its type. Subjects carry the area path and the severity. */
export const EVENT_TYPES = {
  alert: 'org.sharp-eyes.alert.raised.v1',
  incident: 'org.sharp-eyes.incident.changed.v1',
  work: 'org.sharp-eyes.incident.worked.v1',
  evidence: 'org.sharp-eyes.evidence.changed.v1',
} as const;

const envelope = <T extends string, D extends Parameters<typeof Type.Union>[0][number]>(type: T, data: D) =>
  Type.Object({
    specversion: Type.Literal('1.0'),
    id: Type.String({ description: 'The same where an event comes twice' }),
    source: Type.String({ description: '/sharp-eyes/<engine or api>' }),
    type: Type.Literal(type),
    subject: Type.String({ description: 'The area path with slashes: jinan/lixia/…' }),
    time: Type.String({ description: 'RFC 3339, when it happened' }),
    datacontenttype: Type.Literal('application/json'),
    severity: Severity,
    data,
  });

export const AlertEvent = envelope(EVENT_TYPES.alert, Alert);
export type AlertEvent = Static<typeof AlertEvent>;
export const IncidentEvent = envelope(EVENT_TYPES.incident, Incident);
export type IncidentEvent = Static<typeof IncidentEvent>;
export const WorkEvent = envelope(EVENT_TYPES.work, IncidentWork);
export type WorkEvent = Static<typeof WorkEvent>;
export const EvidenceEvent = envelope(EVENT_TYPES.evidence, Evidence);
export type EvidenceEvent = Static<typeof EvidenceEvent>;

/** On `sharpeyes.alerts.<area path>.<severity>`. */
export const StreamEvent = Type.Union([AlertEvent, IncidentEvent, WorkEvent, EvidenceEvent]);
export type StreamEvent = Static<typeof StreamEvent>;
