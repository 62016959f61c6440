import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Area } from '#models/schema/area.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { grid, notchedRing, replaced, smallCity } from '#test/models/registry/division/squares.ts';
import { dbfOf, shpOf } from './areas/write-shapefile.ts';
import { zipOf } from './areas/write-zip.ts';
import { runCli } from './run-cli.ts';

const collection = (areas: readonly Area[]) =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: areas.map(({ geometry, version: _, ...properties }) => ({ type: 'Feature', properties, geometry })),
  });
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('./sharp-eyes grid', () => {
  let api: ApiSite;
  let folder: string;
  beforeAll(async () => {
    api = await startApi();
    folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-grid-'));
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (name: string, content: string | Uint8Array) => {
    const path = resolve(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it('imports several files at once, after a dry run that changes nothing', async () => {
    const areas = smallCity();
    const tree = file('tree.geojson', collection(areas.filter(({ level }) => level !== 'grid')));
    const shapes = areas
      .filter(({ level }) => level === 'grid')
      .map(({ id, geometry, households }) => ({
        rings: (geometry.coordinates as number[][][]).map((ring) => ring.toReversed()),
        row: { 编号: id.toUpperCase(), 名称: `${id}号`, 户数: String(households) },
      }));
    const grids = file('grids.zip', zipOf({ 'g.shp': shpOf(shapes), 'g.dbf': dbfOf(shapes, utf8) }));
    const args = ['grid', 'import', tree, grids, '--level', 'grid', '--parent', 'village'];
    const trial = await runCli(api, [...args, '--dry-run']);
    expect(trial).toMatchObject({ code: 0, err: '' });
    expect(trial.out).toContain('8 areas would be imported: 8 new');
    expect(api.context.areas.list()).toEqual([]);
    expect((await runCli(api, args)).out).toContain('8 areas imported: 8 new, 0 changed');
    expect(api.context.areas.get('a')).toMatchObject({
      name: 'a号',
      level: 'grid',
      parent: 'village',
      households: 400,
    });
  });

  it('checks what is registered, in words, as JSON and as GeoJSON of the faults', async () => {
    const said = await runCli(api, ['grid', 'check']);
    expect(said.code).toBe(1);
    expect(said.out).toMatch(/8 areas checked.*\nno-leader 4, no-full-time-worker 4/);
    const holey = file('holey.geojson', collection([grid('d', 'village', notchedRing([3, 2, 4, 4]))]));
    const out = resolve(folder, 'faults.geojson');
    const check = await runCli(api, ['grid', 'check', holey, '--out', out]);
    expect(check.out).toMatch(/gap {2}.*village .* m² of village belong to no area below it/);
    const { features } = JSON.parse(readFileSync(out, 'utf8'));
    expect(features[0]).toMatchObject({ geometry: { type: 'Polygon' }, properties: { code: 'gap', areas: 'village' } });
    expect(features[0].properties.zh).toContain('不属于任何下级区域');
  });

  it('publishes and compares versions', async () => {
    const put = (areas: readonly Area[]) => api.ask('PUT', '/api/v1/areas', { body: JSON.parse(collection(areas)) });
    await put(smallCity());
    const published = await runCli(api, ['grid', 'publish', '--note', '第一版']);
    expect(published).toMatchObject({ code: 0, err: '' });
    expect(published.out).toContain('version 1 published: 1 city, 1 district, 1 street, 1 village, 4 grid');
    await put(replaced(smallCity(), grid('a', 'village', notchedRing([0, 0, 3, 2]))));
    const refused = await runCli(api, ['grid', 'publish']);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/1 × overlap.*\n.*grid check.*division-faulty/);
    expect((await runCli(api, ['grid', 'diff', '1'])).out).toMatch(/moved {3}grid {3}a .* 20\d{3}/);
  });

  it('says where a broken file is broken, and what is wrong with which feature', async () => {
    const broken = await runCli(api, ['grid', 'import', file('broken.geojson', '{\n "type": }')]);
    expect(broken.code).toBe(1);
    expect(broken.err).toMatch(/\(line 2, column 10\)/);
    const bow = grid('bow', 'village', [
      [117, 36],
      [117.01, 36.01],
      [117.01, 36],
      [117, 36.01],
      [117, 36],
    ]);
    const crossed = await runCli(api, ['grid', 'check', file('bow.geojson', collection([bow]))]);
    expect(crossed.code).toBe(1);
    expect(crossed.out).toMatch(/1 +bow +117\.005000 36\.005000 +outer ring crosses itself/);
  });

  it('exports what can be imported again', async () => {
    const out = resolve(folder, 'all.geojson');
    await runCli(api, ['grid', 'export', out]);
    expect((await runCli(api, ['grid', 'import', out])).out).toContain(
      '8 areas imported: 0 new, 0 changed, 8 as they were',
    );
  });
});
