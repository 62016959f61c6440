/** Channels: where alerts go besides the streams, and how each does. */
import Type from 'typebox';
import { ChannelInput, ChannelView } from '#models/schema/channel.ts';
import { Id } from '#models/schema/id.ts';
import { findChannel, isSeen, viewChannel, writeChannel } from '../alerts/channels.ts';
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
}

const hostOf = (url: string) => URL.parse(url)?.host ?? '';
