/** Channels: where alerts go besides the streams, how each does, and what it gave up. */
import Type from 'typebox';
import { readDeliveries } from '#analytics/store/alerts/read.ts';
import { ChannelInput, ChannelView, DeadLetter, Delivery } from '#models/schema/channel.ts';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import { findChannel, isSeen, viewChannel, writeChannel } from '../alerts/channels.ts';
import { fromStore } from '../alerts/find.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['alerts'];
const Params = Type.Object({ id: Id });
const ChannelList = Type.Object({ channels: Type.Array(ChannelView) });
const ChannelMade = Type.Object({
  channel: ChannelView,
  secret: Type.Optional(Type.String({ description: 'Made here, and told this once' })),
});
const DELIVERIES_MAX = 200;
const LETTERS_MAX = 500;

export function addChannelRoutes(app: App, context: Context): void {
  const { channels } = context.alerting;

  app.get('/channels', {
    config: { action: 'channel.read' },
    schema: {
      tags,
      operationId: 'listChannels',
      summary: 'Channels and how each does',
      response: { 200: ChannelList },
    },
    handler: async (request) => {
      const seen = channels.list().filter((channel) => isSeen(channel, principalOf(request), context));
      return { channels: seen.map((channel) => viewChannel(channel, context)) };
    },
  });

  app.post('/channels', {
    config: { action: 'channel.change' },
    schema: {
      tags,
      operationId: 'addChannel',
      summary: 'Add a webhook or an MQTT broker; it gets what is raised from now on',
      body: ChannelInput,
      response: { 201: ChannelMade },
    },
    handler: async (request, reply) => {
      const { channel, secret } = await writeChannel(request.body, { principal: principalOf(request), context });
      request.auditNote = { channel: channel.id, url: hostOf(channel.url) };
      await channels.create(channel.id, channel);
      return reply
        .code(201)
        .send({ channel: viewChannel(channel, context), ...(secret === undefined ? {} : { secret }) });
    },
  });

  app.put('/channels/:id', {
    config: { action: 'channel.change' },
    schema: {
      tags,
      operationId: 'changeChannel',
      summary: 'Change a channel; without a secret the one it has stays',
      params: Params,
      body: ChannelInput,
      response: { 200: ChannelMade },
    },
    handler: async (request) => {
      const principal = principalOf(request);
      const { channel: former, revision } = findChannel(request.params.id, principal, context);
      const { channel, secret } = await writeChannel(request.body, { former, principal, context });
      request.auditNote = { channel: channel.id, url: hostOf(channel.url) };
      await channels.put(channel.id, channel, revision);
      return { channel: viewChannel(channel, context), ...(secret === undefined ? {} : { secret }) };
    },
  });

  app.delete('/channels/:id', {
    config: { action: 'channel.change' },
    schema: {
      tags,
      operationId: 'removeChannel',
      summary: 'Remove a channel; what waits for it is not sent',
      params: Params,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { channel, revision } = findChannel(request.params.id, principalOf(request), context);
      request.auditNote = { channel: channel.id };
      await channels.remove(channel.id, revision);
      return reply.code(204).send(null);
    },
  });
  addLetterRoutes(app, context);
}

function addLetterRoutes(app: App, context: Context): void {
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

  app.post('/channels/:id/dead-letters/resend', {
    config: { action: 'channel.change' },
    schema: {
      tags,
      operationId: 'resendDeadLetters',
      summary: 'Send what was given up again: the events named, or all; what fails again stays',
      params: Params,
      body: Type.Object(
        { events: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: LETTERS_MAX })) },
        { additionalProperties: false },
      ),
      response: { 202: Type.Object({ letters: Type.Integer() }) },
    },
    handler: async (request, reply) => {
      const { channel } = findChannel(request.params.id, principalOf(request), context);
      const { events } = request.body;
      const meant = deadLetters
        .entries()
        .filter(({ value }) => value.channel === channel.id && (events === undefined || events.includes(value.event)));
      if (meant.length === 0)
        throw new FaultError('not-found', `channel "${channel.id}" has given up nothing like that`);
      request.auditNote = { channel: channel.id, letters: meant.length };
      for (const { key, value, revision } of meant.slice(0, LETTERS_MAX)) {
        await deadLetters.put(key, { ...value, isToBeSent: true }, revision);
      }
      return reply.code(202).send({ letters: Math.min(meant.length, LETTERS_MAX) });
    },
  });
}

const hostOf = (url: string) => URL.parse(url)?.host ?? '';
