import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Calibration, CalibrationTrial } from '#models/schema/calibration.ts';
import type { HeightCheck, WalkCheck } from '#models/schema/calibration-check.ts';
import { DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { type Broker, ensureStream, openBroker } from '#system/broker.ts';
import { childOf, messageOf, publish, sightingAt } from '#test/analytics/counting-site.ts';
import { pinholeAt } from '#test/models/registry/pinhole.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';

const PLACE = { lon: 117.02, lat: 36.66 };
const plane = tangentPlane(PLACE.lon, PLACE.lat);
const VIEW = {
  ...{ ...PLACE, heightM: 8, headingDeg: 0, tiltDeg: 20, rollDeg: 0 },
  ...{ fieldOfViewDeg: 60, aspect: 16 / 9 },
};

describe('calibrating over the API', () => {
  let api: ApiSite;
  let broker: Broker;
  const nowMs = Date.now();
  const ask = (method: string, path: string, body?: unknown) =>
    api.ask(method, `/api/v1/cameras/gate/calibration${path}`, body === undefined ? {} : { body });

  beforeAll(async () => {
    api = await startApi({ batchMs: 200 });
    broker = await openBroker(api.config, 'site', { logger: testLogger, name: 'test' });
    await api.site.children.start(childOf(api.site, 'store', 'analytics/store/main.ts'));
    await api.site.children.start(childOf(api.site, 'analytics', 'analytics/main.ts'));
    await ensureStream(broker, DETECTIONS_STREAM);
    await api.ask('POST', '/api/v1/cameras', {
      body: { id: 'gate', name: 'Gate', url: 'rtsp://127.0.0.1/x', position: PLACE },
    });
  });
  afterAll(async () => {
    await broker[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  it('tries a pose, keeps it, and tells its grade with the camera', async () => {
    const tried = (await ask('POST', '/trial', { viewpoint: VIEW })).body as CalibrationTrial;
    expect(tried).toMatchObject({ viewpoint: VIEW, lens: null, misses: expect.any(Array) });
    expect(tried.net.length).toBeGreaterThan(5);
    expect(tried.ellipses.length).toBeGreaterThan(0);
    expect((await ask('GET', '')).status).toBe(404);
    const kept = (await ask('PUT', '', { viewpoint: VIEW })).body as Calibration;
    expect(kept).toMatchObject({ version: 1, method: 'pose', grade: tried.grade, errors: tried.errors });
    expect((await api.ask('GET', '/api/v1/cameras/gate')).body).toMatchObject({
      calibrationVersion: 1,
      calibrationGrade: tried.grade,
    });
    expect((await ask('GET', '/ground')).body).toMatchObject({ grade: tried.grade, viewpoint: VIEW });
  });

  it('refuses what does not fit whole, and keeps the former version', async () => {
    const refused = [
      [{ viewpoint: { ...VIEW, tiltDeg: -29 } }, 422, 'calibration-unfit'],
      [
        { import: { format: 'opencv', text: 'a: 1', frame: { ...PLACE, headingDeg: 0, unitM: 1 } } },
        422,
        'calibration-unfit',
      ],
      [{ points: [], viewpoint: VIEW }, 400, 'invalid-value'],
      [{ viewpoint: VIEW, import: { format: 'json', text: '{}' } }, 400, 'invalid-value'],
      [{}, 400, 'invalid-value'],
      [{ viewpoint: { ...VIEW, heightM: 'high' } }, 400, 'invalid-value'],
    ] as const;
    for (const [body, status, code] of refused)
      expect(await ask('PUT', '', body), JSON.stringify(body)).toMatchObject({ status, body: { code } });
    expect((await ask('GET', '')).body).toMatchObject({ version: 1 });
  });

  it('says by people who were seen whether it is right, and by how much a walk lies beside its path', async () => {
    const boxOf = (east: number, north: number, track: string) => {
      const [foot, head] = [pinholeAt(plane, east, north), pinholeAt(plane, east, north, 1.7)];
      const height = foot.y - head.y;
      const width = height * (9 / 16) * 0.4;
      return {
        ...sightingAt(0, 0, { track, score: 0.9 }),
        box: [foot.x - width / 2, head.y, width, height] as [number, number, number, number],
      };
    };
    const looks = Array.from({ length: 60 }, (_, index) => {
      const north = 14 + index * 0.6;
      const passer = `passer${String(index % 12).padStart(6, '0')}`;
      return messageOf({
        ...{ camera: 'gate', sequence: index + 1, capturedAtMs: nowMs - 60_000 + index * 200 },
        sightings: [boxOf(-2, north, 'walker000001'), boxOf(5, 50 - index * 0.5, passer)],
      });
    });
    await publish(broker, looks);
    const heights = async () => (await ask('GET', '/heights')).body as HeightCheck;
    await until('the people are stored', async () => (await heights()).samples >= 60);
    expect(await heights()).toMatchObject({ verdict: 'good', expectedM: 1.7 });
    const path = [plane.toDegrees(-2, 12), plane.toDegrees(-2, 60)];
    const walked = (await ask('POST', '/walk', { path })).body as WalkCheck;
    expect(walked.track).toBe('walker000001');
    expect(walked.worstM).toBeLessThan(0.1);
    await ask('PUT', '', { viewpoint: { ...VIEW, heightM: 6 } });
    expect(await heights()).toMatchObject({ verdict: 'scale' });
    expect(((await ask('POST', '/walk', { path })).body as WalkCheck).tracks.length).toBeGreaterThan(0);
    const long = `/heights?from=${nowMs - 30 * 86_400_000}`;
    expect(await ask('GET', long)).toMatchObject({ status: 400, body: { code: 'invalid-value' } });
  });

  it('shows nothing of a camera to those who may not see it', async () => {
    const token = await api.enrol('elsewhere', ['engineer'], ['some-area']);
    for (const path of ['/heights', '/ground', ''])
      expect((await api.ask('GET', `/api/v1/cameras/gate/calibration${path}`, { token })).status).toBe(404);
  });
});
