/** Channels: where alerts go besides the page and the streams; and what became of each delivery. */
import Type, { type Static } from 'typebox';
import { AlertId } from './alert.ts';
import { Id, TimeMs } from './id.ts';
import { Severity } from './severity.ts';

/** What a channel can carry. */
export const EVENT_NAMES = ['alert', 'incident', 'work', 'evidence'] as const;

const Text = Type.String({ minLength: 1, maxLength: 500 });
const shared = {
  id: Id,
  name: Type.String({ minLength: 1, maxLength: 200 }),
  isEnabled: Type.Boolean(),
  area: Type.Union([Id, Type.Null()], { description: 'This area with all below; null: everywhere' }),
  severities: Type.Optional(Type.Array(Severity, { minItems: 1, uniqueItems: true, description: 'Absent: all' })),
  events: Type.Optional(
    Type.Array(Type.Enum(EVENT_NAMES), { minItems: 1, uniqueItems: true, description: 'Absent: alert' }),
  ),
  perMinuteMax: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 10_000, description: 'More are held and told as one line; absent: 600' }),
  ),
  createdBy: Type.String(),
  updatedAtMs: TimeMs,
};

/** POST of the CloudEvents envelope, signed: `Webhook-Signature: v1,<HMAC-SHA256 base64>` over `id.timestamp.body`. */
export const WebhookChannel = Type.Object(
  {
    ...shared,
    type: Type.Literal('webhook'),
    url: Type.String({ pattern: '^https?://', maxLength: 2000 }),
    sealedSecret: Type.String({ description: 'AES-256-GCM, base64url; never leaves API answers' }),
    format: Type.Optional(Type.Enum(['cloudevents', 'cap'], { description: 'Absent: cloudevents' })),
  },
  { additionalProperties: false },
);

/** To a broker of the user's, QoS 1: `<topic>/<area path with slashes>/<severity>`. */
export const MqttChannel = Type.Object(
  {
    ...shared,
    type: Type.Literal('mqtt'),
    url: Type.String({ pattern: '^(mqtts?|wss?)://', maxLength: 2000 }),
    topic: Type.String({ pattern: '^[^#+]{1,200}$' }),
    user: Type.Optional(Text),
    sealedPassword: Type.Optional(Type.String()),
    isHomeAssistant: Type.Optional(
      Type.Boolean({ description: 'Tells Home Assistant of itself by its discovery topics' }),
    ),
  },
  { additionalProperties: false },
);

export const Channel = Type.Union([WebhookChannel, MqttChannel]);
export type Channel = Static<typeof Channel>;

/** How a channel does: what waits, how old the oldest is, what went wrong last. */
export const ChannelState = Type.Object({
  channel: Id,
  state: Type.Enum(['idle', 'delivering', 'retrying', 'disabled']),
  backlog: Type.Integer({ minimum: 0 }),
  oldestAtMs: Type.Optional(TimeMs),
  delivered: Type.Integer({ minimum: 0 }),
  dead: Type.Integer({ minimum: 0, description: 'Given up, kept to be sent again by hand' }),
  held: Type.Integer({ minimum: 0 }),
  lastError: Type.Optional(Type.String()),
  lastErrorAtMs: Type.Optional(TimeMs),
  updatedAtMs: TimeMs,
});
export type ChannelState = Static<typeof ChannelState>;

/** As a person writes it: what is secret goes in and never comes out. */
export const ChannelInput = Type.Union([
  Type.Object(
    {
      ...inputs(),
      type: Type.Literal('webhook'),
      url: WebhookChannel.properties.url,
      secret: Type.Optional(
        Type.String({ minLength: 16, maxLength: 200, description: 'Absent: one is made, and told this once' }),
      ),
      format: WebhookChannel.properties.format,
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      ...inputs(),
      type: Type.Literal('mqtt'),
      url: MqttChannel.properties.url,
      topic: MqttChannel.properties.topic,
      user: MqttChannel.properties.user,
      password: Type.Optional(Text),
      isHomeAssistant: MqttChannel.properties.isHomeAssistant,
    },
    { additionalProperties: false },
  ),
]);
export type ChannelInput = Static<typeof ChannelInput>;

function inputs() {
  const { createdBy: _by, updatedAtMs: _at, id, isEnabled, ...rest } = shared;
  return { ...rest, id: Type.Optional(id), isEnabled: Type.Optional(isEnabled) };
}

/** Without its secrets, with how it does. */
export const ChannelView = Type.Object({
  id: Id,
  name: Type.String(),
  type: Type.Enum(['webhook', 'mqtt']),
  isEnabled: Type.Boolean(),
  area: Type.Union([Id, Type.Null()]),
  severities: Type.Optional(Type.Array(Severity)),
  events: Type.Optional(Type.Array(Type.Enum(EVENT_NAMES))),
  perMinuteMax: Type.Optional(Type.Integer()),
  url: Type.String(),
  format: Type.Optional(Type.String()),
  topic: Type.Optional(Type.String()),
  user: Type.Optional(Type.String()),
  isHomeAssistant: Type.Optional(Type.Boolean()),
  createdBy: Type.String(),
  updatedAtMs: TimeMs,
  state: Type.Union([ChannelState, Type.Null()]),
});
export type ChannelView = Static<typeof ChannelView>;

/** An event that was given up, kept to be sent again by hand. */
export const DeadLetter = Type.Object({
  channel: Id,
  event: Type.String({ description: 'Id of the CloudEvent' }),
  json: Type.String({ description: 'The CloudEvent' }),
  attempts: Type.Integer({ minimum: 1 }),
  message: Type.String({ maxLength: 500, description: 'Why it was given up' }),
  deadAtMs: TimeMs,
  isToBeSent: Type.Optional(Type.Boolean({ description: 'Somebody asked for it to be sent again' })),
});
export type DeadLetter = Static<typeof DeadLetter>;

/** One attempt of one event at one channel. */
export const Delivery = Type.Object({
  channel: Id,
  event: Type.String({ description: 'Id of the CloudEvent' }),
  alert: Type.Union([AlertId, Type.Null()]),
  attempt: Type.Integer({ minimum: 1 }),
  outcome: Type.Enum(['delivered', 'retry', 'dead']),
  atMs: TimeMs,
  delayMs: Type.Integer({ description: 'Since the alert was raised' }),
  message: Type.Optional(Type.String({ maxLength: 500 })),
});
export type Delivery = Static<typeof Delivery>;

/** What became of a test that somebody sent to a channel. */
export const ChannelTest = Type.Object({
  isDelivered: Type.Boolean(),
  tookMs: Type.Integer({ minimum: 0 }),
  code: Type.Optional(Type.String({ description: 'Of the fault, where it was not delivered' })),
  message: Type.Optional(Type.String()),
  cure: Type.Optional(Type.String()),
});
export type ChannelTest = Static<typeof ChannelTest>;
