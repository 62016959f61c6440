import { afterEach, describe, expect, it } from 'vitest';
import type { VirtualDevice } from '#demo/devices/device.ts';
import { type EventNews, type ListenOptions, listenToEvents } from '#ingest/events/listen.ts';
import { readNotifications } from '#ingest/events/notification.ts';
import { watchEvents } from '#ingest/events/watch-events.ts';
import { createLogins } from '#ingest/onvif/logins.ts';
import { parseXml } from '#ingest/onvif/xml.ts';
import type { CameraEvent } from '#models/schema/camera-event.ts';
import { makeWith, type SmallFleet, startSmallFleet } from '#test/demo/devices/small-fleet.ts';
import { testLogger, until } from '#test/site/site.ts';

/** A question of five seconds is open when something happens. */
const PULL_MS = 4500;

type MakeName = Parameters<typeof makeWith>[0];

const open = new Set<AsyncDisposable>();
afterEach(async () => {
  for (const one of [...open].reverse()) await one[Symbol.asyncDispose]();
  open.clear();
});

async function startDevice(make: MakeName, habits = {}): Promise<{ fleet: SmallFleet; device: VirtualDevice }> {
  const fleet = await startSmallFleet({ makes: [makeWith(make, habits)] });
  open.add(fleet);
  return { fleet, device: fleet.device(1) };
}

type Listener = AsyncDisposable & {
  news: EventNews[];
  states: () => string[];
  motions: () => Extract<EventNews, { type: 'notification' }>[];
};

function listen(device: VirtualDevice, options: Partial<ListenOptions> & { password?: string } = {}): Listener {
  const stopping = new AbortController();
  const news: EventNews[] = [];
  const { password = device.plan.password, ...more } = options;
  const login = { host: '127.0.0.1', port: device.onvif.port, user: device.plan.user, password };
  const over = (async () => {
    for await (const piece of listenToEvents(login, {
      signal: stopping.signal,
      logins: createLogins(),
      logger: testLogger,
      backoff: { baseMs: 100, capMs: 400 },
      ...more,
    })) {
      news.push(piece);
    }
  })();
  const listener: Listener = {
    news,
    states: () =>
      news.flatMap((piece) => (piece.type === 'state' ? [`${piece.state} ${piece.code ?? ''}`.trim()] : [])),
    motions: () => news.flatMap((piece) => (piece.type === 'notification' && piece.topic === 'motion' ? [piece] : [])),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await over;
    },
  };
  open.add(listener);
  return listener;
}

const isSubscribed = (listener: Listener) => listener.states().at(-1) === 'subscribed';

describe('listening to the events of a device', () => {
  it.each([
    'plain',
    'password-text',
    'digest-only',
    'wrong-clock',
    'behind-nat',
    'media2-only',
    'truncates',
    'fault-200',
    'sha-256',
    'needs-addressing',
  ] as const)(
    'hears of motion before its question is over from a %s device, by the right clock, and gives back what it took',
    async (make) => {
      const { fleet, device } = await startDevice(make);
      const listener = listen(device);
      await until('it is subscribed', () => isSubscribed(listener));
      expect(device.onvif.events.subscriptions()).toBe(1);
      const raisedAtMs = Date.now();
      fleet.raise(device.plan.id, 'motion', true);
      await until('motion is heard', () => listener.motions().length === 1, PULL_MS);
      const [motion] = listener.motions();
      expect(motion).toMatchObject({
        topic: 'motion',
        isOn: true,
        isInitial: false,
        source: 'video-source-1-configuration',
      });
      expect(Math.abs((motion?.capturedAtMs ?? 0) - raisedAtMs)).toBeLessThan(10_000);
      await listener[Symbol.asyncDispose]();
      expect(device.onvif.events.subscriptions()).toBe(0);
    },
  );

  it('subscribes anew at once where the device has forgotten, and after a restart when it is back', async () => {
    const { fleet, device } = await startDevice('reboots');
    const listener = listen(device);
    await until('it is subscribed', () => isSubscribed(listener));
    device.onvif.events.clear();
    await until('it says so and is subscribed again', () => {
      return isSubscribed(listener) && listener.states().includes('silent camera-events-lost');
    });
    await device.setNetwork('dark');
    await until('it cannot be asked', () =>
      /^silent camera-(refused|unreachable|timed-out)/.test(listener.states().at(-1) ?? ''),
    );
    await device.setNetwork('up');
    await until('it is subscribed after the restart', () => isSubscribed(listener));
    fleet.raise(device.plan.id, 'motion', true);
    await until('motion is heard', () => listener.motions().length === 1, PULL_MS);
    expect(device.onvif.events.subscriptions()).toBe(1);
  });

  it('is refused with a wrong password, says so, and locks nobody out', async () => {
    const { device } = await startDevice('locks-out', { lockOut: { triesMax: 5, lockS: 60 } });
    const wrong = listen(device, { password: 'wrong' });
    await until('it is refused', () => wrong.states().at(-1)?.startsWith('refused camera-unauthorised') === true);
    await wrong[Symbol.asyncDispose]();
    const right = listen(device);
    await until('the right password is taken', () => isSubscribed(right));
  });

  it('says that a device has no room, and takes it when there is some', async () => {
    const { device } = await startDevice('needs-addressing');
    const taken = [device.onvif.events.subscribe(60_000), device.onvif.events.subscribe(60_000)];
    const listener = listen(device);
    await until('it is refused', () => listener.states().at(-1) === 'refused camera-events-full');
    device.onvif.events.end(taken[0]?.id ?? '');
    await until('it is subscribed', () => isSubscribed(listener));
    expect(device.onvif.events.subscriptions()).toBe(2);
  });

  it('renews before the term is over', async () => {
    const { fleet, device } = await startDevice('needs-addressing');
    const listener = listen(device, { termS: 4 });
    await until('it is subscribed', () => isSubscribed(listener));
    const begunAtMs = performance.now();
    await until('two terms are over', () => performance.now() - begunAtMs > 8500);
    fleet.raise(device.plan.id, 'motion', true);
    await until('motion is heard', () => listener.motions().length === 1, PULL_MS);
    expect(listener.states()).toEqual(['subscribed']);
    expect(device.onvif.events.subscriptions()).toBe(1);
  });

  it('says when a device has told nothing for long, until it tells something', async () => {
    const { fleet, device } = await startDevice('plain');
    const listener = listen(device, { quietMs: 300, termS: 20 });
    await until('it is silent', () => listener.states().at(-1) === 'silent camera-events-silent');
    fleet.raise(device.plan.id, 'motion', true);
    await until('it is heard again', () => isSubscribed(listener));
  });
});

describe('listening to all devices of a worker', () => {
  it('takes one subscription for many channels, tells each its own, and hints at the gate', async () => {
    const fleet = await startSmallFleet({ count: 0, recorders: 1 });
    open.add(fleet);
    const [device] = fleet.devices as [VirtualDevice];
    const events: CameraEvent[] = [];
    const stopping = new AbortController();
    const camera = (id: string, channel: string) => ({
      id,
      device: { host: '127.0.0.1', port: device.onvif.port, channel },
      user: device.plan.user,
      sealedPassword: 'sealed',
      password: () => device.plan.password,
    });
    let cameras = [camera('third', 'video-source-3'), camera('first', 'video-source-1')];
    const watched = watchEvents({
      worker: 'worker-1',
      cameras: () => cameras,
      logins: createLogins(),
      onEvent: (event) => events.push(event),
      signal: stopping.signal,
      logger: testLogger,
    });
    await until('both are subscribed', () =>
      ['first', 'third'].every((id) => watched.stateOf(id).events === 'subscribed'),
    );
    expect(device.onvif.events.subscriptions()).toBe(1);
    fleet.raise('recorder-1/3', 'motion', true);
    fleet.raise('recorder-1/2', 'motion', true);
    fleet.raise('recorder-1/1', 'tamper', true);
    fleet.raise('recorder-1/1', 'digital-input', true);
    await until('all are told', () => events.length === 3);
    expect(events).toMatchObject([
      { type: 'camera-event', version: 1, camera: 'third', topic: 'motion', isOn: true, worker: 'worker-1' },
      { camera: 'first', topic: 'tamper' },
      { camera: 'first', topic: 'digital-input', source: 'input-1' },
    ]);
    expect([watched.isMoving('third'), watched.isMoving('first')]).toEqual([true, false]);
    fleet.raise('recorder-1/3', 'motion', false);
    await until('it is quiet', () => !watched.isMoving('third'));
    cameras = [];
    await until('the subscription is given back', () => device.onvif.events.subscriptions() === 0);
    expect(watched.stateOf('first')).toEqual({});
    stopping.abort();
    await watched[Symbol.asyncDispose]();
  });
});

describe('reading notifications', () => {
  const message = (topic: string, item: string, source = 'Source') =>
    `<a:NotificationMessage xmlns:a="a"><a:Topic>${topic}</a:Topic><a:Message><tt:Message xmlns:tt="t" UtcTime="2026-01-02T03:04:05Z" PropertyOperation="Changed"><tt:Source><tt:SimpleItem Name="${source}" Value="v1"/></tt:Source><tt:Data>${item}</tt:Data></tt:Message></a:Message></a:NotificationMessage>`;
  const read = (...messages: string[]) =>
    readNotifications(parseXml(`<PullMessagesResponse>${messages.join('')}</PullMessagesResponse>`));

  it('takes the topics that it knows, with any prefixes, and counts the others', () => {
    const state = '<tt:SimpleItem Name="State" Value="1"/>';
    const { known, others } = read(
      message('tns1:VideoSource/MotionAlarm', state),
      message('x:VideoSource/x:GlobalSceneChange/y:ImagingService', '<tt:SimpleItem Name="State" Value="false"/>'),
      message('tns1:RuleEngine/FaceDetector/Face', state),
      message('tns1:VideoSource/MotionAlarm', '<tt:SimpleItem Name="State" Value="maybe"/>'),
      '<Nonsense/>',
    );
    expect(known).toMatchObject([
      { topic: 'motion', isOn: true, source: 'v1', deviceAtMs: Date.parse('2026-01-02T03:04:05Z') },
      { topic: 'tamper', isOn: false },
    ]);
    expect(others).toBe(2);
  });
});
