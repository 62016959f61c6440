/** How a channel does, told to whoever asks: what waits, how old the oldest is, what went wrong last. */
import type { Consumer } from '@nats-io/jetstream';
import type { AlertRegistry } from '#models/registry/registry.ts';
import type { Channel, ChannelState } from '#models/schema/channel.ts';

export type StateKeeper = {
  took: (publishedAtMs: number) => void;
  delivered: () => void;
  died: () => void;
  held: () => void;
  failed: (message: string) => void;
  /** Where what waits is counted. */
  use: (consumer: Consumer) => void;
  /** Writes it, at most once a second; `isIdle`: nothing came to be sent. */
  say: (options?: { isIdle?: boolean; isLast?: boolean }) => Promise<void>;
};

const EVERY_MS = 1000;
const MESSAGE_MAX = 500;
/** A state that stands is said again so often, so that an old one shows. */
const REPEAT_MS = 30_000;

export function createStateKeeper(
  channel: Channel,
  former: ChannelState | undefined,
  { registry }: { registry: Pick<AlertRegistry, 'channelStates'> },
): StateKeeper {
  let consumer: Consumer | undefined;
  let oldestAtMs: number | undefined;
  let isRetrying = false;
  let saidAtMs = 0;
  let isChanged = true;
  const { delivered = 0, dead = 0, held = 0 } = former ?? {};
  const counts = { delivered, dead, held };
  let lastError = former?.lastError;
  let lastErrorAtMs = former?.lastErrorAtMs;
  let backlog = 0;
  let wasIdle = false;
  const change = () => {
    isChanged = true;
  };
  return {
    took(publishedAtMs) {
      oldestAtMs = publishedAtMs;
      isRetrying = false;
      change();
    },
    delivered() {
      counts.delivered++;
      isRetrying = false;
      change();
    },
    died() {
      counts.dead++;
      isRetrying = false;
      change();
    },
    held() {
      counts.held++;
      change();
    },
    failed(message) {
      lastError = message.slice(0, MESSAGE_MAX);
      lastErrorAtMs = Date.now();
      isRetrying = true;
      change();
    },
    use(used) {
      consumer = used;
    },
    async say({ isIdle = false, isLast = false } = {}) {
      const nowMs = Date.now();
      const isNews = isChanged || isIdle !== wasIdle;
      if (!isLast && nowMs - saidAtMs < (isNews ? EVERY_MS : REPEAT_MS)) return;
      [saidAtMs, isChanged, wasIdle] = [nowMs, false, isIdle];
      const info = await consumer?.info().catch(() => undefined);
      if (info !== undefined) backlog = info.num_pending + info.num_ack_pending;
      if (isIdle) oldestAtMs = undefined;
      const state: ChannelState = {
        channel: channel.id,
        state: isLast && !channel.isEnabled ? 'disabled' : isRetrying ? 'retrying' : isIdle ? 'idle' : 'delivering',
        backlog,
        ...(oldestAtMs === undefined ? {} : { oldestAtMs }),
        ...counts,
        ...(lastError === undefined ? {} : { lastError }),
        ...(lastErrorAtMs === undefined ? {} : { lastErrorAtMs }),
        updatedAtMs: nowMs,
      };
      await registry.channelStates.put(channel.id, state).catch(change);
    },
  };
}
