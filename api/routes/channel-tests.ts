/** A test to a channel: what its receiver makes of it, at once, instead of with the first alert. */
import Type from 'typebox';
import { ChannelTest } from '#models/schema/channel.ts';
import { checker } from '#models/schema/check.ts';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import { findChannel } from '../alerts/channels.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { principalOf } from '../rights/enforce.ts';

const TIMEOUT_MS = 12_000;
const checkTest = checker('the answer to a test', ChannelTest);

export function addChannelTestRoute(app: App, context: Context): void {
  app.post('/channels/:id/test', {
    config: { action: 'channel.change' },
    schema: {
      tags: ['alerts'],
      operationId: 'testChannel',
      summary: 'Send a test to a channel, switched on or not; it counts for nothing and is not sent again',
      params: Type.Object({ id: Id }),
      response: { 200: ChannelTest },
    },
    handler: async (request) => {
      const { channel } = findChannel(request.params.id, principalOf(request), context);
      request.auditNote = { channel: channel.id };
      const reply = await context.broker.connection
        .request(CONTROL.testChannel, channel.id, { timeout: TIMEOUT_MS })
        .catch((cause: Error) => {
          throw new FaultError('channel-untried', `no process of alerts answered for "${channel.id}"`, { cause });
        });
      return checkTest(reply.json());
    },
  });
}
