/** Sends a test to a channel when somebody asks, switched on or not, and answers what became of it. */

import type { Msg } from '@nats-io/nats-core';
import type { ChannelTest } from '#models/schema/channel.ts';
import { FAULTS, faultCodeOf } from '#models/schema/fault.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import { testNote } from './outlet.ts';
import { type ChannelParts, openOutlet } from './run.ts';

/** Less than the asker waits, so that it hears why. */
const TIMEOUT_MS = 8000;
/** Tests under way at once; more are told to wait. */
const UNDER_WAY_MAX = 8;

/** Answers until it is disposed; of several processes of alerts one answers. */
export function answerTests(parts: ChannelParts & { signal: AbortSignal }): Disposable {
  let underWay = 0;
  async function answer(message: Msg): Promise<void> {
    underWay++;
    const test = underWay > UNDER_WAY_MAX ? BUSY : await sendTest(message.string(), parts);
    underWay--;
    message.respond(JSON.stringify(test));
  }
  const subscription = parts.broker.connection.subscribe(CONTROL.testChannel, {
    queue: 'alerts',
    callback: (error, message) => {
      if (error === null) void answer(message);
    },
  });
  return { [Symbol.dispose]: () => subscription.unsubscribe() };
}

const BUSY: ChannelTest = { isDelivered: false, tookMs: 0, code: 'channel-untried', message: 'too many tests at once' };

async function sendTest(id: string, parts: ChannelParts & { signal: AbortSignal }): Promise<ChannelTest> {
  const beganMs = performance.now();
  const tookMs = () => Math.round(performance.now() - beganMs);
  try {
    const channel = (await parts.registry.channels.get(id))?.value;
    if (channel === undefined) throw new Error(`there is no channel "${id}"`);
    await using outlet = openOutlet(channel, parts);
    const signal = AbortSignal.any([parts.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    await outlet.sendNote(testNote(id, Date.now()), { signal });
    return { isDelivered: true, tookMs: tookMs() };
  } catch (error) {
    const code = faultCodeOf(error);
    return { isDelivered: false, tookMs: tookMs(), code, message: (error as Error).message, cure: FAULTS[code].cure };
  }
}
