/** The whole way over a real provider of OpenID Connect, with a browser's cookies and redirects. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPending, PENDING_COOKIE, sealPending } from '#api/people/provider/pending.ts';
import { openProvider } from '#api/people/provider/provider.ts';
import type { User } from '#models/schema/user.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { freePort, testConfig } from '#test/site/site.ts';
import { CLIENT, openVisitor, type RealProvider, startRealProvider } from './real-provider.ts';

describe('signing in at a provider', () => {
  let provider: RealProvider;
  let api: ApiSite;
  beforeAll(async () => {
    provider = await startRealProvider();
    // Not the name that requests go to: what people call the page is what the provider knows.
    const apiPort = await freePort();
    api = await startApi({
      apiPort,
      publicUrl: `http://localhost:${apiPort}/`,
      oidcIssuer: provider.issuer,
      oidcClientId: CLIENT.id,
      oidcName: 'City account',
      oidcScopes: ['groups'],
      oidcGroups: {
        duty: { roles: ['officer'], scope: ['lixia'] },
        lookers: { roles: ['analyst'], scope: ['lixia'] },
        masters: { roles: ['administrator'] },
      },
    });
    mkdirSync(resolve(api.config.dataDir, 'secrets'), { recursive: true });
    writeFileSync(resolve(api.config.dataDir, 'secrets', 'oidc-client-secret'), `${CLIENT.secret}\n`);
    const ring = [116, 117].flatMap((lon) => [36, 37].map((lat) => [lon, lat]));
    const [a = [], b = [], c = [], d = []] = ring;
    const geometry = { type: 'Polygon' as const, coordinates: [[a, c, d, b, a]] };
    const area = { id: 'lixia', name: 'Lixia', level: 'city' as const, parent: null, geometry, version: 1 };
    await api.context.areas.create('lixia', area);
    provider.register(`${api.url}/api/v1/sign-in/provider/return`);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });

  const start = () => `http://127.0.0.1:${api.config.apiPort}/api/v1/sign-in/provider`;

  async function comeBack(person: string, visitor = openVisitor()) {
    const led = await visitor.visit(start());
    const back = await visitor.signInThere(led.location ?? '', person);
    return { visitor, led, back, answer: await visitor.visit(back) };
  }
  const audited = () => {
    const day = new Date().toISOString().slice(0, 10);
    const text = readFileSync(resolve(api.config.dataDir, 'audit', `${day}.jsonl`), 'utf8');
    const entries = text.trim().split('\n');
    return { text, last: JSON.parse(entries.at(-1) ?? '{}') as Record<string, unknown> };
  };
  const userOf = (person: string) => api.context.users.list().find((user) => user.provider?.subject === person) as User;
  const meOf = (visitor: ReturnType<typeof openVisitor>) =>
    visitor.visit(`${api.url}/api/v1/me`).then(({ text }) => JSON.parse(text) as { user: User; status?: number });

  it('offers the provider by its name, and whether it answers', async () => {
    const { body } = await api.ask('GET', '/api/v1/sign-in/ways', { token: null });
    expect(body).toEqual({ provider: { name: 'City account', isReachable: true } });
  });

  it('leads there with PKCE, state and nonce, and back to the public address', async () => {
    const { location } = await openVisitor().visit(start());
    const query = Object.fromEntries(new URL(location ?? '').searchParams);
    expect(query).toMatchObject({
      client_id: CLIENT.id,
      redirect_uri: `${api.url}/api/v1/sign-in/provider/return`,
      code_challenge_method: 'S256',
    });
    expect(query.scope?.split(' ')).toEqual(['openid', 'profile', 'groups']);
    for (const name of ['state', 'nonce', 'code_challenge']) expect(query[name]?.length).toBeGreaterThanOrEqual(43);
  });

  it('makes a user of who is in a mapped group, known by issuer and subject, with a session like any other', async () => {
    provider.groups.set('li.wei', ['lookers', 'duty', 'whatever']);
    const { visitor, answer, back } = await comeBack('li.wei');
    expect(answer).toMatchObject({ status: 303, location: `${api.url}/#signed-in` });
    const { user } = await meOf(visitor);
    const name = 'li.wei of the provider';
    expect(user).toMatchObject({ name, roles: ['officer', 'analyst'], scope: ['lixia'] });
    expect(user.id).toMatch(/^li-wei-[0-9a-f]{12}$/);
    const { body } = await api.ask('GET', '/api/v1/users');
    const listed = (body as { users: User[] }).users.find(({ id }) => id === user.id);
    expect(listed?.provider).toEqual({ issuer: provider.issuer, subject: 'li.wei' });
    const session = api.context.sessions.list().find((token) => token.user === user.id);
    expect((session?.expiresAtMs ?? 0) - (session?.createdAtMs ?? 0)).toBe(api.config.sessionHours * 3600_000);
    const { last, text } = audited();
    expect(last).toMatchObject({ action: 'sign-in', user: user.id, provider: provider.issuer, status: 303 });
    expect(text).not.toContain(new URL(back).searchParams.get('code'));
  });

  it('takes an answer once, and only in the browser that asked', async () => {
    const visitor = openVisitor();
    const led = await visitor.visit(start());
    const back = await visitor.signInThere(led.location ?? '', 'li.wei');
    const refused = `${api.url}/#sign-in-refused=oidc-refused`;
    expect((await openVisitor().visit(back)).location).toBe(refused);
    expect((await visitor.visit(back)).location).toBe(`${api.url}/#signed-in`);
    expect((await visitor.visit(back)).location).toBe(refused);
  });

  it.each(['state', 'nonce', 'verifier'] as const)('refuses an answer that belongs to another %s', async (part) => {
    const visitor = openVisitor();
    const led = await visitor.visit(start());
    const back = await visitor.signInThere(led.location ?? '', 'li.wei');
    const { sealKey } = api.context;
    const pending = openPending(visitor.cookies.get(PENDING_COOKIE), sealKey);
    const another = `${pending[part].slice(1)}x`;
    visitor.cookies.set(PENDING_COOKIE, sealPending({ ...pending, [part]: another }, sealKey));
    const answer = await visitor.visit(back);
    expect(answer.location).toBe(`${api.url}/#sign-in-refused=oidc-refused`);
    expect(audited().last).toMatchObject({ status: 401, code: 'oidc-refused', user: null });
    expect(visitor.cookies.has('sharp_eyes_session')).toBe(false);
  });

  it('refuses a sign-in that took longer than ten minutes, and a cookie that is not ours', async () => {
    const { sealKey } = api.context;
    const visitor = openVisitor();
    await visitor.visit(start());
    const pending = openPending(visitor.cookies.get(PENDING_COOKIE), sealKey);
    const late = { ...pending, untilMs: Date.now() - 1 };
    for (const sealed of [sealPending(late, sealKey), sealPending(pending, Buffer.alloc(32)), 'nonsense']) {
      visitor.cookies.set(PENDING_COOKIE, sealed);
      const { location } = await visitor.visit(
        `${api.url}/api/v1/sign-in/provider/return?code=x&state=${pending.state}`,
      );
      expect(location).toContain('#sign-in-refused=oidc-refused');
    }
  });

  it('says so when a person turns back at the provider', async () => {
    const visitor = openVisitor();
    const led = await visitor.visit(start());
    const state = new URL(led.location ?? '').searchParams.get('state');
    const query = `error=access_denied&state=${state}&iss=${encodeURIComponent(provider.issuer)}`;
    const { location } = await visitor.visit(`${api.url}/api/v1/sign-in/provider/return?${query}`);
    expect(location).toContain('#sign-in-refused=oidc-refused');
    expect(audited().last.why).toContain('access_denied');
  });

  it('refuses who is in no mapped group, names the groups to the audit log, and ends what they had open', async () => {
    provider.groups.set('stranger', ['gardeners']);
    const { answer } = await comeBack('stranger');
    expect(answer.location).toBe(`${api.url}/#sign-in-refused=oidc-unmapped`);
    expect(audited().last).toMatchObject({
      status: 403,
      code: 'oidc-unmapped',
      why: expect.stringContaining('gardeners'),
    });
    expect(userOf('stranger')).toBeUndefined();
    provider.groups.set('moved', ['duty']);
    const { visitor } = await comeBack('moved');
    expect((await meOf(visitor)).user.roles).toEqual(['officer']);
    provider.groups.set('moved', []);
    await comeBack('moved');
    expect((await meOf(visitor)).status).toBe(401);
  });

  it('renews roles and areas at each sign-in, as the groups are then', async () => {
    provider.groups.set('rising', ['duty']);
    await comeBack('rising');
    provider.groups.set('rising', ['masters']);
    await comeBack('rising');
    expect(userOf('rising')).toMatchObject({ roles: ['administrator'], scope: [] });
  });

  it('keeps out who was switched off here, and lets nothing of theirs but that be changed here', async () => {
    provider.groups.set('off', ['duty']);
    await comeBack('off');
    const path = `/api/v1/users/${userOf('off').id}`;
    const wider = await api.ask('PATCH', path, { body: { roles: ['administrator'] } });
    expect(wider).toMatchObject({ status: 403, body: { detail: expect.stringContaining('body.roles') } });
    expect((await api.ask('PATCH', path, { body: { password: 'a second way in' } })).status).toBe(403);
    expect((await api.ask('PATCH', path, { body: { isEnabled: false } })).status).toBe(200);
    const { answer, visitor } = await comeBack('off');
    expect(answer.location).toBe(`${api.url}/#sign-in-refused=oidc-switched-off`);
    expect((await meOf(visitor)).status).toBe(401);
  });

  it('has no password for such a user', async () => {
    provider.groups.set('wordless', ['duty']);
    const { visitor } = await comeBack('wordless');
    const { id } = userOf('wordless');
    const signIn = await api.ask('POST', '/api/v1/sign-in', { token: null, body: { user: id, password: 'undefined' } });
    expect(signIn.status).toBe(401);
    const changed = await api.ask('PUT', '/api/v1/me/password', {
      token: null,
      headers: { cookie: `sharp_eyes_session=${visitor.cookies.get('sharp_eyes_session')}`, origin: api.url },
      body: { oldPassword: 'x', newPassword: 'a password for once' },
    });
    expect(changed).toMatchObject({ status: 403, body: { detail: expect.stringContaining(provider.issuer) } });
  });
});

describe('a provider', () => {
  it('is told apart from one that is down, and is asked again soon', async () => {
    await using real = await startRealProvider({ isInIdToken: true });
    let nowMs = 0;
    const config = { ...(await testConfig()), oidcIssuer: real.issuer, oidcClientId: CLIENT.id };
    const provider = openProvider(config, () => nowMs);
    await expect(provider.reach()).rejects.toMatchObject({ code: 'oidc-unreachable' });
    real.register('http://127.0.0.1/back');
    await expect(provider.reach()).rejects.toMatchObject({ code: 'oidc-unreachable' });
    nowMs += 2500;
    await provider.reach();
    await real[Symbol.asyncDispose]();
    nowMs += 31_000;
    await expect(provider.reach()).rejects.toMatchObject({ code: 'oidc-unreachable' });
    const nobody = openProvider({ ...config, oidcIssuer: `http://127.0.0.1:${await freePort()}` });
    await expect(nobody.reach()).rejects.toMatchObject({ code: 'oidc-unreachable' });
  });
});
