/** A real worker and a real device that turns: what is seen is placed at calibrated poses alone, each by its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlacer } from '#analytics/place/placer.ts';
import { atItsPose, standOf } from '#api/cameras/pose.ts';
import { openOnvifClient } from '#ingest/onvif/client.ts';
import { type DeviceServices, readServices } from '#ingest/onvif/device-services.ts';
import { createLogins } from '#ingest/onvif/logins.ts';
import { loadSealKey, seal } from '#models/registry/seal.ts';
import type { CameraState } from '#models/schema/camera.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import { calibrationOf } from '#test/analytics/counting-site.ts';
import { type SmallFleet, startSmallFleet } from '#test/demo/devices/small-fleet.ts';
import { startWorkerSite, type WorkerSite } from '#test/ingest/worker-site.ts';
import { writeFixedModel } from '#test/site/fixed-model.ts';
import { until } from '#test/site/site.ts';

/** It is asked every two seconds; a busy machine is late by some. */
const KNOWN_MS = 9000;

describe('a worker that has a camera that turns', () => {
  let site: WorkerSite;
  let fleet: SmallFleet;
  let services: DeviceServices;
  const life = new AbortController();

  beforeAll(async () => {
    // Something is seen in every picture: what shows nothing is told in spans of ten seconds.
    site = await startWorkerSite({ model: 'fixed' });
    writeFixedModel(site.config.modelsDir, 'fixed', [{ kind: 'person', score: 0.9, box: [0.45, 0.5, 0.1, 0.4] }]);
    fleet = await startSmallFleet({ count: 0, ptz: 1 });
    await fleet.fleet.prepared;
    const [device] = fleet.devices;
    if (device === undefined) throw new Error('there is no device');
    const { user, password } = device.plan;
    const { port } = device.onvif;
    const place = { host: '127.0.0.1', port, user, password };
    services = await readServices(await openOnvifClient({ ...place, logins: createLogins(), signal: life.signal }));
    await site.startWorker('worker-1');
    const sealedPassword = seal(password, loadSealKey(site.config.dataDir), 'dome');
    const url = device.urlOf(device.streams[0]!);
    await site.addCamera('dome', {
      source: { kind: 'rtsp', url, transport: 'tcp', user, sealedPassword },
      device: { host: '127.0.0.1', port, channel: 'video-source-1', scheme: 'onvif' },
    });
  });
  afterAll(async () => {
    life.abort();
    await site?.[Symbol.asyncDispose]();
    await fleet?.[Symbol.asyncDispose]();
  });

  const move = (action: string, body: string) =>
    services.call('ptz', action, { body: `<ProfileToken>ch1_main</ProfileToken>${body}` });
  const goTo = (preset: string) => move('GotoPreset', `<PresetToken>${preset}</PresetToken>`);

  async function stands(what: string, is: (ptz: NonNullable<CameraState['ptz']>) => boolean, patienceMs?: number) {
    let last: CameraState | undefined;
    await until(
      what,
      async () => {
        last = await site.stateOf('dome');
        return last?.ptz !== undefined && is(last.ptz);
      },
      patienceMs,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; it is ${JSON.stringify(last)}`);
    });
    return last!;
  }
  const standsStill = (preset: string | undefined, version: number | undefined) =>
    stands(
      `it stands at ${preset}, placed by ${version}`,
      (ptz) => !ptz.isMoving && ptz.preset?.token === preset && ptz.calibrationVersion === version,
    );

  /** A message of what was seen from now on, and the calibration that analytics places it by. */
  async function placedBy(): Promise<{ message: DetectionMessage; version: number }> {
    const nowMs = Date.now();
    let message: DetectionMessage | undefined;
    await until('something was seen since', async () => {
      message = await site.lastMessage('dome');
      return message !== undefined && message.watchedFromMs > nowMs && message.sightings.length > 0;
    });
    const placer = createPlacer();
    placer.setCalibration('dome', (await site.registry.calibrations.get('dome'))?.value);
    return { message: message!, version: placer.place(message!).calibrationVersion };
  }

  async function calibrate(version: number, preset: string): Promise<void> {
    const before = await site.registry.calibrations.get('dome');
    const stand = standOf('dome', preset, await site.stateOf('dome'));
    const next = atItsPose(calibrationOf('dome', version), stand, before?.value);
    if (before === undefined) await site.registry.calibrations.create('dome', next);
    else await site.registry.calibrations.put('dome', next, before.revision);
    await standsStill(preset, version);
  }

  it('places at the calibrated pose, counts only elsewhere, and places again when it is back', async () => {
    await stands('its pose is known', ({ isMoving, preset }) => !isMoving && preset?.token === 'preset-1');
    await calibrate(1, 'preset-1');
    expect(await placedBy()).toMatchObject({ message: { calibrationVersion: 1 }, version: 1 });

    await move(
      'AbsoluteMove',
      '<Position><PanTilt xmlns="http://www.onvif.org/ver10/schema" x="0.3" y="0"/></Position>',
    );
    await stands(
      'it is known soon',
      ({ pan, calibrationVersion }) => pan > 0.2 && calibrationVersion === undefined,
      KNOWN_MS,
    );
    expect(() => standOf('dome', 'preset-1', { ptz: { pan: 0.3, tilt: 0, zoom: 0, isMoving: false } })).toThrow(
      'not at',
    );
    await standsStill(undefined, undefined);
    const away = await placedBy();
    expect(away).toMatchObject({ message: { isViewMoved: true }, version: 0 });
    expect(away.message).not.toHaveProperty('calibrationVersion');
    expect((await site.stateOf('dome'))?.reason).toBeUndefined();

    await goTo('preset-1');
    await standsStill('preset-1', 1);
    expect(await placedBy()).toMatchObject({ message: { calibrationVersion: 1 }, version: 1 });
  });

  it('places each of two presets by its own calibration', async () => {
    await goTo('preset-2');
    await standsStill('preset-2', undefined);
    await calibrate(2, 'preset-2');
    expect(await placedBy()).toMatchObject({ message: { calibrationVersion: 2 }, version: 2 });
    await goTo('preset-1');
    await standsStill('preset-1', 1);
    expect(await placedBy()).toMatchObject({ message: { calibrationVersion: 1 }, version: 1 });
  });
});
