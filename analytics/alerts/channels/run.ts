/** One channel: its own durable consumer, one event after the other, so that a slow one slows no other. */
import { createHash } from 'node:crypto';
import { AckPolicy, type Consumer, DeliverPolicy, type JsMsg } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import type { AlertRegistry } from '#models/registry/registry.ts';
import { unseal } from '#models/registry/seal.ts';
import type { Channel, ChannelState, Delivery } from '#models/schema/channel.ts';
import { decodeStreamEvent, kindOf } from '#models/wire/events.ts';
import { ALERTS_STREAM } from '#models/wire/streams.ts';
import type { Broker } from '#system/broker.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { deliverLetter } from './deliver.ts';
import { createMinuteCap } from './minute-cap.ts';
import { openMqtt } from './mqtt.ts';
import { heldNote, type Letter, type Outlet } from './outlet.ts';
import { createStateKeeper, type StateKeeper } from './state.ts';
import { openWebhook } from './webhook.ts';

export type ChannelParts = {
  broker: Broker;
  registry: AlertRegistry;
  sealKey: Buffer;
  isInnerAllowed: boolean;
  record: (delivery: Delivery) => void;
  logger: Logger;
  /** Only for tests, which have no night to wait. */
  patience?: { deadlineMs: number; backoff: { baseMs: number; capMs: number } };
};

const PER_MINUTE_MAX = 600;
/** Also how long a process that died keeps what it had in hand from the next. */
const ACK_WAIT_MS = 8000;
const WORKING_EVERY_MS = 2500;
const LISTEN_MS = 2000;
/** A receiver that hangs shows while it does. */
const SAY_EVERY_MS = 1100;

export const secretOwner = (channel: string) => `channel:${channel}`;
const consumerPrefix = (channel: string) => `channel-${channel}-`;

export function openOutlet(channel: Channel, { sealKey, isInnerAllowed }: ChannelParts): Outlet {
  const open = (sealed: string) => unseal(sealed, sealKey, secretOwner(channel.id));
  if (channel.type === 'webhook') return openWebhook(channel, { secret: open(channel.sealedSecret), isInnerAllowed });
  return openMqtt(channel, {
    password: channel.sealedPassword === undefined ? undefined : open(channel.sealedPassword),
  });
}

/** Ends when the signal aborts; what is in hand then comes again. `subject`: what of the stream is its. */
export async function runChannel(
  channel: Channel,
  {
    subject,
    former,
    signal,
    ...parts
  }: ChannelParts & { subject: string; former: ChannelState | undefined; signal: AbortSignal },
): Promise<void> {
  const { broker, logger } = parts;
  const state = createStateKeeper(channel, former, parts);
  await using outlet = openOutlet(channel, parts);
  const cap = createMinuteCap(channel.id, channel.perMinuteMax ?? PER_MINUTE_MAX);
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      const consumer = await ensureChannelConsumer(broker, channel.id, subject);
      state.use(consumer);
      while (!signal.aborted) {
        const message = await consumer.next({ expires: LISTEN_MS });
        attempt = 0;
        if (message !== null) {
          const handling = { channel, outlet, cap, state, signal, ...parts };
          await handle(message, handling);
        }
        const notice = cap.takeNotice();
        if (notice !== undefined)
          await outlet.sendNote(heldNote(notice), { signal }).catch((error: Error) => state.failed(error.message));
        await state.say({ isIdle: message === null });
      }
    } catch (error) {
      if (!signal.aborted) logger.warn({ channel: channel.id, error: (error as Error).message }, 'channel broke');
    }
    await pause(backoffMs(attempt, { baseMs: 250, capMs: 5000 }), signal);
  }
  await state.say({ isLast: true });
}

/** A channel that gets another area begins anew with what comes then: its consumer is named by what it filters. */
async function ensureChannelConsumer({ manager, stream }: Broker, channel: string, subject: string): Promise<Consumer> {
  const name = `${consumerPrefix(channel)}${createHash('sha256').update(subject).digest('hex').slice(0, 8)}`;
  await removeConsumers({ manager }, channel, name);
  const known = await manager.consumers.info(ALERTS_STREAM.name, name).catch(() => undefined);
  if (known === undefined) {
    await manager.consumers.add(ALERTS_STREAM.name, {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.New,
      filter_subject: subject,
      ack_wait: nanos(ACK_WAIT_MS),
      // One after the other: what is tried again keeps its place.
      max_ack_pending: 1,
      max_deliver: -1,
    });
  }
  return stream.consumers.get(ALERTS_STREAM.name, name);
}

/** Of a channel that is gone, or has another area now. */
export async function removeConsumers(
  { manager }: Pick<Broker, 'manager'>,
  channel: string,
  kept?: string,
): Promise<void> {
  const pattern = new RegExp(`^${consumerPrefix(channel)}[0-9a-f]{8}$`);
  for await (const { name } of manager.consumers.list(ALERTS_STREAM.name)) {
    if (pattern.test(name) && name !== kept) await manager.consumers.delete(ALERTS_STREAM.name, name);
  }
}

type Handling = ChannelParts & {
  channel: Channel;
  outlet: Outlet;
  cap: ReturnType<typeof createMinuteCap>;
  state: StateKeeper;
  signal: AbortSignal;
};

async function handle(message: JsMsg, handling: Handling): Promise<void> {
  const { channel, outlet, cap, state, signal, registry, patience } = handling;
  const letter = readLetter(message, channel);
  if (letter === undefined) return void message.ack();
  if (!cap.passes()) {
    state.held();
    return void message.ack();
  }
  state.took(Math.round(message.info.timestampNanos / 1e6));
  const saying = setInterval(() => void state.say(), SAY_EVERY_MS);
  const working = setInterval(() => message.working(), WORKING_EVERY_MS);
  try {
    const outcome = await deliverLetter(outlet, letter, {
      channel: channel.id,
      record: handling.record,
      onError(error) {
        state.failed(error);
        void state.say();
      },
      signal,
      ...patience,
    });
    if (outcome === undefined) return void message.nak();
    if (outcome.isDelivered) state.delivered();
    else {
      const { attempts, message: why } = outcome;
      const dead = { channel: channel.id, event: letter.event.id, json: letter.json, attempts, message: why };
      await registry.deadLetters.put(deadLetterKey(channel.id, letter.event.id), { ...dead, deadAtMs: Date.now() });
      state.died();
    }
    message.ack();
  } finally {
    clearInterval(working);
    clearInterval(saying);
  }
}

export const deadLetterKey = (channel: string, event: string) =>
  `${channel}.${createHash('sha256').update(event).digest('hex').slice(0, 24)}`;

/** undefined for what the channel does not carry, or nobody can read. */
function readLetter(message: JsMsg, { severities, events = ['alert'] }: Channel): Letter | undefined {
  try {
    const event = decodeStreamEvent(message.data);
    const isCarried =
      events.includes(kindOf(event)) && (severities === undefined || severities.includes(event.severity));
    return isCarried ? { event, json: message.string() } : undefined;
  } catch {
    return undefined;
  }
}
