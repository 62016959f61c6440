/** What happens at a device, kept for whoever has subscribed: PullPoints whose time really runs out. */
import { randomBytes } from 'node:crypto';

export const TOPICS = {
  motion: {
    path: ['RuleEngine', 'CellMotionDetector', 'Motion'],
    source: 'VideoSourceConfigurationToken',
    data: 'IsMotion',
  },
  tamper: { path: ['VideoSource', 'GlobalSceneChange', 'ImagingService'], source: 'Source', data: 'State' },
  'digital-input': { path: ['Device', 'Trigger', 'DigitalInput'], source: 'InputToken', data: 'LogicalState' },
  'signal-loss': { path: ['VideoSource', 'SignalLoss'], source: 'Source', data: 'State' },
} as const;

export type Topic = keyof typeof TOPICS;

export const isTopic = (text: string): text is Topic => Object.hasOwn(TOPICS, text);

export type Occurrence = { topic: Topic; source: string; isOn: boolean };
export type Notification = Occurrence & { atMs: number; operation: 'Initialized' | 'Changed' };

export type Subscription = { id: string; endsAtMs: number };

/** Oldest go first where nobody pulls. */
const WAITING_MAX = 200;

type Held = Subscription & { waiting: Notification[]; wake: Set<() => void>; timer: NodeJS.Timeout };

export type EventHub = Disposable & {
  raise(occurrence: Occurrence): void;
  /** undefined: there are as many as the device can hold. */
  subscribe(termMs: number): Subscription | undefined;
  find(id: string): Subscription | undefined;
  renew(id: string, termMs: number): Subscription | undefined;
  end(id: string): boolean;
  /** Everything's present state comes once more. */
  synchronise(id: string): void;
  /** Waits up to `waitMs` for the first notification; undefined: the subscription ended meanwhile. */
  pull(id: string, options: { waitMs: number; limit: number }): Promise<Notification[] | undefined>;
  subscriptions(): number;
  /** Forgets all subscriptions, as a restart does. */
  clear(): void;
};

export function createEventHub({
  subscriptionsMax,
  nowMs,
}: {
  subscriptionsMax: number;
  nowMs: () => number;
}): EventHub {
  const held = new Map<string, Held>();
  const present = new Map<string, Occurrence>();

  const notify = (subscription: Held, notification: Notification) => {
    subscription.waiting.push(notification);
    if (subscription.waiting.length > WAITING_MAX) subscription.waiting.shift();
    for (const wake of [...subscription.wake]) wake();
  };
  const end = (id: string): boolean => {
    const subscription = held.get(id);
    if (subscription === undefined) return false;
    held.delete(id);
    clearTimeout(subscription.timer);
    for (const wake of [...subscription.wake]) wake();
    return true;
  };
  const expireAfter = (id: string, termMs: number) => setTimeout(() => end(id), termMs).unref();
  const synchronise = (id: string) => {
    const subscription = held.get(id);
    if (subscription === undefined) return;
    for (const occurrence of present.values()) {
      notify(subscription, { ...occurrence, atMs: nowMs(), operation: 'Initialized' });
    }
  };
  const clear = () => {
    for (const id of [...held.keys()]) end(id);
  };

  return {
    raise(occurrence) {
      const key = `${occurrence.topic} ${occurrence.source}`;
      if (present.get(key)?.isOn === occurrence.isOn) return;
      present.set(key, occurrence);
      for (const subscription of held.values()) {
        notify(subscription, { ...occurrence, atMs: nowMs(), operation: 'Changed' });
      }
    },
    subscribe(termMs) {
      if (held.size >= subscriptionsMax) return undefined;
      const id = randomBytes(8).toString('hex');
      const timer = expireAfter(id, termMs);
      held.set(id, { id, endsAtMs: nowMs() + termMs, waiting: [], wake: new Set(), timer });
      synchronise(id);
      return held.get(id);
    },
    find: (id) => held.get(id),
    renew(id, termMs) {
      const subscription = held.get(id);
      if (subscription === undefined) return undefined;
      clearTimeout(subscription.timer);
      subscription.timer = expireAfter(id, termMs);
      subscription.endsAtMs = nowMs() + termMs;
      return subscription;
    },
    end,
    synchronise,
    async pull(id, { waitMs, limit }) {
      const subscription = held.get(id);
      if (subscription === undefined) return undefined;
      if (subscription.waiting.length === 0 && waitMs > 0) await woken(subscription.wake, waitMs);
      return held.has(id) ? subscription.waiting.splice(0, limit) : undefined;
    },
    subscriptions: () => held.size,
    clear,
    [Symbol.dispose]: clear,
  };
}

function woken(wake: Set<() => void>, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      wake.delete(done);
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    wake.add(done);
  });
}
