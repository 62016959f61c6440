/** Channels: where alerts go besides the page and the streams; and what became of each delivery. */
import Type, { type Static } from 'typebox';
import { AlertId } from './alert.ts';
import { Id, TimeMs } from './id.ts';
import { Severity } from './severity.ts';

const Text = Type.String({ minLength: 1, maxLength: 500 });
const shared = {
  id: Id,
  name: Type.String({ minLength: 1, maxLength: 200 }),
  isEnabled: Type.Boolean(),
  area: Type.Union([Id, Type.Null()], { description: 'This area with all below; null: everywhere' }),
  severities: Type.Optional(Type.Array(Severity, { minItems: 1, uniqueItems: true, description: 'Absent: all' })),
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
