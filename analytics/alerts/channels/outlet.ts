/** What every kind of channel offers: send one event, and say whether another try can help. */
import { randomUUID } from 'node:crypto';
import type { StreamEvent } from '#models/schema/alert.ts';

export type Letter = { event: StreamEvent; json: string };

/** Sending throws FaultError `channel-unreachable` (again later), `channel-refused` or `channel-inner` (never). */
export type Outlet = AsyncDisposable & {
  send: (letter: Letter, options: { signal: AbortSignal }) => Promise<void>;
  /** What is no alert: that some were held back, or a test. */
  sendNote: (note: Note, options: { signal: AbortSignal }) => Promise<void>;
};

/** `name` is its topic at an MQTT broker; `event` a CloudEvent beside those of the stream. */
export type Note = { name: 'held' | 'test'; event: Record<string, unknown> & { id: string } };

export type HeldNotice = { channel: string; held: number; fromMs: number; toMs: number };

export const HELD_TYPE = 'org.sharp-eyes.channel.held.v1';

export const TEST_TYPE = 'org.sharp-eyes.channel.test.v1';

/** So many were held back in the minute that ended. */
export function heldNote(notice: HeldNotice): Note {
  const { channel, held, fromMs, toMs } = notice;
  const data = { ...notice, text: `${held} more were held` };
  return {
    name: 'held',
    event: cloudEvent({ id: `held-${channel}-${fromMs}`, type: HELD_TYPE, channel, atMs: toMs, data }),
  };
}

/** Somebody wants to see it come through. */
export function testNote(channel: string, atMs: number): Note {
  const data = { channel, text: 'A test of this channel: nothing happened' };
  return { name: 'test', event: cloudEvent({ id: `test-${randomUUID()}`, type: TEST_TYPE, channel, atMs, data }) };
}

type NoteFacts = { id: string; type: string; channel: string; atMs: number; data: Record<string, unknown> };

function cloudEvent({ id, type, channel, atMs, data }: NoteFacts): Note['event'] {
  return {
    specversion: '1.0',
    id,
    source: '/sharp-eyes/alerts',
    type,
    subject: channel,
    time: new Date(atMs).toISOString(),
    datacontenttype: 'application/json',
    data,
  };
}
