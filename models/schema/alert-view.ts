/** What the API answers about alerts: incidents with what was done, and why an alert fired. */
import Type, { type Static } from 'typebox';
import { Alert, Evidence, Incident, IncidentWork } from './alert.ts';
import { Delivery } from './channel.ts';
import { TimeMs } from './id.ts';
import { Kind } from './kind.ts';
import { Rule } from './rule.ts';

export const IncidentView = Type.Object({
  incident: Incident,
  work: Type.Union([IncidentWork, Type.Null()], { description: 'null: nobody touched it, it is open' }),
  alert: { ...Alert, description: 'Its latest' },
  evidence: Type.Union([Evidence, Type.Null()], { description: 'Of its latest alert that has any' }),
  workRevision: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'Send it with a change, so that nobody’s is overwritten; 0: nobody touched it',
    }),
  ),
});
export type IncidentView = Static<typeof IncidentView>;

/** Newest first. */
export const IncidentList = Type.Object({
  incidents: Type.Array(IncidentView),
  cursor: Type.Union([Type.String(), Type.Null()], { description: 'Asks for those after it; null at the end' }),
  counts: Type.Object(
    { open: Type.Integer(), acknowledged: Type.Integer(), closed: Type.Integer() },
    { description: 'Of all that the question asks for, whatever their state' },
  ),
  sequence: Type.Integer({ description: 'Of the stream of alerts: ask it for what came since' }),
});
export type IncidentList = Static<typeof IncidentList>;

export const TrackPoint = Type.Object({
  atMs: TimeMs,
  box: Type.Array(Type.Number(), { minItems: 4, maxItems: 4 }),
  lon: Type.Optional(Type.Number()),
  lat: Type.Optional(Type.Number()),
});
/** The way of one track, oldest point first. */
export const TrackWay = Type.Object({
  track: Type.String(),
  camera: Type.String(),
  kind: Kind,
  points: Type.Array(TrackPoint),
});
export type TrackWay = Static<typeof TrackWay>;

export const AlertWhy = Type.Object({
  alert: Alert,
  rule: Type.Union([Rule, Type.Null()], { description: 'The version that fired; null: it is no longer kept' }),
  tracks: Type.Array(TrackWay),
  evidence: Type.Union([Evidence, Type.Null()]),
  deliveries: Type.Array(Delivery),
  delays: Type.Object({
    detectMs: Type.Integer({
      description: 'From the last packet of the deciding frame to its message, by the workers’ clock',
    }),
    decideMs: Type.Integer({ description: 'From that message to the alert' }),
  }),
  sql: Type.Array(Type.Object({ title: Type.String(), query: Type.String() })),
});
export type AlertWhy = Static<typeof AlertWhy>;
