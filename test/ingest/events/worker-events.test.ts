import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSealKey, seal } from '#models/registry/seal.ts';
import { CameraEvent } from '#models/schema/camera-event.ts';
import { checker } from '#models/schema/check.ts';
import { makeWith, type SmallFleet, startSmallFleet } from '#test/demo/devices/small-fleet.ts';
import { startWorkerSite, type WorkerSite } from '#test/ingest/worker-site.ts';
import { until } from '#test/site/site.ts';

const check = checker('the event', CameraEvent);

describe('a worker that has a camera of an ONVIF device', () => {
  let site: WorkerSite;
  let fleet: SmallFleet;
  const events: CameraEvent[] = [];

  beforeAll(async () => {
    site = await startWorkerSite({ materialDir: '/nowhere' });
    const clip = { scene: 'still' as const, seconds: 4 };
    fleet = await startSmallFleet({ makes: [makeWith('needs-addressing', {})], clip });
    await fleet.fleet.prepared;
    site.broker.connection.subscribe('sharpeyes.health.*.*.*.*.*.gate', {
      callback: (_error, message) => {
        const told = message.json<{ type?: string }>();
        if (told.type === 'camera-event') events.push(check(told) as CameraEvent);
      },
    });
    await site.startWorker('worker-1');
  });
  afterAll(async () => {
    await site?.[Symbol.asyncDispose]();
    await fleet?.[Symbol.asyncDispose]();
  });

  it('tells its events within two seconds, opens the gate when the device sees motion, and says that it listens', async () => {
    const [device] = fleet.devices;
    if (device === undefined) throw new Error('there is no device');
    const [main] = device.streams;
    await site.addCamera('gate', {
      isGated: true,
      source: {
        kind: 'rtsp',
        url: device.urlOf(main!),
        transport: 'tcp',
        user: device.plan.user,
        sealedPassword: seal(device.plan.password, loadSealKey(site.config.dataDir), 'gate'),
      },
      device: { host: '127.0.0.1', port: device.onvif.port, channel: 'video-source-1', scheme: 'onvif' },
    });
    await until('it listens', async () => (await site.stateOf('gate'))?.events === 'subscribed');
    await until('the gate is closed', async () => (await site.stateOf('gate'))?.isGateOpen === false);
    const raisedAtMs = Date.now();
    fleet.raise(device.plan.id, 'motion', true);
    await until('the event is told', () => events.length === 1);
    expect(events[0]).toMatchObject({
      camera: 'gate',
      topic: 'motion',
      isOn: true,
      worker: expect.stringContaining('worker-1'),
    });
    expect(events[0]?.capturedAtMs).toBeGreaterThan(raisedAtMs - 2000);
    await until('the gate is open', async () => (await site.stateOf('gate'))?.isGateOpen === true);
    await site.editCamera('gate', { isEnabled: false });
    await until('the subscription is given back', () => device.onvif.events.subscriptions() === 0);
  });
});
