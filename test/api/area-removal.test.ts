import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallCity } from '#test/models/registry/division/squares.ts';
import { type ApiSite, startApi } from './api-site.ts';

describe('removing areas', () => {
  let api: ApiSite;
  beforeAll(async () => {
    api = await startApi();
    const features = smallCity().map(({ geometry, version: _, ...properties }) => ({
      type: 'Feature',
      properties,
      geometry,
    }));
    await api.ask('PUT', '/api/v1/areas', { body: { type: 'FeatureCollection', features } });
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const remove = (id: string, query = '', token?: string) =>
    api.ask('DELETE', `/api/v1/areas/${id}${query}`, token === undefined ? {} : { token });
  const ids = () => api.context.areas.list().map(({ id }) => id);
  const needed = (detail: RegExp) => ({
    status: 409,
    body: { code: 'area-needed', detail: expect.stringMatching(detail) },
  });

  it('takes an area that nobody needs, with its totals, and says so in the audit log', async () => {
    const sheet = 'area,figure,value,as_of,source\nd,population,900,2026-01-01,census\nd,shops,7,2026-01-01,census';
    await api.ask('POST', '/api/v1/totals/import', { body: { csv: sheet } });
    const trial = await remove('d', '?dryRun=true');
    expect(trial).toMatchObject({ status: 200, body: { isDryRun: true, removed: ['d'], totals: 2 } });
    expect(ids()).toContain('d');
    expect((await remove('d')).body).toEqual({ isDryRun: false, removed: ['d'], totals: 2 });
    expect(ids()).not.toContain('d');
    expect(api.context.totals.list()).toEqual([]);
    const folder = resolve(api.config.dataDir, 'audit');
    const entries = readdirSync(folder).flatMap((file) => readFileSync(resolve(folder, file), 'utf8').split('\n'));
    expect(entries.filter((line) => line.includes('"removed":["d"]')).map((line) => JSON.parse(line))).toMatchObject([
      { action: 'area.change', user: 'admin', area: 'd', isTrial: true },
      { action: 'area.change', user: 'admin', area: 'd', isTrial: false },
    ]);
  });

  it('refuses one that has areas below it, and names them', async () => {
    expect(await remove('village')).toMatchObject(needed(/3 areas lie below it \(a, b, c\): --with-below/));
  });

  it('refuses what cameras, scopes, rules, channels and the division in force need, below it too, and names all at once', async () => {
    await api.ask('POST', '/api/v1/cameras', {
      body: { id: 'gate', name: 'gate', url: 'rtsp://10.9.9.9/', area: 'c' },
    });
    await api.enrol('wang', ['officer'], ['c']);
    const when = { type: 'area-total', above: 50, forS: 60 };
    const rule = { id: 'crowd', name: 'Crowd', isEnabled: true, where: { area: 'c' }, when, severity: 'minor' };
    expect(await api.ask('POST', '/api/v1/rules', { body: rule })).toMatchObject({ status: 201 });
    await api.context.alerting.channels.create('desk', {
      ...{ id: 'desk', name: 'Desk', isEnabled: true, area: 'village', createdBy: 'admin', updatedAtMs: 1 },
      ...{ type: 'webhook', url: 'http://127.0.0.1:9/', sealedSecret: 'sealed' },
    });
    await api.ask('POST', '/api/v1/divisions', { body: { withFaults: true } });
    const every =
      /a camera stands there \(gate\); the scope of wang names it; a rule watches it \(crowd\); a channel tells of it \(desk\); published version 1, .* has a, b, c, street, village/;
    expect(await remove('street', '?withBelow=true')).toMatchObject(needed(every));
    expect(ids()).toHaveLength(7);
  });

  it('takes what is published where that is said, and the version keeps it', async () => {
    expect(await remove('b')).toMatchObject(
      needed(/^"b" is not removed: published version 1, .* --although-published$/),
    );
    expect((await remove('b', '?althoughPublished=true')).status).toBe(200);
    const frozen = await api.ask('GET', '/api/v1/divisions/1');
    expect(frozen.text).toContain('"id":"b"');
    await api.ask('POST', '/api/v1/divisions', { body: { withFaults: true } });
    expect((await api.ask('GET', '/api/v1/divisions/2')).text).not.toContain('"id":"b"');
  });

  it('takes a whole branch, the deepest first, once nobody needs it', async () => {
    await api.ask('DELETE', '/api/v1/cameras/gate');
    await api.ask('DELETE', '/api/v1/rules/crowd');
    await api.context.alerting.channels.remove('desk');
    await api.ask('DELETE', '/api/v1/users/wang');
    const gone = await remove('street', '?withBelow=true&althoughPublished=true');
    expect(gone.body).toMatchObject({ removed: ['a', 'c', 'village', 'street'] });
    expect(ids()).toEqual(['city', 'district']);
  });

  it('tells who may not, and what is not there', async () => {
    const engineer = await api.enrol('li', ['engineer']);
    expect((await remove('city', '', engineer)).status).toBe(403);
    const limited = await api.enrol('zhou', ['administrator'], ['district']);
    expect(await remove('district', '', limited)).toMatchObject({ status: 403 });
    expect(await remove('nowhere')).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });
});
