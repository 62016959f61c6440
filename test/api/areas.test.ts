import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiSite, startApi } from './api-site.ts';

const square = (lon: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [lon, 36],
      [lon + 0.01, 36],
      [lon + 0.01, 36.01],
      [lon, 36.01],
      [lon, 36],
    ],
  ],
});
const bowTie = {
  type: 'Polygon',
  coordinates: [
    [
      [117, 36],
      [117.01, 36.01],
      [117.01, 36],
      [117, 36.01],
      [117, 36],
    ],
  ],
};
const feature = (properties: Record<string, unknown>, geometry: unknown = square(117)) => ({
  type: 'Feature',
  properties,
  geometry,
});
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features });

const CITY = feature({ id: 'jinan', name: '济南', level: 'city' });
const DISTRICT = feature({ id: 'lixia', name: '历下', level: 'district', parent: 'jinan' });

describe('importing areas', () => {
  let api: ApiSite;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const put = (body: unknown, query = '') => api.ask('PUT', `/api/v1/areas${query}`, { body });

  it('writes nothing in a dry run, and everything otherwise, children before parents or not', async () => {
    expect(await put(collection(DISTRICT, CITY), '?dryRun=true')).toMatchObject({
      status: 200,
      body: { imported: 2, problems: [] },
    });
    expect(api.context.areas.list()).toEqual([]);
    expect(await put(collection(DISTRICT, CITY))).toMatchObject({ status: 200, body: { imported: 2, problems: [] } });
    expect((await api.ask('GET', '/api/v1/areas/lixia')).body).toMatchObject({
      type: 'Feature',
      properties: { id: 'lixia', name: '历下', level: 'district', parent: 'jinan' },
      geometry: square(117),
    });
  });

  it('counts a version up only for what changed', async () => {
    const renamed = feature({ id: 'lixia', name: '历下区', level: 'district', parent: 'jinan' });
    expect((await put(collection(CITY, renamed))).body).toMatchObject({ imported: 2 });
    expect(api.context.areas.list().map(({ id, version }) => [id, version])).toEqual([
      ['jinan', 1],
      ['lixia', 2],
    ]);
  });

  it('refuses the whole file where one feature is faulty, and names every fault of every feature', async () => {
    const faulty = collection(
      feature({ id: 'good', name: 'good', level: 'grid', parent: 'lixia' }),
      feature({ id: 'bow', name: 'bow', level: 'grid', parent: 'lixia' }, bowTie),
      feature({ id: 'orphan', name: 'orphan', level: 'grid', parent: 'lixai' }),
      feature({ id: 'upside', name: 'upside', level: 'city', parent: 'lixia' }),
      feature({ id: 'Bad Id', name: 'x', level: 'grid', parent: 'lixia' }),
      feature({ nmae: 'x', id: 'no-name', level: 'gird' }),
      feature({ id: 'twice', name: 'a', level: 'grid', parent: 'good' }),
      feature({ id: 'twice', name: 'b', level: 'grid', parent: 'lixia', households: -1 }),
      feature({ id: 'twice', name: 'c', level: 'grid', parent: 'lixia' }),
    );
    const refused = await put(faulty);
    expect(refused).toMatchObject({ status: 422, body: { code: 'polygon-invalid', imported: 0 } });
    const { problems } = refused.body as { problems: { id: string; message: string }[] };
    const said = problems.map(({ id, message }) => `${id}: ${message}`).join('\n');
    expect(said).toMatch(/bow: outer ring crosses itself at 117\.005000, 36\.005000/);
    expect(said).toContain('orphan: its parent "lixai" is not there; did you mean "lixia"?');
    expect(said).toContain('upside: a city has no parent');
    expect(said).toMatch(/Bad Id: id must match pattern/);
    expect(said).toContain('no-name: the property "name" is missing; did you mean it by "nmae"?');
    expect(said).toContain('no-name: the level "gird" is none of city, district, street, village, grid');
    expect(said).toContain('twice: this id stands in more than one feature');
    expect(said).toContain('twice: its parent "good" is a grid, which is not above a grid');
    expect(said).toMatch(/twice: households must be >= 0/);
    expect(api.context.areas.get('good')).toBeUndefined();
    const trial = await put(faulty, '?dryRun=true');
    expect(trial).toMatchObject({ status: 200, body: { imported: 0, problems } });
  });

  it('refuses what is no FeatureCollection', async () => {
    expect((await put({ type: 'Feature' })).status).toBe(400);
    expect((await put(collection())).status).toBe(400);
  });

  it('moves the area path of a camera when its area moves', async () => {
    await api.ask('POST', '/api/v1/cameras', {
      body: { id: 'gate', name: 'gate', url: 'rtsp://127.0.0.1/x', area: 'lixia' },
    });
    expect((await api.ask('GET', '/api/v1/cameras/gate')).body).toMatchObject({
      areaPath: ['jinan', 'lixia', '_', '_', '_'],
    });
    await put(
      collection(
        feature({ id: 'zibo', name: 'zibo', level: 'city' }, square(118)),
        feature({ id: 'lixia', name: 'x', level: 'district', parent: 'zibo' }),
      ),
    );
    expect((await api.ask('GET', '/api/v1/cameras/gate')).body).toMatchObject({
      areaPath: ['zibo', 'lixia', '_', '_', '_'],
    });
  });

  it('tell which of them holds a place, to those who may see it', async () => {
    const areaAt = (lon: number, token?: string) =>
      api.ask('GET', `/api/v1/area-at?lon=${lon}&lat=36.005`, token === undefined ? {} : { token });
    await put(collection(CITY, DISTRICT));
    expect((await areaAt(117.005)).body).toEqual({ area: 'lixia' });
    expect((await areaAt(90)).body).toEqual({ area: null });
    const neighbour = await api.enrol('neighbour', ['engineer'], ['zibo']);
    expect((await areaAt(117.005, neighbour)).body).toEqual({ area: null });
    expect((await api.ask('GET', '/api/v1/area-at?lon=117')).status).toBe(400);
  });
});
