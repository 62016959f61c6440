/** Subscriptions over NATS: a user of our own broker for each, made, proved and taken away. */
import { randomBytes } from 'node:crypto';
import { connect } from '@nats-io/transport-node';
import { seal, unseal } from '#models/registry/seal.ts';
import { FaultError } from '#models/schema/fault.ts';
import {
  SUBSCRIPTION_DAYS,
  type Subscription,
  type SubscriptionMade,
  type SubscriptionView,
} from '#models/schema/subscription.ts';
import { ALERTS_STREAM } from '#models/wire/streams.ts';
import { ALERTS_ALL, alertsOfArea } from '#models/wire/subjects.ts';
import {
  consumerNames,
  type Subscriber,
  subscriberInbox,
  subscriberRights,
  writeSubscribers,
} from '#system/broker-subscribers.ts';
import { pause } from '#system/lifecycle.ts';
import type { Context } from '../context.ts';
import { authorize, isInScope, type Principal } from '../rights/authorize.ts';

const DAY_MS = 24 * 3600_000;
const APPLIED_WITHIN_MS = 8000;
const SUBSCRIPTIONS_MAX = 500;

const owner = (id: string) => `subscription:${id}`;

type Places = Pick<Context, 'config' | 'logger' | 'sealKey' | 'subscriptions'>;

/** Keeps the file that the broker's supervisor reads in step with the registry. */
export function keepSubscribers(places: Places): void {
  if (places.config.natsUrl !== '') return;
  const write = () => {
    try {
      writeSubscribers(
        places.config,
        places.subscriptions.list().map((one) => asSubscriber(one, places)),
      );
    } catch (error) {
      places.logger.error({ error: (error as Error).message }, 'subscribers not written');
    }
  };
  places.subscriptions.onChange(write);
  if (places.subscriptions.list().length > 0) write();
}

function asSubscriber({ id, subject, expiresAtMs, sealedPassword }: Subscription, { sealKey }: Places): Subscriber {
  return { user: id, password: unseal(sealedPassword, sealKey, owner(id)), subject, expiresAtMs };
}

export function viewSubscription({ sealedPassword: _password, ...view }: Subscription): SubscriptionView {
  return view;
}

export function seenSubscriptions(principal: Principal, context: Context): Subscription[] {
  const tree = context.tree();
  return context.subscriptions.list().filter(({ area }) => isInScope(principal.user.scope, { area, tree }));
}

type Wanted = { name: string; area: string | null; days?: number };

/**
 * Throws FaultError `not-found` for an area that is not the asker's, `subscription-elsewhere` where the broker is not
 * ours (with the rights to give there), `subscription-not-applied`.
 */
export async function makeSubscription(
  { name, area, days = SUBSCRIPTION_DAYS.usual }: Wanted,
  { principal, context }: { principal: Principal; context: Context },
): Promise<SubscriptionMade> {
  const { config, subscriptions, sealKey } = context;
  const found = area === null ? undefined : context.areas.get(area);
  if (area !== null && found === undefined) throw new FaultError('not-found', `there is no area "${area}"`);
  authorize(principal, 'subscription.change', { area, tree: context.tree() });
  const id = `sub-${randomBytes(5).toString('hex')}`;
  const subject = area === null || found === undefined ? ALERTS_ALL : alertsOfArea(found.level, area);
  if (config.natsUrl !== '') throw elsewhere({ user: id, subject });
  if (subscriptions.list().length >= SUBSCRIPTIONS_MAX) {
    throw new FaultError('invalid-value', `there are ${SUBSCRIPTIONS_MAX} subscriptions, which is the most`);
  }
  const password = randomBytes(24).toString('base64url');
  const nowMs = Date.now();
  const subscription: Subscription = {
    ...{ id, name, area, subject },
    createdBy: principal.user.id,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + days * DAY_MS,
    sealedPassword: seal(password, sealKey, owner(id)),
  };
  await subscriptions.create(id, subscription);
  try {
    await demandApplied({ user: id, password }, context);
  } catch (error) {
    await subscriptions.remove(id);
    throw error;
  }
  return {
    subscription: viewSubscription(subscription),
    user: id,
    password,
    stream: ALERTS_STREAM.name,
    consumers: consumerNames(id),
    inboxPrefix: subscriberInbox(id),
  };
}

function elsewhere(subscriber: Pick<Subscriber, 'user' | 'subject'>): FaultError {
  const { publish, subscribe } = subscriberRights(subscriber);
  const rights = `publish { allow: ${JSON.stringify(publish)} }, subscribe { allow: ${JSON.stringify(subscribe)} }`;
  return new FaultError(
    'subscription-elsewhere',
    `NATS_URL names a server of yours; a user "${subscriber.user}" needs there: ${rights}`,
  );
}

/** The supervisor reads the file, the server its configuration: then the new user gets in. */
async function demandApplied(
  { user, password }: { user: string; password: string },
  { config }: Context,
): Promise<void> {
  const deadline = Date.now() + APPLIED_WITHIN_MS;
  for (;;) {
    try {
      const servers = `nats://127.0.0.1:${config.natsPort}`;
      const connection = await connect({
        servers,
        user,
        pass: password,
        timeout: 2000,
        reconnect: false,
        inboxPrefix: subscriberInbox(user),
      });
      return await connection.close();
    } catch (cause) {
      if (Date.now() > deadline) {
        throw new FaultError(
          'subscription-not-applied',
          `the broker does not let ${user} in: ${(cause as Error).message}`,
          { cause },
        );
      }
      await pause(100);
    }
  }
}
