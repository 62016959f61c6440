/** What a channel delivered and what it gave up: the letters are looked at, sent again, or discarded by name. */
import Type from 'typebox';
import { readDeliveries } from '#analytics/store/alerts/read.ts';
import { DeadLetter, Delivery } from '#models/schema/channel.ts';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import { findChannel } from '../alerts/channels.ts';
import { fromStore } from '../alerts/find.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import type { MirrorEntry } from '../registry/mirror.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['alerts'];
const Params = Type.Object({ id: Id });
const DELIVERIES_MAX = 200;
const LETTERS_MAX = 500;
/** So many are named in the audit log; how many there were stands beside them. */
const NAMED_MAX = 50;
const Meant = Type.Object(
  { events: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: LETTERS_MAX })) },
  { additionalProperties: false, description: 'The events named; without any: all, at most 500 at a time' },
);
type Meant = Type.Static<typeof Meant>;

export function addDeadLetterRoutes(app: App, context: Context): void {
  const { deadLetters } = context.alerting;
  const lettersOf = (channel: string) => deadLetters.list().filter((letter) => letter.channel === channel);

  app.get('/channels/:id/deliveries', {
    config: { action: 'channel.read' },
    schema: {
      tags,
      operationId: 'listDeliveries',
      summary: 'The latest attempts of a channel, each with its delay',
      params: Params,
      response: { 200: Type.Object({ deliveries: Type.Array(Delivery) }) },
    },
    handler: async (request) => {
      const { channel } = findChannel(request.params.id, principalOf(request), context);
      const question = { channel: channel.id, limit: DELIVERIES_MAX };
      return { deliveries: await fromStore(readDeliveries(context.reader, question)) };
    },
  });

  app.get('/channels/:id/dead-letters', {
    config: { action: 'channel.read' },
    schema: {
      tags,
      operationId: 'listDeadLetters',
      summary: 'What a channel gave up, and why; kept for a month',
      params: Params,
      response: { 200: Type.Object({ letters: Type.Array(DeadLetter), count: Type.Integer() }) },
    },
    handler: async (request) => {
      const { channel } = findChannel(request.params.id, principalOf(request), context);
      const letters = lettersOf(channel.id).sort((one, other) => other.deadAtMs - one.deadAtMs);
      return { letters: letters.slice(0, LETTERS_MAX), count: letters.length };
    },
  });

  /** Throws `not-found` where nothing is meant: whoever asks has an old list before them. */
  function meantOf(channel: string, { events }: Meant): MirrorEntry<DeadLetter>[] {
    const meant = deadLetters
      .entries()
      .filter(({ value }) => value.channel === channel && (events === undefined || events.includes(value.event)));
    if (meant.length === 0) throw new FaultError('not-found', `channel "${channel}" has given up nothing like that`);
    return meant.slice(0, LETTERS_MAX);
  }
  const noteOf = (channel: string, meant: readonly MirrorEntry<DeadLetter>[]) => ({
    ...{ channel, letters: meant.length },
    events: meant.slice(0, NAMED_MAX).map(({ value }) => value.event),
  });

  app.post('/channels/:id/dead-letters/resend', {
    config: { action: 'channel.change' },
    schema: {
      tags,
      operationId: 'resendDeadLetters',
      summary: 'Send what was given up again: the events named, or all; what fails again stays',
      params: Params,
      body: Meant,
      response: { 202: Type.Object({ letters: Type.Integer() }) },
    },
    handler: async (request, reply) => {
      const { channel } = findChannel(request.params.id, principalOf(request), context);
      const meant = meantOf(channel.id, request.body);
      request.auditNote = noteOf(channel.id, meant);
      for (const { key, value, revision } of meant) {
        await deadLetters.put(key, { ...value, isToBeSent: true }, revision);
      }
      return reply.code(202).send({ letters: meant.length });
    },
  });

  app.post('/channels/:id/dead-letters/discard', {
    config: { action: 'channel.change' },
    schema: {
      tags,
      operationId: 'discardDeadLetters',
      summary: 'Throw away what was given up: the events named, or all; the audit log says who did and which',
      params: Params,
      body: Meant,
      response: { 200: Type.Object({ letters: Type.Integer() }) },
    },
    handler: async (request) => {
      const { channel } = findChannel(request.params.id, principalOf(request), context);
      const meant = meantOf(channel.id, request.body);
      request.auditNote = { ...noteOf(channel.id, meant), isDiscarded: true };
      for (const { key, revision } of meant) await deadLetters.remove(key, revision);
      return { letters: meant.length };
    },
  });
}
