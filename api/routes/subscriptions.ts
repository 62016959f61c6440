/** Subscriptions over NATS: credentials that may read one area's alerts, and nothing else. */
import Type from 'typebox';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import { SubscriptionInput, SubscriptionMade, SubscriptionView } from '#models/schema/subscription.ts';
import { makeSubscription, seenSubscriptions, viewSubscription } from '../alerts/subscriptions.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['alerts'];

export function addSubscriptionRoutes(app: App, context: Context): void {
  app.get('/subscriptions', {
    config: { action: 'subscription.change' },
    schema: {
      tags,
      operationId: 'listSubscriptions',
      summary: 'Subscriptions over NATS, without their passwords',
      response: { 200: Type.Object({ subscriptions: Type.Array(SubscriptionView) }) },
    },
    handler: async (request) => ({
      subscriptions: seenSubscriptions(principalOf(request), context).map(viewSubscription),
    }),
  });

  app.post('/subscriptions', {
    config: { action: 'subscription.change' },
    schema: {
      tags,
      operationId: 'addSubscription',
      summary: 'Make a user of the broker that may read the alerts of one area; its password is told this once',
      body: SubscriptionInput,
      response: { 201: SubscriptionMade },
    },
    handler: async (request, reply) => {
      const made = await makeSubscription(request.body, { principal: principalOf(request), context });
      request.auditNote = { about: made.user, area: request.body.area };
      return reply.code(201).send(made);
    },
  });

  app.delete('/subscriptions/:id', {
    config: { action: 'subscription.change' },
    schema: {
      tags,
      operationId: 'removeSubscription',
      summary: 'Take the credentials away; a connection that is open with them ends',
      params: Type.Object({ id: Id }),
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      request.auditNote = { about: id };
      if (!seenSubscriptions(principalOf(request), context).some((one) => one.id === id))
        throw new FaultError('not-found', `there is no subscription "${id}"`);
      await context.subscriptions.remove(id);
      return reply.code(204).send(null);
    },
  });
}
