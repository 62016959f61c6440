import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS, type Action, factsOf, OPEN_ACTIONS } from '#api/rights/actions.ts';
import type { DeclaredRoute } from '#api/rights/enforce.ts';
import { buildServer } from '#api/server.ts';
import type { ImportOutcome } from '#models/schema/camera-import.ts';
import { ROLES } from '#models/schema/user.ts';
import { createMetrics } from '#system/metrics.ts';
import { type ApiSite, startApi } from './api-site.ts';
import { CITY } from './small-city.ts';

const pathOf = ({ url }: DeclaredRoute) => url.replace(':id', 'some-id').replace('*', 'some-page');

describe('rights', () => {
  let api: ApiSite;
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    api = await startApi();
    expect((await api.ask('PUT', '/api/v1/areas', { body: CITY })).status).toBe(200);
    for (const role of ROLES) tokens.set(role, await api.enrol(`an-${role}`, [role]));
    tokens.set('scoped', await api.enrol('scoped', [...ROLES], ['lixia']));
    for (const [id, where] of [
      ['in-grid', 'lixia-g1'],
      ['beside', 'shizhong'],
      ['nowhere', null],
      ['in-street', 'dikou-g1'],
    ] as const) {
      const body = { id, name: id, url: 'rtsp://127.0.0.1/x', area: where };
      expect((await api.ask('POST', '/api/v1/cameras', { body })).status).toBe(201);
    }
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const protectedRoutes = () => api.app.declaredRoutes.filter(({ action }) => !OPEN_ACTIONS.includes(action));

  it('cannot be forgotten: a route that declares no action is refused when it is added', async () => {
    const app = await buildServer({ ...api.context, metrics: createMetrics('api') });
    expect(() => app.get('/api/v1/forgotten', async () => 'open to all')).toThrow(/declares no action/);
    await app.close();
  });

  it('leave open only what tells nothing: probes, the sign-in, the description and the page', () => {
    const open = api.app.declaredRoutes.filter(
      ({ action, method }) => OPEN_ACTIONS.includes(action) && method !== 'HEAD',
    );
    expect(open.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
      'GET /*',
      'GET /api/asyncapi.json',
      'GET /api/openapi.json',
      // Only where `publicDivision` is switched on, and only outlines, names and levels.
      'GET /api/v1/public-division',
      // To a provider and back, where one is set up; who comes back without what they began with gets nothing.
      'GET /api/v1/sign-in/provider',
      'GET /api/v1/sign-in/provider/return',
      'GET /api/v1/sign-in/ways',
      'GET /healthz',
      'GET /readyz',
      'POST /api/v1/sign-in',
      'POST /api/v1/sign-in/link',
    ]);
  });

  it('answer 401 on every other route to somebody who is not signed in, or brings a wrong token', async () => {
    expect(protectedRoutes().length).toBeGreaterThan(25);
    for (const route of protectedRoutes()) {
      for (const token of [null, `se_${'x'.repeat(43)}`]) {
        const { status } = await api.ask(route.method, pathOf(route), { token });
        expect(`${route.method} ${route.url} ${status}`).toBe(`${route.method} ${route.url} 401`);
      }
    }
  });

  it('answer 403 on every route to every role that does not have its action', async () => {
    let refused = 0;
    for (const route of protectedRoutes().filter(({ method }) => method !== 'HEAD')) {
      const lacking = ROLES.filter((role) => !factsOf(route.action).roles.includes(role));
      for (const role of lacking) {
        const answer = await api.ask(route.method, pathOf(route), { token: tokens.get(role) ?? '' });
        expect(`${role} ${route.method} ${route.url} ${answer.status}`).toBe(
          `${role} ${route.method} ${route.url} 403`,
        );
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(40);
  });

  it('answer 403 on site-wide routes to somebody whose scope is limited, and say why', async () => {
    const siteWide = (Object.keys(ACTIONS) as Action[]).filter((action) => factsOf(action).isSiteWide);
    for (const route of protectedRoutes().filter(
      ({ action, method }) => siteWide.includes(action) && method !== 'HEAD',
    )) {
      const answer = await api.ask(route.method, pathOf(route), { token: tokens.get('scoped') ?? '' });
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      expect(answer.text).toContain(factsOf(route.action).why);
    }
    const sql = await api.ask('POST', '/api/v1/sql', {
      token: tokens.get('scoped') ?? '',
      body: { query: 'select 1' },
    });
    expect(sql.text).toContain('raw SQL sees the rows of every area');
  });

  it('show somebody with a scope only what lies in it; the rest is as if it were not', async () => {
    const token = tokens.get('scoped') ?? '';
    const ask = (method: string, path: string, body?: unknown) => api.ask(method, `/api/v1${path}`, { token, body });
    const { cameras } = (await ask('GET', '/cameras')).body as { cameras: { id: string }[] };
    expect(cameras.map(({ id }) => id)).toEqual(['in-grid']);
    const { features } = (await ask('GET', '/areas')).body as { features: { properties: { id: string } }[] };
    expect(features.map(({ properties }) => properties.id)).toEqual(['lixia', 'lixia-g1']);
    expect((await ask('GET', '/cameras/in-grid')).status).toBe(200);
    for (const hidden of ['beside', 'nowhere', 'never-there']) {
      for (const path of ['', '/calibration', '/picture.jpg', '/live.mjpeg']) {
        const answer = await ask('GET', `/cameras/${hidden}${path}`);
        expect(answer).toMatchObject({ status: 404, body: { detail: `there is no camera "${hidden}"` } });
      }
      expect((await ask('PATCH', `/cameras/${hidden}`, { name: 'mine now' })).status).toBe(404);
      expect((await ask('DELETE', `/cameras/${hidden}`)).status).toBe(404);
      expect((await ask('GET', `/detections/live?camera=${hidden}`)).status).toBe(404);
    }
    expect((await ask('GET', '/areas/shizhong')).status).toBe(404);
    expect((await ask('GET', '/detections/live?area=shizhong')).status).toBe(404);
  });

  it('let nobody with a scope put a camera beyond it', async () => {
    const token = tokens.get('scoped') ?? '';
    const add = (where: string | null) =>
      api.ask('POST', '/api/v1/cameras', { token, body: { name: 'new', url: 'rtsp://127.0.0.1/x', area: where } });
    expect(await add('shizhong')).toMatchObject({
      status: 400,
      body: { detail: 'body.area: there is no area "shizhong"' },
    });
    expect((await add(null)).status).toBe(400);
    expect((await add('lixia-g1')).status).toBe(201);
    const moved = await api.ask('PATCH', '/api/v1/cameras/in-grid', { token, body: { area: 'shizhong' } });
    expect(moved.status).toBe(400);
  });

  describe('of an engineer of one street', () => {
    const HIDDEN = ['beside', 'in-grid', 'nowhere', 'never-there'];
    const points = [0, 1, 2, 3].map((index) => ({ x: index / 4, y: (index % 2) / 2, lon: 117, lat: 36 }));
    /** What is asked of a camera, and what is answered for one's own; another's is not there. */
    const REQUESTS: [method: string, path: string, body: object | undefined, own: number][] = [
      ['GET', '', undefined, 200],
      ['PATCH', '', { name: 'renamed' }, 200],
      ['GET', '/history', undefined, 200],
      ['POST', '/undo', undefined, 200],
      ['GET', '/calibration', undefined, 404],
      ['PUT', '/calibration', { points }, 422],
      ['GET', '/picture.jpg', undefined, 503],
      ['GET', '/live.mjpeg', undefined, 503],
    ];
    let token: string;
    beforeAll(async () => {
      token = await api.enrol('street', ['engineer'], ['dikou']);
    });
    const ask = (method: string, path: string, body?: unknown) => api.ask(method, `/api/v1${path}`, { token, body });

    it.each(REQUESTS)('let %s /cameras/:id%s through for their own cameras alone', async (method, path, body, own) => {
      expect((await ask(method, `/cameras/in-street${path}`, body)).status).toBe(own);
      for (const id of HIDDEN) {
        const answer = await ask(method, `/cameras/${id}${path}`, body);
        expect(answer).toMatchObject({ status: 404, body: { detail: `there is no camera "${id}"` } });
      }
    });

    it('hide what was removed elsewhere as well, and bring back only what stood in their street', async () => {
      for (const [id, where] of [
        ['gone-there', 'lixia-g1'],
        ['gone-here', 'dikou-g1'],
      ] as const) {
        await api.ask('POST', '/api/v1/cameras', { body: { id, name: id, url: 'rtsp://127.0.0.1/y', area: where } });
        expect((await api.ask('DELETE', `/api/v1/cameras/${id}`)).status).toBe(204);
      }
      expect((await ask('GET', '/cameras/gone-there/history')).status).toBe(404);
      expect((await ask('POST', '/cameras/gone-there/undo')).status).toBe(404);
      expect((await ask('POST', '/cameras/gone-here/undo')).status).toBe(200);
      expect((await ask('DELETE', '/cameras/gone-here')).status).toBe(204);
    });

    it('do not take back a change that would put a camera beyond their street', async () => {
      await api.ask('PATCH', '/api/v1/cameras/in-grid', { body: { area: 'dikou-g1' } });
      expect(await ask('POST', '/cameras/in-grid/undo')).toMatchObject({
        status: 400,
        body: { code: 'invalid-value' },
      });
      expect((await api.ask('POST', '/api/v1/cameras/in-grid/undo')).status).toBe(200);
    });

    it('refuse rows of an import that reach beyond, one by one', async () => {
      const rows = [
        { id: 'mine', name: 'mine', url: 'rtsp://127.0.0.1/m', area: 'dikou-g1' },
        { id: 'theirs', name: 'theirs', url: 'rtsp://127.0.0.1/t', area: 'lixia-g1' },
        { id: 'areas-none', name: 'none', url: 'rtsp://127.0.0.1/n' },
        { id: 'beside', name: 'taken over', area: 'dikou-g1', url: 'rtsp://127.0.0.1/b' },
        { id: 'in-street', area: 'lixia-g1' },
      ].map((fields, index) => ({ row: index + 2, fields }));
      const answer = await ask('POST', '/cameras/import', { rows });
      const outcome = answer.body as ImportOutcome;
      expect(outcome.rows.map(({ verdict }) => verdict)).toEqual(['added', 'refused', 'refused', 'refused', 'refused']);
      expect(api.context.cameras.get('beside')?.name).toBe('beside');
      expect(api.context.cameras.get('in-street')?.area).toBe('dikou-g1');
      await ask('DELETE', '/cameras/mine');
    });

    it('export and list only what stands in their street', async () => {
      const sheet = (await ask('GET', '/cameras/export?format=json')).body as { cameras: { id: string }[] };
      expect(sheet.cameras.map(({ id }) => id)).toEqual(['in-street']);
      expect((await ask('GET', '/cameras/export?area=lixia')).status).toBe(404);
      expect((await ask('GET', '/cameras/export?area=shizhong')).status).toBe(404);
      const { cameras } = (await ask('GET', '/cameras')).body as { cameras: { id: string }[] };
      expect(cameras.map(({ id }) => id)).toEqual(['in-street']);
    });
  });

  it('follow a change of roles at once, and end with the user', async () => {
    const token = await api.enrol('zhao', ['engineer']);
    const edit = () => api.ask('PATCH', '/api/v1/cameras/nowhere', { token, body: { name: 'renamed' } });
    expect((await edit()).status).toBe(200);
    await api.ask('PATCH', '/api/v1/users/zhao', { body: { roles: ['analyst'] } });
    expect((await edit()).status).toBe(403);
    await api.ask('DELETE', '/api/v1/users/zhao');
    expect((await edit()).status).toBe(401);
  });

  it('never lose the last administrator of everything', async () => {
    await api.ask('DELETE', '/api/v1/users/an-administrator');
    for (const body of [{ roles: ['analyst'] }, { scope: ['lixia'] }, { isEnabled: false }]) {
      expect((await api.ask('PATCH', '/api/v1/users/admin', { body })).status).toBe(403);
    }
    expect((await api.ask('DELETE', '/api/v1/users/admin')).status).toBe(403);
  });

  it('leave a line for every change and every refusal in the audit log', () => {
    const day = new Date().toISOString().slice(0, 10);
    const lines = readFileSync(resolve(api.config.dataDir, 'audit', `${day}.jsonl`), 'utf8')
      .trim()
      .split('\n');
    const entries = lines.map((line) => JSON.parse(line));
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'camera.change', user: 'admin', status: 201, camera: 'beside' }),
    );
    expect(entries).toContainEqual(expect.objectContaining({ action: 'sql.run', user: 'scoped', status: 403 }));
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'user.change', about: 'zhao', roles: ['analyst'] }),
    );
  });
});
