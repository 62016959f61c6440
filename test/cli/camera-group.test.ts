import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unseal } from '#models/registry/seal.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { runCli } from './run-cli.ts';

const SECRET = 'n3w-p@ss';

describe('cameras changed together', () => {
  let api: ApiSite;
  beforeAll(async () => {
    api = await startApi();
    for (const [id, tags] of [
      ['a', ['gate']],
      ['b', ['gate']],
      ['c', []],
    ] as const) {
      const body = { id, name: id, url: `rtsp://10.4.0.1/${id}`, user: 'u', password: 'old', tags, isEnabled: false };
      expect((await api.ask('POST', '/api/v1/cameras', { body })).status).toBe(201);
    }
  });
  afterAll(() => api?.[Symbol.asyncDispose]());

  const run = (...args: string[]) => runCli(api, ['camera', ...args]);
  const camera = (id: string) => api.context.cameras.get(id);
  const passwordOf = (id: string) => {
    const source = camera(id)?.source as { sealedPassword: string };
    return unseal(source.sealedPassword, api.context.sealKey, id);
  };

  it('get a tag by their ids, without being asked how many they are', async () => {
    const { code, out } = await run('tag', 'add', 'night', 'a', 'c');
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringContaining('a changed: tags: gate → gate night'),
    });
    expect(out).toContain('2 changed, 0 unchanged, 0 refused.');
    expect([camera('a')?.tags, camera('c')?.tags]).toEqual([['gate', 'night'], ['night']]);
  });

  it('get a password by their tag only where somebody says how many they are', async () => {
    const file = resolve(api.config.dataDir, 'new.secret');
    writeFileSync(file, SECRET);
    const password = (...more: string[]) => run('password', '--tag', 'gate', '--password-file', file, ...more);
    const dry = await password('--dry-run');
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('a changed: password changed') });
    expect(dry.out).toContain('2 would be changed');
    expect(await password()).toMatchObject({
      code: 2,
      err: expect.stringContaining('2 cameras would change; nothing was changed'),
    });
    expect(await password('--count', '3')).toMatchObject({
      code: 2,
      err: expect.stringContaining('2 cameras would change, not 3'),
    });
    expect(passwordOf('a')).toBe('old');
    const done = await password('--count', '2');
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('2 changed, 0 unchanged') });
    expect([passwordOf('a'), passwordOf('b'), passwordOf('c')]).toEqual([SECRET, SECRET, 'old']);
    expect(dry.out + dry.err + done.out + done.err).not.toContain(SECRET);
  });

  it('are edited together in what they share, and refused where one is wrong', async () => {
    const edited = await run('edit', '--where-tag', 'gate', '--count', '2', '--importance', 'high', '--heading', '90');
    expect(edited).toMatchObject({ code: 0, out: expect.stringContaining('importance: + high') });
    expect(camera('b')).toMatchObject({ importance: 'high', placement: { headingDeg: 90 } });
    expect(await run('edit', 'a', 'b', '--name', 'both')).toMatchObject({
      code: 2,
      err: expect.stringContaining('each camera has a name of its own'),
    });
    expect(await run('move', 'a', '--area', 'atlantis')).toMatchObject({
      code: 1,
      out: expect.stringContaining('there is no area "atlantis"'),
    });
    expect(await run('tag', 'remove', 'x', 'nowhere')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no camera "nowhere"'),
    });
  });

  it('tell their history, and take the last change back', async () => {
    const history = await run('history', 'a');
    expect(history.out).toMatch(/admin +edited +\d+ +importance: \+ high, placement.headingDeg: \+ 90/);
    expect(history.out).not.toMatch(/n3w|old/);
    expect(await run('undo', 'a')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^taken back: admin, .*importance: \+ high/),
    });
    expect(camera('a')?.importance).toBeUndefined();
  });

  it('are edited only at the revision that somebody read, who is told who was faster', async () => {
    const revision = String(api.context.cameras.entry('c')?.revision);
    const first = await run('edit', 'c', '--name', 'first', '--if-revision', revision);
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('c changed; It is switched off') });
    const late = await run('edit', 'c', '--name', 'second', '--if-revision', revision);
    expect(late).toMatchObject({ code: 1, err: expect.stringMatching(/admin changed name \d+ seconds ago/) });
    expect(camera('c')?.name).toBe('first');
  });
});
