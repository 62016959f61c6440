/** A subscription over NATS: a user of the broker that may read one area's alerts, until it expires. */
import Type, { type Static } from 'typebox';
import { Id, TimeMs } from './id.ts';

export const SUBSCRIPTION_DAYS = { most: 366, usual: 90 } as const;

const facts = {
  id: { ...Id, description: 'Also the user at the broker, and the name that its consumers begin with' },
  name: Type.String({ minLength: 1, maxLength: 200 }),
  area: Type.Union([Id, Type.Null()], { description: 'This area with all below; null: everywhere' }),
  subject: Type.String({ description: 'What it may read' }),
  createdBy: Type.String(),
  createdAtMs: TimeMs,
  expiresAtMs: TimeMs,
};

export const Subscription = Type.Object({ ...facts, sealedPassword: Type.String() }, { additionalProperties: false });
export type Subscription = Static<typeof Subscription>;

export const SubscriptionView = Type.Object(facts);
export type SubscriptionView = Static<typeof SubscriptionView>;

export const SubscriptionInput = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    area: Type.Union([Id, Type.Null()]),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: SUBSCRIPTION_DAYS.most, description: 'Absent: 90' })),
  },
  { additionalProperties: false },
);

/** Told once. */
export const SubscriptionMade = Type.Object({
  subscription: SubscriptionView,
  user: Type.String(),
  password: Type.String(),
  stream: Type.String(),
  consumers: Type.Array(Type.String(), { description: 'Names that its durable consumers may have' }),
  inboxPrefix: Type.String({ description: 'Give it to the client: other inboxes are refused' }),
});
export type SubscriptionMade = Static<typeof SubscriptionMade>;
