import { afterEach, expect, it } from 'vitest';
import { createLogins } from '#ingest/onvif/logins.ts';
import { followHead } from '#ingest/ptz/follow-head.ts';
import type { Preset, Reading } from '#ingest/ptz/position.ts';
import { type SmallFleet, startSmallFleet } from '#test/demo/devices/small-fleet.ts';
import { testLogger, until } from '#test/site/site.ts';

let fleet: SmallFleet | undefined;
const life = new AbortController();
afterEach(async () => {
  await fleet?.[Symbol.asyncDispose]();
});

it('leaves a device without PTZ alone, and tells pose, move and presets of one that turns, until it is stopped', async () => {
  fleet = await startSmallFleet({ count: 1, ptz: 1 });
  const [fixed, dome] = fleet.devices;
  const readings: Reading[] = [];
  let presets: readonly Preset[] = [];
  let readAtMs = 0;
  const follow = (device: NonNullable<typeof fixed>, signal: AbortSignal) =>
    followHead({
      camera: device.plan.id,
      device: { host: '127.0.0.1', port: device.onvif.port, channel: 'video-source-1' },
      ...{ user: device.plan.user, password: device.plan.password, logins: createLogins(), logger: testLogger, signal },
      everyMs: 100,
      onReading(reading, known) {
        readings.push(reading);
        presets = known;
        readAtMs = performance.now();
      },
    });
  const patience = AbortSignal.timeout(60_000);
  await follow(fixed!, patience);
  expect(patience.aborted, 'it ends by itself').toBe(false);
  expect(readings).toEqual([]);

  const over = follow(dome!, life.signal);
  await until('it is told where the head stands', () => readings.length > 0);
  expect(readings[0]).toEqual({ pose: { pan: 0, tilt: 0, zoom: 0 }, isMoving: false });
  expect(presets).toHaveLength(4);
  expect(presets[1]).toEqual({ token: 'preset-2', name: 'left pavement', pose: { pan: -0.6, tilt: -0.1, zoom: 0.3 } });
  dome!.onvif.ptz?.goTo('preset-2');
  await until('it is told that it moves', () => readings.at(-1)?.isMoving === true);
  await until('it stands', () => readings.at(-1)?.isMoving === false);
  expect(readings.at(-1)?.pose).toEqual(presets[1]?.pose);

  await dome!.setNetwork('refuse');
  await until('it cannot be asked', () => performance.now() - readAtMs > 1000);
  const before = readings.length;
  await dome!.setNetwork('up');
  await until('it is asked again after an outage', () => readings.length > before + 1);
  life.abort();
  await over;
});
