/** Commands of calibration, masks and tables as a person types them, against a real API, store and analytics. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stillOf } from '#demo/rtsp/still.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { HeightCheck } from '#models/schema/calibration-check.ts';
import { DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { type Broker, ensureStream, openBroker } from '#system/broker.ts';
import { ROOT_DIR } from '#system/config.ts';
import { areaOf, childOf, messageOf, publish, SQUARE, sightingAt } from '#test/analytics/counting-site.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { HEIGHT_M, pinholeAt } from '#test/models/registry/pinhole.ts';
import { testLogger, until } from '#test/site/site.ts';
import { runCli } from './run-cli.ts';

const [LON, LAT] = SQUARE.toDegrees(0, 0);
const plane = tangentPlane(LON, LAT);
const AREAS = [
  areaOf('jinan', 'city', null, 5000),
  areaOf('g1', 'grid', 'jinan', 100),
  areaOf('g2', 'grid', 'jinan', 90),
];
const iso = (atMs: number) => new Date(atMs).toISOString();
const LEFT_HALF = [
  [0, 0],
  [0.5, 0],
  [0.5, 1],
  [0, 1],
];

/** Each is a process of its own, on machines that do more than this. */
describe('commands of the ground', { timeout: 120_000 }, () => {
  const nowMs = Date.now();
  let api: ApiSite;
  let broker: Broker;
  let folder: string;
  const cli = (...args: string[]) => runCli(api, args);
  const file = (name: string, content: string | Uint8Array) => {
    const path = resolve(folder, name);
    writeFileSync(path, content);
    return path;
  };

  beforeAll(async () => {
    folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-ground-'));
    api = await startApi({ batchMs: 200 });
    broker = await openBroker(api.config, 'site', { logger: testLogger, name: 'test' });
    await api.site.children.start(childOf(api.site, 'store', 'analytics/store/main.ts'));
    await api.site.children.start(childOf(api.site, 'analytics', 'analytics/main.ts'));
    await ensureStream(broker, DETECTIONS_STREAM);
    const features = AREAS.map(({ geometry, version: _, ...properties }) => ({
      type: 'Feature',
      properties,
      geometry,
    }));
    await api.ask('PUT', '/api/v1/areas', { body: { type: 'FeatureCollection', features } });
    const camera = {
      id: 'gate',
      name: 'Gate',
      url: 'rtsp://127.0.0.1/x',
      position: { lon: LON, lat: LAT },
      isEnabled: false,
      area: 'g1',
    };
    await api.ask('POST', '/api/v1/cameras', { body: camera });
  });
  afterAll(async () => {
    await broker?.[Symbol.asyncDispose]();
    await api?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('camera mask', () => {
    it('draws where not to look and where things stand, and takes them away again', async () => {
      const rings = file('rings.json', JSON.stringify([LEFT_HALF]));
      const masked = await cli('camera', 'mask', 'gate', '--privacy', rings, '--ground', rings);
      expect(masked).toMatchObject({ code: 0, err: '' });
      expect(masked.out).toBe('gate masked; It is switched off: nothing runs that could take it up.\n');
      expect(api.context.cameras.get('gate')).toMatchObject({ privacyMasks: [LEFT_HALF], groundMask: [LEFT_HALF] });
      expect((await cli('camera', 'mask', 'gate', '--clear', 'both')).code).toBe(0);
      const { privacyMasks, groundMask } = api.context.cameras.get('gate') ?? {};
      expect([privacyMasks, groundMask]).toEqual([undefined, undefined]);
    });

    it.each([
      ['--privacy', '[[[0, 0], [1, 1]]]', /privacyMasks.*invalid-value/s],
      ['--ground', 'here', /drawn\.json is no readable JSON file/],
    ])('refuses %s %s, and says what it wants', async (option, content, said) => {
      const refused = await cli('camera', 'mask', 'gate', option, file('drawn.json', content));
      expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringMatching(said) });
    });
  });

  describe('camera calibration-check', () => {
    const check = (...args: string[]) => cli('camera', 'calibration-check', 'gate', ...args);
    const calibrate = (heightM: number) =>
      api.ask('PUT', '/api/v1/cameras/gate/calibration', {
        body: {
          viewpoint: {
            ...{ lon: LON, lat: LAT, heightM, headingDeg: 0, tiltDeg: 20, rollDeg: 0 },
            ...{ fieldOfViewDeg: 60, aspect: 16 / 9 },
          },
        },
      });

    function boxOf(east: number, north: number, track: string) {
      const [foot, head] = [pinholeAt(plane, east, north), pinholeAt(plane, east, north, 1.7)];
      const [height, width] = [foot.y - head.y, (foot.y - head.y) * (9 / 16) * 0.4];
      const box: [number, number, number, number] = [foot.x - width / 2, head.y, width, height];
      return { ...sightingAt(0, 0, { track, score: 0.9 }), box };
    }

    beforeAll(() => calibrate(HEIGHT_M));

    it('does not know before people were seen, and exits with 1', async () => {
      expect(await check()).toMatchObject({ code: 1, out: expect.stringMatching(/not known: 0 samples of 0 people/) });
    });

    it('draws how tall people look along the picture, and says "good" with exit code 0', async () => {
      const looks = Array.from({ length: 60 }, (_, index) =>
        messageOf({
          ...{ camera: 'gate', sequence: index + 1, capturedAtMs: nowMs - 60_000 + index * 200 },
          sightings: [
            boxOf(-2, 14 + index * 0.6, 'walker000001'),
            boxOf(5, 50 - index * 0.5, `passer${String(index % 12).padStart(6, '0')}`),
          ],
        }),
      );
      await publish(broker, looks);
      const heights = '/api/v1/cameras/gate/calibration/heights';
      const samples = async () => ((await api.ask('GET', heights)).body as HeightCheck).samples;
      await until('the people are stored', async () => (await samples()) >= 60);
      const said = await check();
      expect(said).toMatchObject({ code: 0, err: '' });
      expect(said.out).toMatch(/distance m +height m +half of all +people/);
      expect(said.out).toMatch(/ 1\.\d\d +1\.\d\d to 1\.\d\d +\d+ +#{24,30}\n/);
      expect(said.out).toMatch(/good: people are 1\.[67]\d m tall, near and far\n$/);
    });

    it('measures a walk against its path', async () => {
      const coordinates = [plane.toDegrees(-2, 12), plane.toDegrees(-2, 60)];
      const line = { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } };
      const path = file('walk.geojson', JSON.stringify(line));
      const walked = await check('--walk', path, '--from', iso(nowMs - 120_000), '--to', iso(nowMs));
      expect(walked).toMatchObject({ code: 0, err: '' });
      expect(walked.out).toMatch(
        /^track walker000001: \d+ places, 0\.0\d m beside the path \(median\), 0\.\d\d m at worst/,
      );
    });

    it('says what is wrong where the camera hangs lower than it was said to', async () => {
      await calibrate(HEIGHT_M * 1.3);
      const said = await check();
      expect(said).toMatchObject({ code: 1, err: '' });
      expect(said.out).toMatch(
        /people look \d+ % too tall: the height or the scale is off\n {2}it would fit with .* lower/,
      );
    });
  });

  describe('totals import and table', () => {
    const HEAD = 'area,figure,value,as_of,source\n';

    it('reads a sheet with a dry run first, and says again that nothing changed', async () => {
      const sheet = file(
        'totals.csv',
        `${HEAD}g1,population,"1,150",2026-01-31,census\ng1,households,410,2026-01-31,census\n`,
      );
      const trial = await cli('totals', 'import', sheet, '--dry-run');
      expect(trial).toMatchObject({
        code: 0,
        err: '',
        out: 'dry run, nothing is written: 2 totals added, 0 changed, 0 as before; 1 area\n',
      });
      expect(api.context.totals.list()).toEqual([]);
      expect((await cli('totals', 'import', sheet)).out).toBe('2 totals added, 0 changed, 0 as before; 1 area\n');
      expect((await cli('totals', 'import', sheet)).out).toBe('0 totals added, 0 changed, 2 as before; 0 areas\n');
    });

    it('refuses a sheet with wrong rows, and names them in their order', async () => {
      const wrong = file('wrong.csv', `${HEAD}g9,population,5,2026-01-31,x\ng1,shops,few,2026-01-31,x\n`);
      const trial = await cli('totals', 'import', wrong, '--dry-run');
      expect(trial).toMatchObject({ code: 1, err: '' });
      expect(trial.out).toMatch(/row 2, area: .*\nrow 3, value: .*\n2 problems: nothing would be imported/);
    });

    it('prints the figures of an area with source and age, those of areas below added up, and as CSV', async () => {
      const own = await cli('table', 'g1');
      expect(own).toMatchObject({ code: 0, err: '' });
      expect(own.out).toMatch(/^g1 \(g1\), \d{4}-\d\d-\d\dT\d\d:\d\d to /);
      expect(own.out).toMatch(/people +population +1150 +people +census +2026-01-31/);
      const city = await cli('table', 'jinan');
      expect(city.out).toMatch(/population +1150 +people +sum of 1 of 2 areas below: census/);
      const csv = await cli('table', 'jinan', '--csv');
      expect(csv.out.split('\n').filter((line) => line.includes('population')).length).toBeGreaterThanOrEqual(2);
    });
  });

  it('detect --mask finds nothing in what is blanked, and the same elsewhere', async () => {
    const picture = file('picture.jpg', await stillOf(resolve(ROOT_DIR, 'demo/clips/square-main.mp4'), 0));
    const boxes = async (...args: string[]) => {
      const { code, out, err } = await cli('detect', picture, '--score-min', '0.3', ...args);
      expect([code, err]).toEqual([0, '']);
      return (JSON.parse(out).detections as { box: number[] }[]).map(
        ({ box: [x = 0, , width = 0] }) => [x, x + width] as const,
      );
    };
    const [all, rest] = [await boxes(), await boxes('--mask', file('left.json', JSON.stringify([LEFT_HALF])))];
    const isLeft = ([, to]: readonly [number, number]) => to < 0.5;
    const isRight = ([from]: readonly [number, number]) => from > 0.52;
    expect(all.filter(isLeft).length).toBeGreaterThan(0);
    expect(rest.filter(isLeft)).toEqual([]);
    expect(rest.filter(isRight).length).toBe(all.filter(isRight).length);
  });
});
