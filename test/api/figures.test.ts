import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AreaFigures, HeatCell, HeatMap } from '#models/schema/heat-map.ts';
import type { HealthReport } from '#models/schema/site-view.ts';
import type { Summary } from '#models/schema/summary.ts';
import type { Why } from '#models/schema/why.ts';
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

describe('figures, from messages of a camera to the answer of the API', () => {
  let api: ApiSite;
  let broker: Broker;
  const atMs = Date.now() - 10 * 60_000;
  beforeAll(async () => {
    api = await startApi({ batchMs: 200 });
    broker = await openBroker(api.config, 'site', { logger: testLogger, name: 'test' });
  });
  afterAll(async () => {
    await broker[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  const get = (path: string, token = api.adminToken) => api.ask('GET', `/api/v1${path}`, { token });
  const busy = async (path: string, token?: string) =>
    ((await get(path, token)).body as HeatMap).cells.filter(({ value }) => (value ?? 0) > 0);
  const sql = (query: string, format?: string) =>
    api.ask('POST', '/api/v1/sql', { body: { query, ...(format === undefined ? {} : { format }) } });

  it('say that the store does not answer, or has no tables yet, instead of showing nothing', async () => {
    for (const path of ['/heat-map', '/summary']) {
      expect(await get(path)).toMatchObject({
        status: 503,
        body: { code: 'store-unreachable', cure: expect.stringContaining('CLICKHOUSE_URL') },
      });
    }
    expect(await sql('select 1')).toMatchObject({ status: 503, body: { code: 'store-unreachable' } });
    await api.site.children.start(childOf(api.site, 'store', 'analytics/store/main.ts'));
    expect(await get('/heat-map')).toMatchObject({ status: 503, body: { detail: 'the store has no tables yet' } });
    await api.site.children.start(childOf(api.site, 'analytics', 'analytics/main.ts'));
    await ensureStream(broker, DETECTIONS_STREAM);
    expect(await get('/heat-map')).toMatchObject({
      status: 200,
      body: { cells: [], measure: 'presence', resolution: 12 },
    });
  });

  it('show in a heat map where the people stood, for the area that was asked for', async () => {
    const features = [areaOf('jinan', 'city', null, 5000), areaOf('g1', 'grid', 'jinan', 100)].map(asFeature);
    features.push(
      asFeature({ ...areaOf('zibo', 'city', null, 10), geometry: areaOf('zibo', 'city', null, 10).geometry }),
    );
    expect((await api.ask('PUT', '/api/v1/areas', { body: { type: 'FeatureCollection', features } })).status).toBe(200);
    await api.ask('POST', '/api/v1/cameras', {
      body: { id: 'gate-3', name: 'gate-3', url: 'rtsp://127.0.0.1/x', area: 'g1' },
    });
    const { points } = calibrationOf('gate-3');
    expect((await api.ask('PUT', '/api/v1/cameras/gate-3/calibration', { body: { points } })).status).toBe(200);
    await until('the coverage is written', async () => {
      const { text } = await sql('select count() as n from coverage');
      return Number(JSON.parse(text.trim()).n) > 20;
    });
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
    await until('the figures to be there', async () => (await busy('/heat-map?kind=person'))[0]?.value === 10);
    // A foot point has an error: one track may lie in several cells.
    const fine = await busy('/heat-map?kind=person&measure=tracks&resolution=13');
    expect(fine.map(({ value, observedS }) => [value, observedS])).toContainEqual([1, 10]);
    expect(await busy('/heat-map?kind=car')).toEqual([]);
    expect(await busy('/heat-map?bbox=110,30,111,31')).toEqual([]);
    expect(await busy('/heat-map?bbox=117,36,118,37')).toHaveLength(1);
    const from = new Date(atMs - 60_000).toISOString();
    expect(await busy(`/heat-map?from=${from}&to=${atMs + 120_000}`)).toHaveLength(1);
    expect(await busy(`/heat-map?from=${atMs - 7_200_000}&to=${from}`)).toEqual([]);
    const inJinan = await api.enrol('jin', ['officer'], ['jinan']);
    const inZibo = await api.enrol('zi', ['officer'], ['zibo']);
    expect(await busy('/heat-map', inJinan)).toHaveLength(1);
    expect(await get('/heat-map', inZibo)).toMatchObject({ status: 200, body: { cells: [] } });
    expect((await get('/summary', inZibo)).body).toMatchObject({ kinds: [], observedS: 0 });
    expect((await get('/summary?area=g1', inZibo)).status).toBe(404);
    const summary = (await get('/summary?area=g1', inJinan)).body as Summary;
    expect(summary).toMatchObject({ kinds: [{ kind: 'person', presenceS: 10, tracks: 1 }], observedS: 10 });
    expect(summary.series.reduce((sum, { presenceS }) => sum + presenceS, 0)).toBe(10);
  });

  const lately = `from=${atMs - 60_000}&to=${atMs + 120_000}`;

  it('tell all six measures, per cell and per area, of today’s areas too', async () => {
    for (const [measure, value] of [
      ['concurrency', 1],
      ['tracks', 1],
      ['dwell', 10],
      ['speed', 0],
    ] as const) {
      const { body } = await get(`/area-figures?level=grid&kind=person&measure=${measure}&${lately}`);
      const { areas } = body as AreaFigures;
      expect(areas).toMatchObject([{ area: 'g1', name: 'g1', parent: 'jinan', observedS: 10 }]);
      expect(areas[0]!.value).toBeCloseTo(value, 1);
    }
    const figures = async (query: string, token?: string) =>
      ((await get(`/area-figures?kind=person&${lately}&${query}`, token)).body as AreaFigures).areas;
    await until('cells to be divided', async () => (await figures('level=city&division=now'))[0]?.value === 10);
    expect(await figures('level=city&within=g1')).toMatchObject([{ area: 'jinan', value: 10 }]);
    expect(await figures('level=grid', await api.enrol('zibo-eye', ['officer'], ['zibo']))).toEqual([]);
    const compared = `compareFrom=${atMs - 7_200_000}&compareTo=${atMs - 3_600_000}&versus=normal`;
    const [cell] = await busy(`/heat-map?kind=person&${lately}&${compared}`);
    expect(cell).toMatchObject({ value: 10, compareValue: null, compareObservedS: 0, normal: null, departure: null });
    expect(cell!.errorM).toBeGreaterThan(0);
    const hour = Number(
      new Intl.DateTimeFormat('en', { timeZone: 'UTC', hour: 'numeric', hourCycle: 'h23' }).format(atMs),
    );
    const hours = Array.from({ length: 7 }, (_, day) => day * 24 + hour);
    expect(await busy(`/heat-map?${lately}&zone=UTC&weekHours=${hours}`)).toHaveLength(1);
    expect(await busy(`/heat-map?${lately}&zone=UTC&weekHours=${hours.map((one) => (one + 12) % 168)}`)).toEqual([]);
  });

  it('explain a figure to those who may, and say so in the audit log', async () => {
    const [{ cell }] = (await busy('/heat-map?kind=person')) as [HeatCell];
    const why = (await get(`/cells/${cell}/why?kind=person&measure=presence&${lately}`)).body as Why;
    expect(why).toMatchObject({
      cell,
      figures: { presence: 10, tracks: 1, dwell: 10, observedS: 10 },
      cameras: [{ camera: 'gate-3', name: 'gate-3', calibrationVersion: 1, observedS: 10, presenceS: 10 }],
      samples: [{ id: 'walker000001', camera: 'gate-3', kind: 'person' }],
    });
    expect(why.samples[0]!.points).toHaveLength(50);
    expect(JSON.parse((await sql(why.sql)).text)).toEqual({ seconds: 10 });
    expect((await get(`/areas/g1/why?kind=person&${lately}`)).body).toMatchObject({
      area: 'g1',
      figures: { presence: 10 },
    });
    const month = `from=${atMs - 27 * 86_400_000}&to=${atMs + 3_600_000}`;
    const hourly = (await get(`/cells/${cell}/why?kind=person&${month}&step=hour`)).body as Why;
    expect(hourly).toMatchObject({ bucketS: 3600, figures: { presence: 10 } });
    expect(hourly.series.length).toBeGreaterThanOrEqual(27 * 24 + 1);
    expect(hourly.series.reduce((sum, { presenceS }) => sum + presenceS, 0)).toBe(10);
    const inZibo = await api.enrol('zibo-ear', ['officer'], ['zibo']);
    expect((await get(`/areas/g1/why?${lately}`, inZibo)).status).toBe(404);
    expect((await get(`/cells/${cell}/why?${lately}`, inZibo)).body).toMatchObject({ cameras: [], samples: [] });
  });

  it('leave as GeoJSON, CSV and Parquet that other programs read', async () => {
    const path = (format: string, query = '') => `/heat-map/export?format=${format}&kind=person&${lately}${query}`;
    const collection = JSON.parse((await get(path('geojson'))).text) as {
      features: { properties: { value: number; measure: string }; geometry: { type: string } }[];
    };
    const full = collection.features.filter(({ properties }) => properties.value > 0);
    expect(full).toMatchObject([{ properties: { value: 10, measure: 'presence' }, geometry: { type: 'Polygon' } }]);
    const [header, line] = (await get(path('csv', '&level=grid'))).text.split('\n');
    expect(header).toContain('from,to,kind,measure,cell,area,name');
    expect(line).toContain('person,presence,,g1,g1,jinan,,,10,10,');
    const parquet = await fetch(`${api.url}/api/v1${path('parquet')}`, {
      headers: { authorization: `Bearer ${api.adminToken}` },
    });
    const file = resolve(api.config.dataDir, 'figures.parquet');
    writeFileSync(file, Buffer.from(await parquet.arrayBuffer()));
    const duck = await (await DuckDBInstance.create()).connect();
    const rows = await duck.runAndReadAll(`SELECT sum(value), count(*) > 20, any_value(measure) FROM '${file}'`);
    expect(rows.getRows()).toEqual([[10, true, 'presence']]);
    duck.closeSync();
  });

  it('know holidays, which change nothing but what is normal', async () => {
    const days = [
      { day: '2026-10-01', holiday: '国庆节', weather: 'clear' },
      { day: '2026-10-02', holiday: '国庆节' },
    ];
    expect((await api.ask('PUT', '/api/v1/calendar', { body: { days } })).body).toEqual({ written: 2 });
    await api.ask('PUT', '/api/v1/calendar', { body: { days: [{ day: '2026-10-02' }] } });
    expect((await get('/calendar')).body).toEqual({ days: [days[0]] });
    expect((await api.ask('PUT', '/api/v1/calendar', { body: { days: [{ day: '2026-02-30' }] } })).status).toBe(400);
    const week = '/heat-map?from=2026-10-15T00:00:00Z&to=2026-10-16T00:00:00Z&versus=normal';
    expect((await get(week)).body).toMatchObject({
      normal: { weeks: 8, holidays: ['2026-10-01'] },
      zone: 'Asia/Shanghai',
    });
  });

  it.each([
    ['/heat-map?kind=horse', 'query.kind must be one of person, bicycle'],
    ['/heat-map?resolution=3', 'query.resolution must be >= 9'],
    ['/heat-map?bbox=1,2,3', 'query.bbox should be west,south,east,north'],
    ['/heat-map?bbox=118,36,117,37', 'query.bbox should be west,south,east,north'],
    ['/heat-map?from=yesterday', 'query.from should be ISO 8601 or milliseconds, but is "yesterday"'],
    ['/heat-map?from=1772352000', 'query.from should be ISO 8601 or milliseconds'],
    ['/heat-map?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'query.from should be before query.to'],
    ['/heat-map?weekHours=7-170', '"7-170" is no hour or range from 0 to 167'],
    ['/heat-map?weekHours=7&zone=Mars/Olympus', 'there is no time zone "Mars/Olympus"'],
    ['/heat-map?compareFrom=2026-01-01', 'needs both query.compareFrom and query.compareTo'],
    ['/heat-map?versus=normal&from=2026-01-01&to=2026-06-01', 'versus=normal is for at most 35 days'],
    ['/heat-map?public=true', 'public figures are of 1 to 31 whole days that are over'],
    ['/area-figures?level=grid&division=9', 'there is no published version 9 of the division'],
    ['/area-figures?level=grid&within=atlantis', 'there is no area "atlantis"'],
    ['/cells/8a2a1072b59ffff0/why', 'is no H3 cell of resolution 9 to 13'],
    ['/areas/g1/why?step=hour&from=2026-01-01&to=2026-03-01', 'hours are told of 35 days at most'],
    ['/heat-map/export?format=shp', 'query.format must be one of geojson, csv, parquet'],
    ['/summary?from=2020-01-01&to=2026-01-01', 'more than 400 days'],
    ['/summary?aera=g1', 'unknown field "aera" in query, did you mean "area"?'],
    ['/summary?area=atlantis', 'there is no area "atlantis"'],
  ])('refuse %s in words', async (path, words) => {
    const answer = await get(path);
    expect([400, 404]).toContain(answer.status);
    expect((answer.body as { detail: string }).detail).toContain(words);
  });

  it('can be asked for in SQL, in any format, read-only, with the engine’s own message when it is wrong', async () => {
    expect((await sql('select 1 as a, 2 as b')).text).toBe('{"a":1,"b":2}\n');
    expect((await sql('select 1 as a', 'CSVWithNames')).text).toBe('"a"\n1\n');
    expect((await sql('select 1 as a format TSV')).text).toBe('1\n');
    expect((await sql('select count() from sightings', 'PrettyCompactMonoBlock')).text).toContain('50');
    const wrong = await sql('select nothing from sightings');
    expect(wrong).toMatchObject({
      status: 400,
      body: { code: 'query-failed', detail: expect.stringMatching(/nothing/) },
    });
    for (const query of [
      'truncate table sightings',
      'insert into looks select * from looks',
      'drop database sharp_eyes',
    ]) {
      expect((await sql(query)).status).toBe(400);
    }
    expect((await sql('select count() as n from sightings')).text).toMatch(/50/);
    expect(await sql('select 1', 'JsonEachRow')).toMatchObject({
      status: 400,
      body: { code: 'invalid-value', cure: 'Did you mean "JSONEachRow"?' },
    });
    const xml = await sql("select '<script>' as x", 'XML');
    expect(xml).toMatchObject({ status: 200, text: expect.stringContaining('&lt;script>') });
    expect(xml.headers.get('content-type')).toBe('application/octet-stream');
  });

  it('stream out of SQL, and stop the query when the reader goes', async () => {
    const stop = new AbortController();
    const response = await fetch(`${api.url}/api/v1/sql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'select number from numbers(100000000000)' }),
      signal: stop.signal,
    });
    const reading = response.body?.getReader();
    expect((await reading?.read())?.value?.length).toBeGreaterThan(0);
    expect(api.context.streams.open('queries')).toBe(1);
    stop.abort();
    await until('the place to be free again', () => api.context.streams.open('queries') === 0);
    const running = async () =>
      (
        await sql(
          "select count() as n from system.processes where query like '%numbers(1000000%' and query not like '%processes%'",
        )
      ).text;
    await until('the engine to have stopped it', async () => /"n":\s*"?0/.test(await running()));
  });

  it('stand beside the health of every process and their metrics on one page', async () => {
    const health = (await get('/health')).body as HealthReport;
    expect(health.processes.map(({ role }) => role)).toEqual(expect.arrayContaining(['analytics', 'api', 'store']));
    expect(health).toMatchObject({ broker: { isConnected: true, messagesWaiting: 0 }, store: { isReachable: true } });
    expect(health.findings.map(({ message }) => message)).toContain(
      'no ingest process answers: no camera is looked at',
    );
    const page = (await api.ask('GET', '/metrics')).text;
    for (const role of ['api', 'analytics', 'store'])
      expect(page).toMatch(new RegExp(`sharp_eyes_process_cpu_seconds_total\\{.*role="${role}"`));
    const families = [...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(new Set(families).size).toBe(families.length);
    expect(page).toContain('sharp_eyes_http_request_seconds_bucket');
  });
});
