import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareStart } from '#api/people/first-start.ts';
import { type ApiSite, startApi } from './api-site.ts';

const sessionOf = (headers: Headers) => /sharp_eyes_session=[^;]+/.exec(headers.get('set-cookie') ?? '')?.[0] ?? '';

describe('signing in', () => {
  let api: ApiSite;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const signIn = (user: string, password: string, headers: Record<string, string> = {}) =>
    api.ask('POST', '/api/v1/sign-in', { token: null, body: { user, password }, headers });

  /** As a sign-in makes it, without the cost of the password's hash. */
  const session = async () => {
    const options = { purpose: 'session' as const, name: 'test', lifeMs: 600_000 };
    return `sharp_eyes_session=${(await api.context.sessions.issue('admin', options)).secret}`;
  };
  const add = async (id: string) => {
    const body = { id, roles: ['analyst'], password: `password-of-${id}` };
    expect((await api.ask('POST', '/api/v1/users', { body })).status).toBe(201);
  };

  it('starts with an administrator whose random password is told once and stored only as an argon2id hash', async () => {
    const { firstPassword = '' } = api.welcome;
    expect(firstPassword.length).toBeGreaterThanOrEqual(20);
    const answer = await signIn('admin', firstPassword);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      user: { id: 'admin', name: 'Administrator', roles: ['administrator'], scope: [] },
      figureTimeoutS: api.config.figureTimeoutS,
    });
    expect(answer.headers.get('set-cookie')).toMatch(/Path=\/; HttpOnly; SameSite=Strict$/);
    expect(api.context.users.get('admin')?.passwordHash).toMatch(/^\$argon2id\$v=19\$/);
    expect((await prepareStart(api.config, { ...api.context })).firstPassword).toBeUndefined();
  });

  it('lets a session read, and change only from our own page', async () => {
    const cookie = await session();
    const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
      api.ask(method, path, {
        token: null,
        headers: { cookie, ...headers },
        ...(method === 'GET' ? {} : { body: { name: 'x', url: 'rtsp://127.0.0.1/x' } }),
      });
    expect((await ask('GET', '/api/v1/me')).status).toBe(200);
    expect((await ask('POST', '/api/v1/cameras')).status).toBe(403);
    expect((await ask('POST', '/api/v1/cameras', { origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask('POST', '/api/v1/cameras', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await ask('POST', '/api/v1/cameras', { 'sec-fetch-site': 'same-site', origin: api.url })).status).toBe(403);
    expect((await ask('POST', '/api/v1/cameras', { origin: api.url })).status).toBe(201);
    expect((await ask('POST', '/api/v1/cameras', { 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  });

  it('ends a session at sign-out, at once', async () => {
    const cookie = await session();
    const headers = { cookie, origin: api.url };
    expect((await api.ask('POST', '/api/v1/sign-out', { token: null, headers })).status).toBe(204);
    const after = await api.ask('GET', '/api/v1/me', { token: null, headers });
    expect(after).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('counts wrong links per address, so that no stranger uses up the attempts of others', async () => {
    const tried = async (user: string) =>
      (
        await api.ask('POST', '/api/v1/sign-in', {
          token: null,
          body: { user, password: 'wrong' },
        })
      ).status;
    for (let attempt = 0; attempt < 9; attempt++) await tried('(link)');
    const code = 'se_nothing';
    const link = await api.ask('POST', '/api/v1/sign-in/link', { token: null, body: { code } });
    expect(link.status).toBe(401);
  });

  it('takes the one-time link once', async () => {
    const code = api.welcome.signInCode ?? '';
    const use = () => api.ask('POST', '/api/v1/sign-in/link', { token: null, body: { code } });
    const both = await Promise.all([use(), use()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await use()).status).toBe(401);
  });

  it('takes a link or a session secret for nothing but what it is', async () => {
    const { signInCode = '' } = await prepareStart(api.config, { ...api.context });
    expect((await api.ask('GET', '/api/v1/me', { token: signInCode })).status).toBe(401);
    const secret = (await session()).split('=')[1] ?? '';
    expect((await api.ask('GET', '/api/v1/me', { token: secret })).status).toBe(401);
    const cookie = `sharp_eyes_session=${api.adminToken}`;
    expect((await api.ask('GET', '/api/v1/me', { token: null, headers: { cookie } })).status).toBe(401);
  });

  it('leaves a token for the command line of this machine, and makes another when it is no longer good', async () => {
    const path = resolve(api.config.dataDir, 'secrets', 'cli-token');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await prepareStart(api.config, { ...api.context });
    expect(readFileSync(path, 'utf8').trim()).toBe(api.adminToken);
    expect((await api.ask('GET', '/api/v1/me')).status).toBe(200);
  });

  it('keeps secrets only as their SHA-256', async () => {
    const keys = JSON.stringify(api.context.sessions.list());
    expect(keys).not.toContain(api.adminToken);
  });

  it('refuses a wrong password and an unknown user alike, in about the same time', async () => {
    const timed = async (user: string) => {
      const beganMs = performance.now();
      const answer = await signIn(user, 'wrong password');
      return { ms: performance.now() - beganMs, body: { ...(answer.body as object), requestId: '' } };
    };
    await add('lin');
    const known = await timed('lin');
    const unknown = await timed('nobody');
    expect(unknown.body).toEqual(known.body);
    expect(unknown.ms).toBeGreaterThan(known.ms / 4);
  });

  it('stops guessing: after eight failures from an address even the right password waits there', async () => {
    await add('wang');
    // Seven of the eight are counted without the cost of their hashes; both doors are the same counter.
    for (let count = 0; count < 7; count++) await api.context.attempts.begin('wang', '127.0.0.1');
    const wrong = await Promise.all([signIn('wang', 'wrong'), signIn('wang', 'wrong')]);
    expect(wrong.map(({ status }) => status).sort()).toEqual([401, 429]);
    const right = await signIn('wang', 'password-of-wang');
    expect(right).toMatchObject({ status: 429, body: { code: 'too-many-attempts' } });
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('lets nobody be locked out from elsewhere: however many strangers guess, the right password only takes longer', async () => {
    await add('sun');
    for (let stranger = 1; stranger <= 20; stranger++) await api.context.attempts.begin('sun', `192.0.2.${stranger}`);
    const beganMs = performance.now();
    // An address of its own, so that what other tests tried from this one does not count.
    const succeed = await api.context.attempts.begin('sun', '198.51.100.1');
    expect(performance.now() - beganMs).toBeGreaterThan(350);
    succeed();
  });

  it('makes a random password for a user who was given none, tells it once, and lets them change it', async () => {
    const made = await api.ask('POST', '/api/v1/users', { body: { id: 'qian', roles: ['officer'] } });
    const { password } = made.body as { password: string };
    const signedIn = await signIn('qian', password);
    expect(signedIn.body).toMatchObject({ user: { id: 'qian', name: 'qian', roles: ['officer'], scope: [] } });
    const headers = { cookie: sessionOf(signedIn.headers), origin: api.url };
    const change = (oldPassword: string) =>
      api.ask('PUT', '/api/v1/me/password', {
        token: null,
        headers,
        body: { oldPassword, newPassword: 'a better one 42' },
      });
    expect((await change('not it')).status).toBe(403);
    expect((await change(password)).status).toBe(200);
    expect((await api.ask('GET', '/api/v1/me', { token: null, headers })).status).toBe(200);
    expect((await signIn('qian', 'a better one 42')).status).toBe(200);
    expect((await api.ask('GET', '/api/v1/users')).text).not.toContain('scrypt');
  });

  it('ends all other sessions and all tokens of a user with a new password, and says how many', async () => {
    const { sessions } = api.context;
    await add('feng');
    const issue = (purpose: 'session' | 'api') => sessions.issue('feng', { purpose, name: 'test', lifeMs: 600_000 });
    const [present, other, token] = [await issue('session'), await issue('session'), await issue('api')];
    const ask = (method: string, path: string, secret: string, body?: unknown) => {
      const headers = { cookie: `sharp_eyes_session=${secret}`, origin: api.url };
      return api.ask(method, path, { token: null, headers, ...(body === undefined ? {} : { body }) });
    };
    const passwords = { oldPassword: 'password-of-feng', newPassword: 'another one of feng' };
    const changed = await ask('PUT', '/api/v1/me/password', present.secret, passwords);
    expect(changed).toMatchObject({ status: 200, body: { sessionsEnded: 1, tokensEnded: 1 } });
    expect((await ask('GET', '/api/v1/me', present.secret)).status).toBe(200);
    expect((await ask('GET', '/api/v1/me', other.secret)).status).toBe(401);
    expect((await api.ask('GET', '/api/v1/me', { token: token.secret })).status).toBe(401);
    await issue('api');
    const set = { password: 'set by the administrator' };
    const edited = await api.ask('PATCH', '/api/v1/users/feng', { body: set });
    expect(edited).toMatchObject({ status: 200, body: { id: 'feng', sessionsEnded: 1, tokensEnded: 1 } });
    expect((await ask('GET', '/api/v1/me', present.secret)).status).toBe(401);
  });

  it('makes tokens with the rights of their owner, which only they and an administrator see and end', async () => {
    const [mine, other] = [await api.enrol('he', ['analyst']), await api.enrol('xu', ['administrator'], [])];
    const third = await api.enrol('hu', ['officer']);
    const made = await api.ask('POST', '/api/v1/tokens', { token: mine, body: { name: 'script', days: 7 } });
    const { token, details } = made.body as { token: string; details: { id: string; expiresAtMs: number } };
    expect(details.expiresAtMs).toBeLessThanOrEqual(Date.now() + 7 * 24 * 3600_000);
    expect((await api.ask('GET', '/api/v1/me', { token })).body).toMatchObject({ user: { id: 'he' } });
    const list = (asker: string) => api.ask('GET', '/api/v1/tokens', { token: asker });
    expect((await list(mine)).text).toContain(details.id);
    expect((await list(other)).text).toContain(details.id);
    expect((await list(third)).text).not.toContain(details.id);
    const end = (asker: string) => api.ask('DELETE', `/api/v1/tokens/${details.id}`, { token: asker });
    expect((await end(third)).status).toBe(404);
    expect((await end(mine)).status).toBe(204);
    expect((await api.ask('GET', '/api/v1/me', { token })).status).toBe(401);
  });

  it('writes every sign-in to the audit log, failed ones too, and never a password', async () => {
    const day = new Date().toISOString().slice(0, 10);
    const text = readFileSync(resolve(api.config.dataDir, 'audit', `${day}.jsonl`), 'utf8');
    const entries = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.filter(({ action, status }) => action === 'sign-in' && status === 200).length).toBeGreaterThan(1);
    expect(entries.some(({ status, triedUser }) => status === 401 && triedUser === 'nobody')).toBe(true);
    expect(text).not.toContain(api.welcome.firstPassword);
    expect(text).not.toContain('wrong password');
  });

  it('replaces the command line’s token with a new password of its owner, so that only copies of it end', async () => {
    const path = resolve(api.config.dataDir, 'secrets', 'cli-token');
    const session = await api.context.sessions.issue('admin', { purpose: 'session', name: 'test', lifeMs: 600_000 });
    const changed = await api.ask('PUT', '/api/v1/me/password', {
      token: null,
      headers: { cookie: `sharp_eyes_session=${session.secret}`, origin: api.url },
      body: { oldPassword: api.welcome.firstPassword, newPassword: 'a new one for admin' },
    });
    expect(changed.status).toBe(200);
    expect((await api.ask('GET', '/api/v1/me')).status).toBe(401);
    const token = readFileSync(path, 'utf8').trim();
    expect((await api.ask('GET', '/api/v1/me', { token })).body).toMatchObject({ user: { id: 'admin' } });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
