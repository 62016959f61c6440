/** What a device says of one of its cameras by ONVIF events: motion, tampering, loss of signal, an input that switched. */
import Type, { type Static } from 'typebox';
import { Id, TimeMs } from './id.ts';

export const EVENT_TOPICS = ['motion', 'tamper', 'signal-loss', 'digital-input'] as const;
export const EventTopic = Type.Enum(EVENT_TOPICS);
export type EventTopic = Static<typeof EventTopic>;

/** On `sharpeyes.health.<area path>.<camera>`, beside the camera's states, which have no `type`. */
export const CameraEvent = Type.Object({
  type: Type.Literal('camera-event'),
  version: Type.Literal(1),
  /** The same when the message comes twice. */
  id: Type.String(),
  camera: Id,
  topic: EventTopic,
  source: Type.String({ description: 'The token of what saw it: a video source, its configuration, an input' }),
  isOn: Type.Boolean(),
  capturedAtMs: { ...TimeMs, description: 'When the device saw it, by its clock set right' },
  receivedAtMs: TimeMs,
  worker: Type.String(),
});
export type CameraEvent = Static<typeof CameraEvent>;

export const EVENTS_STATES = ['subscribed', 'none', 'silent', 'refused'] as const;

/** Part of a camera's state, where events of its device are wanted. */
export const EventsState = Type.Object({
  events: Type.Optional(
    Type.Enum(EVENTS_STATES, {
      description:
        'subscribed: events come; silent: none came for long, or it cannot be asked; refused: not with this login, or it has no room; none: it has no events',
    }),
  ),
  eventsReason: Type.Optional(Type.String({ description: 'An error code of the troubleshooting page' })),
  eventsMessage: Type.Optional(Type.String()),
  eventsSinceMs: Type.Optional(TimeMs),
});
export type EventsState = Static<typeof EventsState>;
