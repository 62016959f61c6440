/** Runs the channels that there are: begins, changes and ends them as the registry says; sends dead letters again. */
import type { AlertRegistry } from '#models/registry/registry.ts';
import type { Entry, Table } from '#models/registry/table.ts';
import type { Area } from '#models/schema/area.ts';
import type { Channel, DeadLetter } from '#models/schema/channel.ts';
import { FaultError } from '#models/schema/fault.ts';
import { decodeStreamEvent } from '#models/wire/events.ts';
import { ALERTS_ALL, alertsOfArea } from '#models/wire/subjects.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import { deliverLetter } from './deliver.ts';
import { type ChannelParts, openOutlet, removeConsumers, runChannel } from './run.ts';

type Parts = ChannelParts & { areas: Table<Area>; signal: AbortSignal };
type Running = { stop: AbortController; ended: Promise<void> };

/** Ends when the signal aborts and all channels have ended. */
export async function keepChannels(parts: Parts): Promise<void> {
  const { registry, signal } = parts;
  const running = new Map<string, Running>();
  const again = sendAgain(parts);
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      for await (const change of registry.channels.watch({ signal })) {
        attempt = 0;
        if (change.type === 'put') await begin(change.value, running, parts);
        if (change.type === 'removed') await remove(change.key, running, parts);
      }
    } catch (error) {
      if (!signal.aborted) parts.logger.warn({ error: (error as Error).message }, 'watch of channels broke');
    }
    await pause(backoffMs(attempt, { baseMs: 200, capMs: 5000 }), signal);
  }
  await Promise.all([again, ...[...running.values()].map(({ ended }) => ended)]);
}

async function end(id: string, running: Map<string, Running>): Promise<void> {
  const former = running.get(id);
  former?.stop.abort(new Error('the channel was changed'));
  await former?.ended;
  running.delete(id);
}

async function begin(channel: Channel, running: Map<string, Running>, parts: Parts): Promise<void> {
  await end(channel.id, running);
  const { registry, logger } = parts;
  const former = await registry.channelStates.get(channel.id);
  if (!channel.isEnabled) {
    // What is raised while it is switched off is not its: it begins anew with what comes then.
    await removeConsumers(parts.broker, channel.id).catch(() => {});
    const counts = { delivered: 0, dead: 0, held: 0, ...former?.value };
    const state = { ...counts, channel: channel.id, state: 'disabled' as const, backlog: 0, updatedAtMs: Date.now() };
    await registry.channelStates.put(channel.id, state).catch(() => {});
    return;
  }
  const subject = await subjectOf(channel, parts);
  if (subject === undefined) {
    logger.error({ channel: channel.id, area: channel.area }, 'channel has an area that does not exist');
    return;
  }
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, parts.signal]);
  const ended = runChannel(channel, { ...parts, subject, former: former?.value, signal }).catch((error: Error) =>
    logger.error({ channel: channel.id, error: error.message }, 'channel ended'),
  );
  running.set(channel.id, { stop, ended });
}

async function remove(id: string, running: Map<string, Running>, { broker, registry }: Parts): Promise<void> {
  await end(id, running);
  await removeConsumers(broker, id).catch(() => {});
  await registry.channelStates.remove(id).catch(() => {});
}

async function subjectOf({ area }: Channel, { areas }: Parts): Promise<string | undefined> {
  if (area === null) return ALERTS_ALL;
  const found = await areas.get(area);
  return found === undefined ? undefined : alertsOfArea(found.value.level, area);
}

/** A letter that somebody wants sent again gets one try; it stays where that fails, with why. */
async function sendAgain({ registry, signal, logger, record, ...parts }: Parts): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const change of registry.deadLetters.watch({ signal })) {
        if (change.type !== 'put' || change.value.isToBeSent !== true) continue;
        await sendOne(change, { registry, signal, logger, record, ...parts });
      }
    } catch (error) {
      if (!signal.aborted) logger.warn({ error: (error as Error).message }, 'watch of dead letters broke');
    }
    await pause(1000, signal);
  }
}

/** Discarded meanwhile, it stays so: what comes of it is written only over the letter that was sent. */
async function sendOne(
  { key, value: letter, revision }: Entry<DeadLetter>,
  parts: ChannelParts & { registry: AlertRegistry; signal: AbortSignal },
) {
  const { registry, signal, record } = parts;
  const channel = (await registry.channels.get(letter.channel))?.value;
  if (channel === undefined) return registry.deadLetters.remove(key, revision);
  await using outlet = openOutlet(channel, parts);
  const event = decodeStreamEvent(Buffer.from(letter.json));
  const outcome = await deliverLetter(
    outlet,
    { event, json: letter.json },
    { channel: channel.id, record, onError() {}, signal, deadlineMs: 0, firstAttempt: letter.attempts + 1 },
  );
  if (outcome === undefined) return;
  if (outcome.isDelivered) return registry.deadLetters.remove(key, revision).catch(unlessChanged);
  const { isToBeSent: _asked, ...rest } = letter;
  const { attempts, message } = outcome;
  const kept = { ...rest, attempts, message, deadAtMs: Date.now() };
  await registry.deadLetters.put(key, kept, revision).catch(unlessChanged);
}

function unlessChanged(error: unknown): void {
  if (!(error instanceof FaultError) || error.code !== 'changed-meanwhile') throw error;
}
