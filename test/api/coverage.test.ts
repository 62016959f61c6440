import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { latLngToCell } from 'h3-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyPlaceMap } from '#demo/world/plan/key-places.ts';
import { houseMap } from '#demo/world/plan/map.ts';
import { lonLatAt } from '#demo/world/sight.ts';
import { VIEWS, viewOf } from '#demo/world/views.ts';
import type { CoverageCells, CoverageReport, Suggestion, SuggestionLine } from '#models/schema/coverage.ts';
import { DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { type Broker, ensureStream, openBroker } from '#system/broker.ts';
import { childOf, messageOf, publish, untilAcknowledged } from '#test/analytics/counting-site.ts';
import { runCli } from '#test/cli/run-cli.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';
import { settleCameras } from './covered-city.ts';

/** Of the twelve: enough for a plan, and two of them in the street whose engineer asks. */
const SHOWN = VIEWS.filter(({ id }) => ['square', 'school', 'estate', 'market', 'yard'].includes(id));

describe('coverage of the city, from calibrations and houses to the answer of the API', () => {
  let api: ApiSite;
  let broker: Broker;
  beforeAll(async () => {
    api = await startApi({ batchMs: 200 });
    broker = await openBroker(api.config, 'site', { logger: testLogger, name: 'test' });
    await api.site.children.start(childOf(api.site, 'store', 'analytics/store/main.ts'));
    await api.site.children.start(childOf(api.site, 'analytics', 'analytics/main.ts'));
    await ensureStream(broker, DETECTIONS_STREAM);
    await settleCameras(send, SHOWN);
    await until('every camera has coverage', async () => {
      const { cameras } = await report();
      return cameras.length === SHOWN.length && cameras.every(({ pictureM2 }) => pictureM2 > 0);
    });
  });
  afterAll(async () => {
    await broker[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  async function send(method: string, path: string, body: unknown): Promise<never> {
    const answer = await api.ask(method, `/api/v1${path}`, { body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer.body;
  }
  const put = (path: string, body: unknown): Promise<{ imported: number }> => send('PUT', path, body);
  const get = async <Answer>(path: string, token = api.adminToken): Promise<Answer> => {
    const answer = await api.ask('GET', `/api/v1${path}`, { token });
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    return answer.body;
  };
  const report = (query = '', token = api.adminToken) => get<CoverageReport>(`/coverage${query}`, token);
  async function suggest(body: object, token = api.adminToken): Promise<SuggestionLine[]> {
    const { text } = await api.ask('POST', '/api/v1/coverage/suggestions', { body, token });
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as SuggestionLine);
  }
  const suggestionsOf = (lines: readonly SuggestionLine[]) =>
    lines.flatMap((line): Suggestion[] => ('suggestion' in line ? [line.suggestion] : []));

  it('says of each camera how much ground is in its picture, and that less of it is seen by people’s height', async () => {
    const { cameras, areas, leastPx } = await report();
    for (const { pictureM2, seenM2, hiddenM2 } of cameras) {
      expect(hiddenM2).toBe(0);
      expect(seenM2.day).toBeGreaterThan(500);
      expect(seenM2.day).toBeLessThan(pictureM2);
    }
    expect(leastPx.day).toBeGreaterThan(20);
    const [city] = areas;
    const total = cameras.reduce((sum, { seenM2 }) => sum + seenM2.day, 0);
    expect(city).toMatchObject({ area: 'linjiang', level: 'city', builtM2: 0 });
    expect(city!.areaM2).toBeGreaterThan(600_000);
    expect(city!.seenM2.day).toBeGreaterThan(total * 0.7);
    expect(city!.share.day).toBeCloseTo(city!.seenM2.day / city!.areaM2, 6);
  });

  it('takes houses only with a height and sound outlines, all or none, and hides what stands behind them', async () => {
    const houses = houseMap(VIEWS);
    const bad = { type: 'Feature', properties: { id: 'h1', hight: 12 }, geometry: houses.features[0]!.geometry };
    const refused = await api.ask('PUT', '/api/v1/buildings', {
      body: { ...houses, features: [...houses.features, bad] },
    });
    expect(refused).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('did you mean it by "hight"?') },
    });
    const trial = await put('/buildings?dryRun=true', houses);
    expect(trial.imported).toBe(houses.features.length);
    expect((await report()).buildings).toBe(0);
    expect((await put('/buildings', houses)).imported).toBe(houses.features.length);
    await until('the houses hide ground', async () => {
      const { cameras, buildings } = await report();
      const hiding = cameras.filter(({ hiddenM2 }) => hiddenM2 > 1000);
      return buildings === houses.features.length && hiding.length >= 3;
    });
    const { areas } = await report();
    expect(areas[0]!.builtM2).toBeGreaterThan(50_000);
    expect((await get<{ features: unknown[] }>('/buildings')).features).toHaveLength(houses.features.length);
  });

  it('lists key places worst first, those that no camera sees as blind', async () => {
    const places = keyPlaceMap(VIEWS);
    expect((await put('/key-places', places)).imported).toBe(places.features.length);
    const listed = (await report()).places;
    expect(listed).toHaveLength(places.features.length);
    expect(listed[0]).toMatchObject({ importance: 'high', state: { day: 'blind' }, watched: null, cameras: [] });
    const square = listed.find(({ id }) => id === 'square-square')!;
    expect(square.share.day).toBeGreaterThan(0.2);
    expect(square.cameras).toContain('square');
    const swapped = structuredClone(places.features.at(-1)!);
    (swapped.geometry as { coordinates: number[] }).coordinates.reverse();
    const refused = await api.ask('PUT', '/api/v1/key-places', { body: { ...places, features: [swapped] } });
    expect(refused.body).toMatchObject({ detail: expect.stringContaining('they seem to be exchanged') });
  });

  it('suggests new cameras that see what was blind, the best first, the same at every asking', async () => {
    const lines = await suggest({ cameras: 3, turns: 2 });
    const suggestions = suggestionsOf(lines);
    const added = suggestions.filter(({ kind }) => kind === 'add');
    expect(added).toHaveLength(3);
    expect(lines.at(-1)).toMatchObject({ end: true, isThinned: false, turned: 5, guarantee: 1 - 1 / Math.E });
    expect(added[0]!.places.some(({ before, after }) => before === 0 && after > 0.9)).toBe(true);
    const taken = new Set<string>();
    for (const { gained, gainedM2 } of added) {
      expect(gainedM2).toBeGreaterThan(gained.length * 25);
      for (const cell of gained) expect(taken.size).toBeLessThan(taken.add(cell).size);
    }
    for (const { turnDeg, gainedM2, lostM2, places } of suggestions.filter(({ kind }) => kind === 'turn')) {
      expect(Math.abs(turnDeg!)).toBeLessThanOrEqual(60);
      expect(gainedM2 > lostM2 || places.length > 0).toBe(true);
    }
    expect(suggestionsOf(await suggest({ cameras: 3, turns: 2 }))).toEqual(suggestions);
  });

  it('compares what was planned with what the ledger says was watched, and names what kept a camera', async () => {
    const toMs = Date.now();
    const { version } = await get<{ version: number }>('/cameras/square/calibration');
    const looks = Array.from({ length: 60 }, (_, index) => {
      const watchedFromMs = toMs - 120_000 + index * 1000;
      return messageOf({
        ...{ camera: 'square', sequence: index + 1, capturedAtMs: watchedFromMs, calibrationVersion: version },
        ...{ watchedFromMs, watchedToMs: watchedFromMs + 1000 },
      });
    });
    await publish(broker, looks);
    await untilAcknowledged({ broker });
    const young = (await report()).cameras.find(({ camera }) => camera === 'square')!;
    expect(young).toMatchObject({ watched: null, reason: 'new', isHardlyWatched: false });
    const inAnHour = new Date(toMs + 180_000).toISOString();
    const { cameras } = await report(`?from=${new Date(toMs - 3_600_000).toISOString()}&to=${inAnHour}`);
    const square = cameras.find(({ camera }) => camera === 'square')!;
    expect(square.watched).toBeGreaterThan(0.15);
    expect(square.watched).toBeLessThan(0.5);
    expect(square).toMatchObject({ isHardlyWatched: true, reason: 'unknown' });
    expect(cameras.find(({ camera }) => camera === 'yard')).toMatchObject({ watched: 0, isHardlyWatched: true });
  });

  it('tells cells with what is seen there, and exports them or their union as GeoJSON', async () => {
    const view = viewOf('school');
    const [lon, lat] = lonLatAt(view, { x: 0.5, y: 0.8 })!;
    const bbox = [lon - 1e-3, lat - 1e-3, lon + 1e-3, lat + 1e-3].join(',');
    const { cells } = await get<CoverageCells>(`/coverage/cells?bbox=${bbox}`);
    const near = cells.find(({ cell }) => cell === latLngToCell(lat, lon, 13))!;
    expect(near).toMatchObject({ isSeen: { day: true, night: true }, cameras: 1 });
    expect(near.personPx).toBeGreaterThan(60);
    expect(cells.some(({ hiddenBy }) => hiddenBy === 'building')).toBe(true);
    const all = await api.ask('GET', '/api/v1/coverage/export');
    const collection = JSON.parse(all.text) as { features: { properties: { day: number } }[] };
    expect(all.headers.get('content-disposition')).toContain('coverage-cells.geojson');
    expect(collection.features.length).toBeGreaterThan(1000);
    const union = JSON.parse((await api.ask('GET', '/api/v1/coverage/export?shape=union&at=night')).text) as {
      features: { geometry: { type: string }; properties: { cells: number } }[];
    };
    expect(union.features[0]).toMatchObject({ properties: { light: 'night' }, geometry: { type: 'MultiPolygon' } });
    expect(union.features[0]!.properties.cells).toBeLessThan(collection.features.length);
  });

  it('shows an engineer of a street the own part and nothing beside it, and lets them import nothing', async () => {
    const token = await api.enrol('nanmen-engineer', ['engineer'], ['nanmen']);
    const { areas, cameras, places } = await report('', token);
    expect(areas.map(({ area }) => area)).toContain('nanmen');
    expect(areas.some(({ area }) => area === 'beiyuan' || area === 'linjiang')).toBe(false);
    expect(cameras.length).toBeGreaterThan(0);
    expect(cameras.length).toBeLessThan(SHOWN.length);
    expect(places.length).toBeGreaterThan(0);
    const all = await get<CoverageCells>('/coverage/cells');
    const own = await get<CoverageCells>('/coverage/cells', token);
    expect(own.cells.length).toBeGreaterThan(100);
    expect(own.cells.length).toBeLessThan(all.cells.length / 2);
    expect((await api.ask('GET', '/api/v1/coverage?area=beiyuan', { token })).status).toBe(404);
    expect((await api.ask('PUT', '/api/v1/key-places', { token, body: keyPlaceMap(VIEWS) })).status).toBe(403);
    const lines = await suggest({ cameras: 1, turns: 0 }, token);
    const [one] = suggestionsOf(lines);
    expect(areas.some(({ area }) => area.startsWith('grid-'))).toBe(true);
    const at = await get<{ area: string | null }>(`/area-at?lon=${one!.lon}&lat=${one!.lat}`);
    expect(areas.map(({ area }) => area)).toContain(at.area);
  });

  it('answers the command line: imports, a report that tells of blind places by its exit code, suggestions, GeoJSON', async () => {
    const file = resolve(api.config.dataDir, 'coverage.geojson');
    const run = (...args: string[]) => runCli(api, ['coverage', ...args]);
    writeFileSync(file, JSON.stringify(houseMap(VIEWS)));
    expect(await run('import-buildings', file, '--dry-run')).toMatchObject({
      code: 0,
      out: expect.stringContaining('buildings would be imported'),
    });
    const told = await run('report', '--area', 'nanmen', '--at', 'night');
    expect(told).toMatchObject({ code: 1, out: expect.stringContaining('nanmen') });
    expect(told.out).toMatch(/Key areas and checkpoints, worst first:\n.*\n.*blind/);
    const suggested = await run('suggest', '--cameras', '1', '--turns', '0', '--area', 'nanmen');
    expect(suggested).toMatchObject({ code: 0, out: expect.stringContaining('add a camera') });
    expect(suggested.out).toContain('at least 63 % of the best choice');
    expect((await run('export', '--out', file, '--shape', 'union')).out).toContain('what is seen by day');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      features: [{ geometry: { type: 'MultiPolygon' } }],
    });
  });
});
