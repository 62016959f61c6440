import gcoordPackage from 'gcoord';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AreaImportAnswer } from '#models/schema/area-import.ts';
import { type ApiSite, startApi } from './api-site.ts';

const gcoord = gcoordPackage as unknown as typeof gcoordPackage.default;
type Place = [number, number];

/** A square of 200 m near the middle of Jinan, `east` squares along. */
function square(east: number): Place[] {
  const [west, south, size] = [117.02 + east * 0.002, 36.66, 0.002];
  return [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ];
}
const asGcj02 = (place: Place) => gcoord.transform(place, gcoord.WGS84, gcoord.GCJ02) as Place;
const asBd09 = (place: Place) => gcoord.transform(place, gcoord.WGS84, gcoord.BD09) as Place;
const swapped = ([lon, lat]: Place): Place => [lat, lon];

const feature = (id: string, ring: Place[], facts: Record<string, unknown> = {}) => ({
  type: 'Feature',
  properties: { id, name: id, level: 'grid', ...facts },
  geometry: { type: 'Polygon', coordinates: [ring] },
});
const EAST = [0, 1, 2, 3];
const city = (turn: (place: Place) => Place = (place) => place) =>
  EAST.map((east) => feature(`g${east}`, square(east).map(turn)));

describe('importing areas in foreign coordinates', () => {
  let api: ApiSite;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const put = (features: unknown[], query = '') =>
    api.ask('PUT', `/api/v1/areas${query}`, { body: { type: 'FeatureCollection', features } });
  const cornerOf = (id: string) => api.context.areas.get(id)!.geometry.coordinates[0]![0] as number[];

  it('converts declared GCJ-02 and BD-09 to within a decimetre', async () => {
    for (const [crs, turn] of [
      ['gcj02', asGcj02],
      ['bd09', asBd09],
    ] as const) {
      expect((await put(city(turn), `?crs=${crs}`)).status).toBe(200);
      for (const east of EAST) {
        const [lon, lat] = cornerOf(`g${east}`);
        expect(Math.abs(lon! - square(east)[0]![0])).toBeLessThan(1e-6);
        expect(Math.abs(lat! - square(east)[0]![1])).toBeLessThan(1e-6);
      }
    }
  });

  it('keeps corners that neighbours share exactly shared', async () => {
    await put(city(asGcj02), '?crs=gcj02');
    const [first, second] = ['g0', 'g1'].map((id) => api.context.areas.get(id)!.geometry.coordinates[0] as number[][]);
    expect(first![1]).toEqual(second![0]);
  });

  it('recognises latitude before longitude, names it, and exchanges them when told', async () => {
    const refused = await put(city(swapped));
    expect(refused).toMatchObject({ status: 422, body: { code: 'polygon-invalid' } });
    expect((refused.body as { detail: string }).detail).toMatch(/latitude before longitude; import it with --swap/);
    expect((await put(city(swapped), '?swap=true')).status).toBe(200);
    expect(cornerOf('g0')[0]).toBeCloseTo(117.02, 6);
  });

  it('names the features of a file in which only some have their axes swapped', async () => {
    const [first, , ...rest] = city();
    const mixed = await put([first, feature('g1', square(1).map(swapped)), ...rest]);
    expect(mixed.status).toBe(422);
    const { problems } = mixed.body as AreaImportAnswer;
    expect(problems[0]).toMatchObject({ id: 'g1', feature: 2, code: 'axes-swapped' });
  });

  it('suspects GCJ-02 aloud where known areas would move as it moves them, until somebody insists', async () => {
    await put(city());
    const suspected = await put(city(asGcj02));
    expect(suspected).toMatchObject({ status: 422, body: { code: 'crs-suspected' } });
    expect((suspected.body as { detail: string }).detail).toMatch(
      /looks like GCJ-02, not WGS-84: the 4 areas that exist already would move by \d{3} m/,
    );
    const dry = (await put(city(asGcj02), '?dryRun=true')).body as AreaImportAnswer;
    expect(dry.warnings[0]?.words.zh).toContain('坐标疑似 GCJ-02');
    const bd = await put(city(asBd09));
    expect((bd.body as { detail: string }).detail).toMatch(/looks like BD-09/);
    const insisted = (await put(city(asGcj02), '?crs=wgs84&dryRun=true')).body as AreaImportAnswer;
    expect(insisted).toMatchObject({ imported: 4, problemCount: 0, warnings: [{ code: 'crs-suspected' }] });
    const turned = await put(city(), '?crs=gcj02&dryRun=true');
    expect((turned.body as AreaImportAnswer).warnings[0]?.words.en).toMatch(/looks like WGS-84, not GCJ-02/);
  });

  it('says nothing where an area was redrawn by some metres', async () => {
    await put(city());
    const moved = city(([lon, lat]) => [lon + 0.0002, lat]);
    expect((await put(moved, '?dryRun=true')).body).toMatchObject({ imported: 4, warnings: [] });
  });

  it('suspects it by cameras that would stand outside of their own area', async () => {
    for (const east of EAST) {
      const [lon, lat] = square(east)[0]!;
      const body = { id: `c${east}`, name: 'c', url: 'rtsp://127.0.0.1/x', area: `g${east}` };
      await api.ask('POST', '/api/v1/cameras', { body: { ...body, position: { lon: lon + 0.001, lat: lat + 0.001 } } });
    }
    for (const east of EAST) await api.context.areas.remove(`g${east}`);
    const suspected = await put(city(asGcj02));
    expect((suspected.body as { detail: string }).detail).toMatch(
      /4 of 4 cameras would stand outside of their own area/,
    );
    expect((await put(city(), '?dryRun=true')).body).toMatchObject({ warnings: [] });
  });

  it('takes foreign names of properties, Chinese ones by themselves, and words for levels', async () => {
    const geometry = { type: 'Polygon', coordinates: [square(9)] };
    const properties = {
      网格编号: 'LX_009',
      名称: '九号',
      层级: '网格',
      户数: '412',
      网格长数: 1,
      专职人数: 2,
      形态: '小区',
    };
    expect((await put([{ type: 'Feature', properties, geometry }])).status).toBe(200);
    const facts = { name: '九号', level: 'grid', households: 412, leaders: 1, fullTimeWorkers: 2, form: 'estate' };
    expect((await api.ask('GET', '/api/v1/areas/lx-009')).body).toMatchObject({ properties: facts });
    const foreign = [{ type: 'Feature', properties: { CODE: 7, TITLE: 'seven', FLATS: 310 }, geometry }];
    const map = encodeURIComponent('id=CODE,name=TITLE,households=FLATS');
    expect((await put(foreign, `?map=${map}&level=grid`)).status).toBe(200);
    expect(api.context.areas.get('7')).toMatchObject({ name: 'seven', households: 310, level: 'grid' });
    const wrong = await put(foreign, `?map=${encodeURIComponent('nmae=TITLE')}`);
    expect((wrong.body as { detail: string }).detail).toMatch(/maps no property.*did you mean "name"/);
  });

  it('refuses names of people where counts are wanted, the antimeridian, and polygons beyond all measure', async () => {
    const far: Place[] = [
      [179, 36],
      [-179, 36],
      [-179, 37],
      [179, 37],
      [179, 36],
    ];
    const many: Place[] = Array.from({ length: 100_002 }, (_, index) => [117 + index / 1e7, 36]);
    const features = [feature('g1', square(1), { leaders: '张三' }), feature('far', far), feature('many', many)];
    const { problems } = (await put(features, '?dryRun=true')).body as AreaImportAnswer;
    const said = problems.map(({ id, message }) => `${id}: ${message}`).join('\n');
    expect(said).toMatch(/g1: leaders must be integer; a count is wanted here, never a person's name/);
    expect(said).toMatch(/far: outer ring, point 2: it crosses the antimeridian/);
    expect(said).toMatch(/many: it has 100002 points, more than 100000: simplify/);
    expect(problems.find(({ id }) => id === 'far')).toMatchObject({ feature: 2, at: [-179, 36] });
    const nothing = [{ type: 'Feature', properties: { id: 'e', name: 'e', level: 'grid' }, geometry: null }];
    const { problems: empty } = (await put(nothing, '?dryRun=true')).body as AreaImportAnswer;
    expect(empty[0]?.message).toMatch(/a Polygon or MultiPolygon is needed, none came/);
  });
});
