/** One table of an area, from sheets of totals, the registry and what cameras saw, to rows in SQL. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayAt } from '#api/table/imported.ts';
import type { AreaTable } from '#models/schema/area-table.ts';
import type { TotalsOutcome } from '#models/schema/total.ts';
import { DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { type Broker, ensureStream, openBroker } from '#system/broker.ts';
import { areaOf, calibrationOf, childOf, messageOf, publish, sightingAt } from '#test/analytics/counting-site.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';

const asFeature = ({ geometry, version: _version, ...properties }: ReturnType<typeof areaOf>) => ({
  type: 'Feature',
  properties,
  geometry,
});

/** `区域,指标,数值,日期,来源` and two rows, as a Chinese spreadsheet saves it: in GBK. */
const GBK = Buffer.from(
  'c7f8d3f22cd6b8b1ea2ccafdd6b52cc8d5c6da2cc0b4d4b40a67312cb3a3d7a1c8cbbfda2c313230302c323032362d30312d33312cbdd6b5c00a',
  'hex',
);

describe('one table', () => {
  let api: ApiSite;
  let broker: Broker;
  const atMs = Date.now() - 10 * 60_000;
  const today = dayAt(Date.now(), 'Asia/Shanghai');
  beforeAll(async () => {
    api = await startApi({ batchMs: 200 });
    broker = await openBroker(api.config, 'site', { logger: testLogger, name: 'test' });
    await api.site.children.start(childOf(api.site, 'store', 'analytics/store/main.ts'));
    await api.site.children.start(childOf(api.site, 'analytics', 'analytics/main.ts'));
    await ensureStream(broker, DETECTIONS_STREAM);
    const areas = [areaOf('jinan', 'city', null, 5000), areaOf('g1', 'grid', 'jinan', 100)];
    const features = areas.map(asFeature);
    await api.ask('PUT', '/api/v1/areas', { body: { type: 'FeatureCollection', features } });
  });
  afterAll(async () => {
    await broker[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  const send = (csv: string, query = '') => api.ask('POST', `/api/v1/totals/import${query}`, { body: { csv } });
  const table = async (area: string, query = '') =>
    (await api.ask('GET', `/api/v1/areas/${area}/table${query}`)).body as unknown as AreaTable;
  const cell = (read: AreaTable, figure: string, index = 0) =>
    read.rows.find((row) => row.figure === figure)?.cells[index];
  const HEAD = 'area,figure,value,as_of,source\n';

  it('refuses a sheet of persons as a whole, by its headers and by what stands in it, and repeats nothing of it', async () => {
    const named = await send('姓名,area,figure,value,as_of,source\n张三,g1,population,1,2026-01-01,x\n');
    expect(named).toMatchObject({
      status: 422,
      body: { code: 'personal-record', detail: expect.stringContaining('姓名') },
    });
    expect(named.text).not.toContain('张三');
    const numbered = await send(`${HEAD}g1,population,1,2026-01-01,11010519491231002X\n`);
    expect(numbered).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('row 2, column "source"') },
    });
    expect(numbered.text).not.toContain('11010519491231002X');
    expect(await send(`${HEAD}g1,population,13800138000,2026-01-01,x\n`)).toMatchObject({ status: 422 });
    expect(api.context.totals.list()).toEqual([]);
  });

  it('names every row that is wrong, and imports all or nothing', async () => {
    const csv = `${HEAD}g1,population,many,2026-01-01,x\nnowhere,shops,3,2026-01-01,x\ng1,cats,3,2026-02-30,x\ng1,shops,3,2026-01-01,x\n`;
    const trial = (await send(csv, '?dryRun=true')).body as unknown as TotalsOutcome;
    expect(trial.problems.map(({ row, column }) => `${row} ${column}`).sort()).toEqual([
      '2 value',
      '3 area',
      '4 as_of',
      '4 figure',
    ]);
    expect(await send(csv)).toMatchObject({ status: 400, body: { detail: expect.stringContaining('row 2, value') } });
    expect(await send('a,b\n1,2\n')).toMatchObject({ status: 422, body: { code: 'totals-unreadable' } });
    expect(api.context.totals.list()).toEqual([]);
  });

  it('takes totals in English and Chinese, adds up days, and says how old each is', async () => {
    const csv = `${HEAD}g1,residents,"1,150",2025-12-31,street office\ng1,events-reported,3,${today},city management\ng1,上报事件,2,2020-01-01,city management\n`;
    expect(await send(csv, '?dryRun=true')).toMatchObject({
      status: 200,
      body: { added: 3, areas: 1, isDryRun: true },
    });
    expect(api.context.totals.list()).toEqual([]);
    expect(await send(csv)).toMatchObject({ status: 200, body: { added: 3 } });
    expect(await send(csv)).toMatchObject({ status: 200, body: { added: 0, unchanged: 3 } });
    const sheet = await fetch(`${api.url}/api/v1/totals/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.adminToken}`, 'content-type': 'text/csv' },
      body: GBK,
    });
    expect(await sheet.json()).toMatchObject({ added: 1 });
    const read = await table('g1');
    expect(cell(read, 'population')).toEqual({ value: 1200, source: '街道', asOf: '2026-01-31', observedShare: null });
    expect(cell(read, 'events-reported')).toMatchObject({ value: 3, asOf: today });
    expect(
      cell(await table('g1', '?from=2019-12-31T00:00:00Z&to=2020-01-03T00:00:00Z'), 'events-reported')?.value,
    ).toBe(2);
    expect(cell(await table('g1', '?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z'), 'population')?.value).toBe(
      1150,
    );
  });

  it('adds up what stands below, says of how many, and lists the areas below beside it', async () => {
    const read = await table('jinan');
    expect(read.areas.map(({ id }) => id)).toEqual(['jinan', 'g1']);
    expect(cell(read, 'population')).toMatchObject({ value: 1200, parts: { known: 1, all: 1 } });
    expect(cell(read, 'shops')?.value).toBeNull();
    expect(cell(read, 'grids')?.value).toBe(1);
    expect(cell(read, 'ground')?.value).toBeGreaterThan(cell(read, 'ground', 1)?.value ?? 0);
  });

  it('tells the areas below by parts, says how many there are, and has all of them in the CSV', async () => {
    const more = ['g2', 'g3', 'g4'].map((id, index) => {
      const { geometry, ...grid } = areaOf(id, 'grid', 'jinan', 10);
      const ring = geometry.coordinates[0] as [number, number][];
      return asFeature({
        ...grid,
        geometry: { type: 'Polygon', coordinates: [ring.map(([lon, lat]) => [lon + 0.01 * (index + 1), lat])] },
      } as never);
    });
    const features = [areaOf('jinan', 'city', null, 5000), areaOf('g1', 'grid', 'jinan', 100)].map(asFeature);
    const body = { type: 'FeatureCollection', features: [...features, ...more] };
    expect((await api.ask('PUT', '/api/v1/areas', { body })).status).toBe(200);
    await until('the areas are known', async () => (await table('jinan')).below.all === 4);
    expect((await table('jinan')).below).toEqual({ skipped: 0, told: 4, all: 4 });
    const second = await table('jinan', '?skip=2&limit=1');
    expect(second.areas.map(({ id }) => id)).toEqual(['jinan', 'g3']);
    expect(second.below).toEqual({ skipped: 2, told: 1, all: 4 });
    expect(cell(second, 'grids')?.value).toBe(4);
    expect((await table('jinan', '?skip=9')).below).toEqual({ skipped: 4, told: 0, all: 4 });
    const { text } = await api.ask('GET', '/api/v1/areas/jinan/table.csv');
    expect(['g1', 'g2', 'g3', 'g4'].filter((id) => text.includes(`\n${id},${id},grid,`))).toHaveLength(4);
  });

  it('holds what cameras saw, and writes the totals where SQL sees them', async () => {
    await api.ask('POST', '/api/v1/cameras', {
      body: { id: 'gate-3', name: 'gate-3', url: 'rtsp://127.0.0.1/x', area: 'g1' },
    });
    await api.ask('PUT', '/api/v1/cameras/gate-3/calibration', { body: { points: calibrationOf('gate-3').points } });
    const sql = async (query: string) =>
      JSON.parse((await api.ask('POST', '/api/v1/sql', { body: { query } })).text.trim().split('\n')[0] ?? '{}');
    await until('the coverage is written', async () => Number((await sql('select count() as n from coverage')).n) > 20);
    const looks = Array.from({ length: 50 }, (_, index) =>
      messageOf({
        camera: 'gate-3',
        sequence: index + 1,
        capturedAtMs: atMs + index * 200,
        areaPath: ['jinan', '_', '_', '_', 'g1'],
        sightings: [sightingAt(0.5, 0.6, { track: 'walker000001' })],
      }),
    );
    await publish(broker, looks);
    await until('the people are in the table', async () => cell(await table('g1'), 'person-tracks')?.value === 1);
    const read = await table('g1');
    expect(cell(read, 'person-presence')).toMatchObject({ value: 0, source: 'cameras' });
    const share = cell(read, 'person-presence')?.observedShare ?? 0;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.01);
    expect(cell(read, 'cameras')?.value).toBe(1);
    expect(
      await sql("select value, source from area_totals final where figure = 'population' order by as_of desc"),
    ).toEqual({
      value: 1200,
      source: '街道',
    });
  });

  it('comes as CSV, and only for areas in one’s own scope', async () => {
    const csv = await api.ask('GET', '/api/v1/areas/jinan/table.csv');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.text).toContain('g1,g1,grid,people,population,1200,people,imported,街道,2026-01-31');
    const officer = await api.enrol('officer-1', ['officer'], ['g1']);
    expect((await api.ask('GET', '/api/v1/areas/g1/table', { token: officer })).status).toBe(200);
    expect((await api.ask('GET', '/api/v1/areas/jinan/table', { token: officer })).status).toBe(404);
    expect((await api.ask('POST', '/api/v1/totals/import', { token: officer, body: { csv: HEAD } })).status).toBe(403);
  });
});
