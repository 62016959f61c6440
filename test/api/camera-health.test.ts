/** The wall of health and the history behind it, through a real broker, store and analytics. */
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraState } from '#models/schema/camera.ts';
import type { CameraHealthList, CameraHistory } from '#models/schema/camera-health.ts';
import { FAULTS } from '#models/schema/fault.ts';
import { encodeMessage } from '#models/wire/codec.ts';
import { HEALTH_CONSUMER, HEALTH_STREAM } from '#models/wire/streams.ts';
import { healthSubject } from '#models/wire/subjects.ts';
import { type Broker, ensureStream, openBroker } from '#system/broker.ts';
import { areaOf, childOf } from '#test/analytics/counting-site.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';

const MINUTE_MS = 60_000;
const COUNTS = { reconnects: 0, packets: 0, decoded: 0, skipped: 0, looked: 0, dropped: 0, failed: 0, timeJumps: 0 };
const nowMs = Date.now();

/** a: live; b: wrong password for an hour; c: unreachable, tried again just now; d: switched off; e: another city's. */
const CAMERAS = [
  { id: 'a', name: 'Gate A', area: 'g1', tags: ['gate'], device: { host: '10.0.0.1', manufacturer: 'Acme' } },
  { id: 'b', name: '=cmd()', area: 'g1', tags: ['yard'], device: { host: '10.0.0.2', manufacturer: 'Acme' } },
  { id: 'c', name: '北门', area: 'g1', importance: 'high', device: { host: '10.0.0.3', manufacturer: 'Bolt' } },
  { id: 'd', name: 'Gate D', area: 'g1', isEnabled: false },
  { id: 'e', name: 'Far', area: 'zibo' },
];

const state = (camera: string, more: Partial<CameraState> & Pick<CameraState, 'state'>): CameraState => ({
  ...{ camera, sinceMs: nowMs - 60 * MINUTE_MS, updatedAtMs: Date.now(), worker: 'worker-1', ...COUNTS },
  ...more,
});
const STATES = [
  state('a', {
    state: 'live',
    fps: 24.8,
    fpsPromised: 25,
    bitrateKbps: 2100,
    decodeCostMs: 11.2,
    lastPictureAtMs: nowMs,
  }),
  state('b', {
    ...{ state: 'down', reason: 'camera-unauthorised', message: 'it refused the password', cure: 'Set it anew.' },
    ...{ downSinceMs: nowMs - 60 * MINUTE_MS, reasonSinceMs: nowMs - 60 * MINUTE_MS },
  }),
  state('c', {
    ...{ state: 'connecting', reason: 'camera-timed-out', message: 'it did not answer', cure: 'See its cable.' },
    ...{ sinceMs: nowMs - 1000, downSinceMs: nowMs - 30 * MINUTE_MS, reasonSinceMs: nowMs - 30 * MINUTE_MS },
  }),
  state('e', { state: 'live' }),
];

describe('the health of cameras', () => {
  let api: ApiSite;
  let broker: Broker;
  beforeAll(async () => {
    api = await startApi({ batchMs: 200 });
    broker = await openBroker(api.config, 'site', { logger: testLogger, name: 'test' });
    await api.site.children.start(childOf(api.site, 'store', 'analytics/store/main.ts'));
    await api.site.children.start(childOf(api.site, 'analytics', 'analytics/main.ts'));
    const features = [
      areaOf('jinan', 'city', null, 5000),
      areaOf('g1', 'grid', 'jinan', 100),
      areaOf('zibo', 'city', null, 10),
    ].map(({ geometry, version: _version, ...properties }) => ({ type: 'Feature', properties, geometry }));
    await api.ask('PUT', '/api/v1/areas', { body: { type: 'FeatureCollection', features } });
    for (const camera of CAMERAS) {
      const body = { ...camera, url: `rtsp://admin:s3cret@10.0.0.${camera.id.charCodeAt(0) - 96}/live` };
      expect((await api.ask('POST', '/api/v1/cameras', { body })).status).toBe(201);
      // As if it had been there yesterday.
      const { value, revision } = api.context.cameras.entry(camera.id)!;
      await api.context.cameras.put(camera.id, { ...value, createdAtMs: nowMs - 26 * 60 * MINUTE_MS }, revision);
    }
    await ensureStream(broker, HEALTH_STREAM);
    for (const each of STATES) await api.context.states.put(each.camera, each);
    await tellHistory();
  });
  afterAll(async () => {
    await broker[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  /** For the last two hours: a was live; b live, then down; c live, nobody looked, then down. */
  async function tellHistory(): Promise<void> {
    const words: [string, number, number, Partial<CameraState>][] = [
      ['a', 120, 0, { state: 'live' }],
      ['b', 120, 60.2, { state: 'live' }],
      ['b', 60, 0, { state: 'down', reason: 'camera-unauthorised', downSinceMs: nowMs - 60 * MINUTE_MS }],
      ['c', 120, 91, { state: 'live' }],
      ['c', 30, 0, { state: 'down', reason: 'camera-timed-out', downSinceMs: nowMs - 30 * MINUTE_MS }],
    ];
    for (const [camera, from, to, more] of words) {
      const word = state(camera, { state: 'live', ...more });
      const [sinceMs, updatedAtMs] = [nowMs - from * MINUTE_MS, nowMs - to * MINUTE_MS];
      const told = { ...word, sinceMs, reasonSinceMs: sinceMs, updatedAtMs };
      await broker.stream.publish(healthSubject(['jinan', '_', '_', '_', 'g1'], camera), encodeMessage(told));
    }
    await until('the words are stored', async () => {
      const info = await broker.manager.consumers.info(HEALTH_STREAM.name, HEALTH_CONSUMER);
      return info.num_pending === 0 && info.num_ack_pending === 0;
    });
  }

  const wall = async (query = '', token = api.adminToken) =>
    (await api.ask('GET', `/api/v1/camera-health${query}`, { token })).body as CameraHealthList;
  const ids = ({ cameras }: { cameras: { camera: string }[] }) => cameras.map(({ camera }) => camera);

  it('is a wall: worst and most important first, with the true reason and what was measured', async () => {
    const list = await wall();
    expect(ids(list)).toEqual(['c', 'b', 'a', 'e', 'd']);
    expect(list.cameras[0]).toMatchObject({ state: 'down', reason: 'camera-timed-out', cure: 'See its cable.' });
    expect(list.cameras[0]!.sinceMs).toBe(nowMs - 30 * MINUTE_MS);
    expect(list.cameras[2]).toMatchObject({ fpsPromised: 25, fps: 24.8, bitrateKbps: 2100, decodeCostMs: 11.2 });
    expect(list.totals).toEqual({
      cameras: 5,
      states: { down: 2, live: 2, disabled: 1 },
      reasons: [
        { reason: 'camera-timed-out', title: FAULTS['camera-timed-out'].title, state: 'down', cameras: 1 },
        { reason: 'camera-unauthorised', title: FAULTS['camera-unauthorised'].title, state: 'down', cameras: 1 },
      ],
    });
    expect(JSON.stringify(list)).not.toContain('s3cret');
  });

  it('filters by area, make, reason, state, tag and text, and pages', async () => {
    expect(ids(await wall('?area=jinan'))).toEqual(['c', 'b', 'a', 'd']);
    expect(ids(await wall('?make=Acme'))).toEqual(['b', 'a']);
    expect(ids(await wall('?reason=camera-unauthorised'))).toEqual(['b']);
    expect(ids(await wall('?state=live&area=g1'))).toEqual(['a']);
    expect(ids(await wall('?tag=yard'))).toEqual(['b']);
    expect(ids(await wall(`?text=${encodeURIComponent('北')}`))).toEqual(['c']);
    const page = await wall('?limit=2&offset=1');
    expect([ids(page), page.matching]).toEqual([['b', 'a'], 5]);
    expect((await wall('?state=down')).totals.cameras).toBe(5);
  });

  it('shows nobody what is outside their areas, in list, history, pictures and CSV', async () => {
    const token = await api.enrol('zibo-only', ['engineer'], ['zibo']);
    expect(ids(await wall('', token))).toEqual(['e']);
    expect((await wall('', token)).makes).toEqual([]);
    for (const path of ['camera-health?area=jinan', 'camera-health/history?area=g1', 'camera-health.csv?area=g1'])
      expect((await api.ask('GET', `/api/v1/${path}`, { token })).status).toBe(404);
    const history = (await api.ask('GET', '/api/v1/camera-health/history?camera=a,e', { token })).body as CameraHistory;
    expect(ids(history)).toEqual(['e']);
    for (const path of ['camera-health.csv', 'camera-health/history.csv']) {
      const { text } = await api.ask('GET', `/api/v1/${path}`, { token });
      expect(text).toContain('Far');
      expect(text).not.toContain('Gate A');
    }
    const pictures = await api.ask('GET', '/api/v1/camera-health/pictures?camera=a,e', { token });
    expect(pictures).toMatchObject({ status: 200, body: { pictures: [] } });
  });

  const twoHours = `from=${nowMs - 120 * MINUTE_MS}&to=${nowMs}`;

  it('knows how available each camera, area and day was, and does not take the unknown for either', async () => {
    const answer = await api.ask('GET', `/api/v1/camera-health/history?${twoHours}&area=jinan&steps=8`);
    const history = answer.body as CameraHistory;
    const byId = new Map(history.cameras.map((camera) => [camera.camera, camera]));
    expect(byId.get('a')!.availability).toBe(1);
    expect(byId.get('b')!.availability).toBeCloseTo(0.5, 2);
    // 29 minutes live with a minute that the word holds, an hour that nobody knows, 30 minutes down.
    expect(byId.get('c')).toMatchObject({ downS: 30 * 60, unknownS: 60 * 60 });
    expect(byId.get('c')!.availability).toBeCloseTo(0.5, 2);
    expect(byId.get('a')!.strip).toBe('llllllll');
    expect(byId.get('b')!.strip).toBe('lllldddd');
    expect(byId.get('c')!.strip).toBe('lluuuudd');
    expect(history.areas.map(({ area, cameras }) => [area, cameras])).toEqual([
      ['jinan', 4],
      ['g1', 4],
    ]);
    // (120 + 60 + 30) live of (120 + 120 + 60) that were known and wanted.
    expect(history.areas[0]!.availability).toBeCloseTo(210 / 300, 2);
    const seconds = history.days.reduce((sum, day) => sum + day.liveS + day.downS + day.unknownS + day.disabledS, 0);
    expect(seconds).toBeCloseTo(4 * 7200, -1);
  });

  it('tells the intervals of a few cameras, each with its reason', async () => {
    const answer = await api.ask('GET', `/api/v1/camera-health/history?${twoHours}&camera=c&intervals=true`);
    const history = answer.body as CameraHistory;
    expect(history.cameras[0]!.intervals!.map(({ condition, reason }) => [condition, reason])).toEqual([
      ['live', ''],
      ['unknown', ''],
      ['down', 'camera-timed-out'],
    ]);
  });

  it('cuts days where the asker has them', async () => {
    const days = async (offset: number) => {
      const query = `from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&utcOffsetMin=${offset}`;
      const answer = await api.ask('GET', `/api/v1/camera-health/history?${query}`);
      return (answer.body as CameraHistory).days.map(({ day }) => day);
    };
    expect(await days(0)).toEqual(['2026-03-01']);
    expect(await days(480)).toEqual(['2026-03-01', '2026-03-02']);
  });

  it('is exported as CSV that opens in Chinese and holds no formula', async () => {
    const answer = await api.ask('GET', '/api/v1/camera-health.csv');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toMatch(/attachment; filename="camera-health-.*\.csv"/);
    const rows = parse(answer.text, { columns: true, bom: true }) as Record<string, string>[];
    expect(rows.map(({ camera }) => camera)).toEqual(['c', 'b', 'a', 'e', 'd']);
    expect(rows[0]).toMatchObject({ name: '北门', state: 'down', reason: 'camera-timed-out', make: 'Bolt' });
    expect(rows[1]!.name).toBe("'=cmd()");
    const history = await api.ask('GET', `/api/v1/camera-health/history.csv?${twoHours}&camera=b&rows=intervals`);
    const intervals = parse(history.text, { columns: true, bom: true }) as Record<string, string>[];
    expect(intervals.map(({ condition, seconds }) => [condition, seconds])).toEqual([
      ['live', '3600'],
      ['down', '3600'],
    ]);
  });

  it('refuses what cannot be meant', async () => {
    for (const query of ['camera=NO', 'from=5', 'steps=100000', 'unknown=1', 'from=2026-02-01&to=2026-01-01'])
      expect((await api.ask('GET', `/api/v1/camera-health/history?${query}`)).status).toBe(400);
    expect((await api.ask('GET', '/api/v1/camera-health?state=sleepy')).status).toBe(400);
  });
});
