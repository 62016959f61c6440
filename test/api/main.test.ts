import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT_DIR } from '#system/config.ts';
import { type Site, startSite, until } from '#test/site/site.ts';

type Details = { url: string; signInCode: string; firstPassword?: string };

describe('the process of the API', () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
    await site.children.start({
      name: 'api',
      command: process.execPath,
      args: [resolve(ROOT_DIR, 'api/main.ts')],
      env: site.env,
    });
  });
  afterAll(() => site[Symbol.asyncDispose]());

  const details = () => site.children.details('api') as Details;
  const pidOf = (name: string) => site.children.status().find((child) => child.name === name)?.pid ?? 0;
  let cookie = '';
  const ask = (method: string, path: string, body?: unknown) =>
    fetch(`${details().url}${path}`, {
      method,
      headers: { cookie, origin: details().url, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it('tells its parent where it is, the first password and a link that signs in', async () => {
    expect(details()).toMatchObject({
      url: `http://127.0.0.1:${site.config.apiPort}`,
      firstPassword: expect.any(String),
    });
    const answer = await ask('POST', '/api/v1/sign-in/link', { code: details().signInCode });
    expect(answer.status).toBe(200);
    cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  });

  it('comes back after kill -9 with its sessions, a new link, and no second first password', async () => {
    const former = details();
    process.kill(pidOf('api'), 'SIGKILL');
    await until('it to be ready again', () => details().signInCode !== former.signInCode);
    expect(details().firstPassword).toBeUndefined();
    expect((await ask('GET', '/api/v1/me')).status).toBe(200);
  });

  it('goes on reading while the broker is silent, refuses changes in words, and changes again when it is back', async () => {
    const broker = pidOf('nats');
    process.kill(broker, 'SIGSTOP');
    try {
      expect((await ask('GET', '/api/v1/cameras')).status).toBe(200);
      const refused = await ask('POST', '/api/v1/cameras', { id: 'gate', name: 'gate', url: 'rtsp://127.0.0.1/x' });
      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({ code: 'broker-unreachable' });
    } finally {
      process.kill(broker, 'SIGCONT');
    }
    await until('changes to be possible again', async () => {
      const { status } = await ask('POST', '/api/v1/cameras', {
        id: 'gate-2',
        name: 'gate',
        url: 'rtsp://127.0.0.1/x',
      });
      return status === 201;
    });
  });

  it('ends in peace though a live stream is open, and leaves no process behind', async () => {
    const stream = await ask('GET', '/api/v1/detections/live');
    expect(stream.status).toBe(200);
    const text = stream.text();
    const pid = pidOf('api');
    await site.children[Symbol.asyncDispose]();
    expect(await text).toContain('event: end');
    expect(() => process.kill(pid, 0)).toThrow();
  });
});
