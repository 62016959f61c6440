/** What the page of channels asks the API. */
import type { ChannelInput, ChannelTest, ChannelView, DeadLetter } from '#models/schema/channel.ts';
import type { SubscriptionMade, SubscriptionView } from '#models/schema/subscription.ts';
import { apiUrl, json, request } from '../api-client.ts';

type Signal = { signal?: AbortSignal };

const sending = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** `secret` is there where the API made it: told this once. */
export type ChannelWritten = { channel: ChannelView; secret?: string };
export type SubscriptionWanted = { name: string; area: string | null; days: number };

export const channelsApi = {
  readChannels: async (options: Signal = {}) =>
    (await json<{ channels: ChannelView[] }>(apiUrl('channels'), options)).channels,
  add: (input: ChannelInput) => json<ChannelWritten>(apiUrl('channels'), sending('POST', input)),
  change: (id: string, input: ChannelInput) => json<ChannelWritten>(apiUrl(`channels/${id}`), sending('PUT', input)),
  remove: async (id: string) => void (await request(apiUrl(`channels/${id}`), { method: 'DELETE' })),
  test: (id: string) => json<ChannelTest>(apiUrl(`channels/${id}/test`), sending('POST', {})),
  readLetters: (id: string, options: Signal = {}) =>
    json<{ letters: DeadLetter[]; count: number }>(apiUrl(`channels/${id}/dead-letters`), options),
  /** Without events: all. */
  resend: (id: string, events?: string[]) =>
    json<{ letters: number }>(
      apiUrl(`channels/${id}/dead-letters/resend`),
      sending('POST', events === undefined ? {} : { events }),
    ),
  discard: (id: string, events: string[]) =>
    json<{ letters: number }>(apiUrl(`channels/${id}/dead-letters/discard`), sending('POST', { events })),
  readSubscriptions: async (options: Signal = {}) =>
    (await json<{ subscriptions: SubscriptionView[] }>(apiUrl('subscriptions'), options)).subscriptions,
  subscribe: (wanted: SubscriptionWanted) => json<SubscriptionMade>(apiUrl('subscriptions'), sending('POST', wanted)),
  unsubscribe: async (id: string) => void (await request(apiUrl(`subscriptions/${id}`), { method: 'DELETE' })),
};
