/** The events of all devices whose cameras this worker has: one subscription per device, however many channels it has. */
import type { Logins } from '#ingest/onvif/logins.ts';
import type { Device } from '#models/schema/camera.ts';
import type { CameraEvent, EventsState } from '#models/schema/camera-event.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import type { Channels } from './channels.ts';
import { type EventNews, type ListenOptions, listenToEvents } from './listen.ts';

export type WatchedCamera = {
  id: string;
  device: Pick<Device, 'host' | 'port' | 'channel' | 'profile'>;
  user: string | undefined;
  /** Changes when the password does. */
  sealedPassword: string | undefined;
  password: () => string | undefined;
};

export type WatchOptions = Pick<ListenOptions, 'quietMs' | 'backoff'> & {
  worker: string;
  /** The cameras of this worker whose devices speak ONVIF, as they are registered now. */
  cameras: () => Iterable<WatchedCamera>;
  logins: Logins;
  onEvent: (event: CameraEvent) => void;
  signal: AbortSignal;
  logger: Logger;
};

export type DeviceEvents = AsyncDisposable & {
  /** For the camera's state; empty where no events are wanted of its device. */
  stateOf: (camera: string) => EventsState;
  /** The device says that something moves in the camera's view: a hint for the gate. */
  isMoving: (camera: string) => boolean;
};

type Group = {
  cameras: WatchedCamera[];
  definition: string;
  stopping: AbortController;
  over: Promise<void>;
  channels: Channels;
  state: EventsState;
};

/** Last told of a camera, topic and source; at most so many for one camera, whatever a device invents. */
type Known = Map<string, { isOn: boolean; topic: CameraEvent['topic']; atMs: number }>;

const TICK_MS = 1000;
/** After a restart a thousand devices are not asked at once. */
const STARTS_PER_TICK = 8;
const KNOWN_MAX = 64;
/** A device that never says that it became quiet holds the gate open no longer. */
const HINT_MS = 120_000;

export function watchEvents(options: WatchOptions): DeviceEvents {
  const { signal, logger } = options;
  const groups = new Map<string, Group>();
  const ending = new Set<Promise<void>>();
  const known = new Map<string, Known>();
  const groupOf = new Map<string, Group>();

  const end = (key: string, group: Group) => {
    groups.delete(key);
    group.stopping.abort();
    ending.add(group.over);
    void group.over.finally(() => ending.delete(group.over));
  };
  const begin = (key: string, definition: string, cameras: WatchedCamera[]) => {
    const stopping = new AbortController();
    const group: Group = {
      ...{ cameras, definition, stopping },
      over: Promise.resolve(),
      channels: new Map(),
      state: { events: 'none', eventsSinceMs: Date.now() },
    };
    groups.set(key, group);
    group.over = run(group, { ...options, signal: stopping.signal, known }).catch((error: Error) => {
      logger.error({ device: key, error: error.stack }, 'events of a device failed');
    });
  };
  const tick = () => {
    const wanted = Map.groupBy(options.cameras(), keyOf);
    let starts = 0;
    groupOf.clear();
    for (const [key, group] of groups) if (!wanted.has(key)) end(key, group);
    for (const [key, cameras] of wanted) {
      cameras.sort((a, b) => (a.id < b.id ? -1 : 1));
      const definition = `${key} ${cameras[0]?.sealedPassword}`;
      const group = groups.get(key);
      if (group !== undefined && group.definition !== definition) end(key, group);
      if (groups.has(key)) (groups.get(key) as Group).cameras = cameras;
      else if (starts++ < STARTS_PER_TICK) begin(key, definition, cameras);
      const current = groups.get(key);
      if (current !== undefined) for (const { id } of cameras) groupOf.set(id, current);
    }
    for (const id of known.keys()) if (!groupOf.has(id)) known.delete(id);
  };
  const loop = (async () => {
    while (!signal.aborted) {
      tick();
      await pause(TICK_MS, signal);
    }
    for (const [key, group] of groups) end(key, group);
    await Promise.all(ending);
  })();
  return {
    stateOf: (camera) => groupOf.get(camera)?.state ?? {},
    isMoving: (camera) =>
      [...(known.get(camera)?.values() ?? [])].some(
        ({ topic, isOn, atMs }) => topic === 'motion' && isOn && performance.now() - atMs < HINT_MS,
      ),
    [Symbol.asyncDispose]: () => loop,
  };
}

/** Two logins of one device may see different things. */
const keyOf = ({ device: { host, port }, user }: WatchedCamera) => `${host}:${port ?? 80} ${user ?? ''}`;

type Running = WatchOptions & { known: Map<string, Known> };

async function run(group: Group, options: Running): Promise<void> {
  const [first] = group.cameras;
  if (first === undefined) return;
  const { host, port } = first.device;
  const login = first.user === undefined ? {} : { user: first.user, password: first.password() };
  const device = { host, ...(port === undefined ? {} : { port }), ...login };
  for await (const news of listenToEvents(device, options)) {
    if (news.type === 'channels') group.channels = news.channels;
    if (news.type === 'state') group.state = stateAfter(group.state, news);
    if (news.type === 'notification') tell(news, group, options);
  }
}

/** Since when counts on while the state stays, whatever the reason says. */
function stateAfter(before: EventsState, { state, code, message }: Extract<EventNews, { type: 'state' }>): EventsState {
  return {
    events: state,
    ...(code === undefined ? {} : { eventsReason: code }),
    ...(message === undefined ? {} : { eventsMessage: message }),
    eventsSinceMs: before.events === state && before.eventsSinceMs !== undefined ? before.eventsSinceMs : Date.now(),
  };
}

/** Only what changed: what a device repeats when it is asked is known already. */
function tell(news: Extract<EventNews, { type: 'notification' }>, group: Group, options: Running): void {
  const { topic, source, isOn, capturedAtMs } = news;
  for (const camera of camerasOf(news, group)) {
    const known: Known = options.known.get(camera) ?? new Map();
    options.known.set(camera, known);
    const key = `${topic} ${source}`;
    const before = known.get(key);
    if (before === undefined && known.size >= KNOWN_MAX) continue;
    known.set(key, { isOn, topic, atMs: performance.now() });
    if (before === undefined ? news.isInitial && !isOn : before.isOn === isOn) continue;
    const id = `${camera}:${topic}:${source}:${capturedAtMs}:${isOn ? 'on' : 'off'}`;
    const { worker } = options;
    const event = { id, camera, topic, source, isOn, capturedAtMs, receivedAtMs: Date.now(), worker };
    options.onEvent({ type: 'camera-event', version: 1, ...event });
  }
}

/** An input belongs to the device: its first camera tells it. What names no channel that we have is of none of ours. */
function camerasOf({ topic, source }: Extract<EventNews, { type: 'notification' }>, group: Group): string[] {
  const { cameras, channels } = group;
  const [first] = cameras;
  if (first === undefined) return [];
  const isAlone = cameras.length === 1 && (first.device.channel === undefined || new Set(channels.values()).size === 1);
  if (topic === 'digital-input' || isAlone) return [first.id];
  const channel = channels.get(source) ?? source;
  return cameras.filter(({ device }) => device.channel === channel).map(({ id }) => id);
}
