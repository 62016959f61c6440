import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Area } from '#models/schema/area.ts';
import type { Division, DivisionDifference, DivisionReport } from '#models/schema/division.ts';
import { grid, notchedRing, replaced, smallCity } from '#test/models/registry/division/squares.ts';
import { type ApiSite, startApi } from './api-site.ts';

const asFeatures = (areas: readonly Area[]) =>
  areas.map(({ geometry, version: _, ...properties }) => ({ type: 'Feature', properties, geometry }));
const holey = () => replaced(smallCity(), grid('d', 'village', notchedRing([3, 2, 4, 4])));

describe('the division', () => {
  let api: ApiSite;
  beforeAll(async () => {
    api = await startApi({ publicDivision: true });
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const put = (areas: readonly Area[]) =>
    api.ask('PUT', '/api/v1/areas', { body: { type: 'FeatureCollection', features: asFeatures(areas) } });
  const check = async (token?: string) =>
    (await api.ask('GET', '/api/v1/area-check', token === undefined ? {} : { token })).body as DivisionReport;
  const publish = (body: Record<string, unknown> = {}) => api.ask('POST', '/api/v1/divisions', { body });

  it('cannot be published before there are areas, nor seen by everybody before it is published', async () => {
    expect((await publish()).status).toBe(404);
    expect((await api.ask('GET', '/api/v1/public-division', { token: null })).status).toBe(404);
  });

  it('is checked as it is registered, and as it would be after a file', async () => {
    await put(smallCity());
    expect(await check()).toMatchObject({ areas: 8, counts: {}, faults: [], isComplete: true });
    const features = asFeatures(holey().filter(({ id }) => id === 'd'));
    const trial = await api.ask('POST', '/api/v1/area-check', { body: { type: 'FeatureCollection', features } });
    expect((trial.body as DivisionReport).counts).toEqual({ gap: 1 });
    expect((await check()).counts).toEqual({});
  });

  it('shows somebody with a scope the faults of their own areas only', async () => {
    await put(replaced(holey(), grid('a', 'village', notchedRing([0, 0, 2, 2]), { households: 7 })));
    const own = await check(await api.enrol('a-only', ['analyst'], ['a']));
    expect(own).toMatchObject({ areas: 1, counts: { 'households-few': 1 } });
    expect((await check(await api.enrol('all', ['analyst'], ['village']))).counts).toEqual({
      gap: 1,
      'households-few': 1,
    });
  });

  it('is published only without hard faults, unless somebody insists; and the version says so', async () => {
    const refused = await publish({ note: 'first' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'division-faulty' } });
    expect((refused.body as { detail: string }).detail).toMatch(/1 × gap/);
    const insisted = (await publish({ note: 'first', withFaults: true })).body as Division;
    expect(insisted).toMatchObject({ version: 1, note: 'first', faults: { gap: 1 }, areas: { city: 1, grid: 4 } });
    expect(await publish({ withFaults: true })).toMatchObject({ status: 409, body: { code: 'already-exists' } });
  });

  it('keeps older versions as they were', async () => {
    await put(smallCity());
    expect(await publish({ note: 'second' })).toMatchObject({ status: 201, body: { version: 2 } });
    const { divisions } = (await api.ask('GET', '/api/v1/divisions')).body as { divisions: Division[] };
    expect(divisions.map(({ version, note }) => [version, note])).toEqual([
      [2, 'second'],
      [1, 'first'],
    ]);
    const first = (await api.ask('GET', '/api/v1/divisions/1')).body as { features: { properties: Area }[] };
    expect(first.features.find(({ properties }) => properties.id === 'a')?.properties.households).toBe(7);
    expect((await api.ask('GET', '/api/v1/divisions/9')).status).toBe(404);
  });

  it('tells what moved, split, merged, came and went between two versions, by m²', async () => {
    const areas = smallCity().filter(({ id }) => id !== 'c' && id !== 'a');
    await put(areas);
    for (const id of ['c', 'a']) await api.context.areas.remove(id);
    const merged = grid('ac', 'village', notchedRing([0, 0, 2, 4]));
    const parts = [grid('d1', 'village', notchedRing([2, 2, 3, 4])), grid('d2', 'village', notchedRing([3, 2, 4, 4]))];
    await api.context.areas.remove('d');
    await put([merged, ...parts, grid('b', 'village', notchedRing([2, 0, 4, 2]), { leaders: 2 })]);
    const answer = await api.ask('GET', '/api/v1/division-changes?from=2&to=0');
    const { changes, unchanged } = answer.body as DivisionDifference;
    expect(changes.map(({ change, area, from, to }) => [change, area, from.join(), to.join()])).toEqual([
      ['split', 'd', 'd', 'd1,d2'],
      ['merged', 'ac', 'a,c', 'ac'],
      ['figures', 'b', '', ''],
    ]);
    expect(changes[2]?.said).toBe('leaders: 1 → 2');
    expect(unchanged).toBe(4);
    const moved = (await api.ask('GET', '/api/v1/division-changes?from=1&to=2')).body as DivisionDifference;
    expect(moved.changes.map(({ change, area }) => `${change} ${area}`)).toEqual(['moved d', 'figures a']);
    expect(moved.changes[0]!.gainedM2 / 10_000).toBeCloseTo(2, 0);
    expect(moved.changes[0]!.lostM2).toBe(0);
  });

  it('is shown to everybody as outlines, names and levels, and as nothing else', async () => {
    const shown = await api.ask('GET', '/api/v1/public-division', { token: null });
    expect(shown.status).toBe(200);
    const { version, features } = shown.body as {
      version: number;
      features: { properties: Record<string, unknown> }[];
    };
    expect(version).toBe(2);
    expect(features).toHaveLength(8);
    for (const { properties } of features) expect(Object.keys(properties)).toEqual(['name', 'level']);
  });

  it('is hidden from everybody where the site does not switch it on', async () => {
    Object.assign(api.context.config, { publicDivision: false });
    expect((await api.ask('GET', '/api/v1/public-division', { token: null })).status).toBe(404);
  });
});
