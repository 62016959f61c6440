import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { runCli } from './run-cli.ts';

const rule = (id: string, camera = 'gate', more = '') => `id: ${id}
where: { cameras: [${camera}] }
when: { type: line, line: { space: picture, points: [[0.1, 0.5], [0.9, 0.5]] } }
severity: minor
${more}`;

describe('./sharp-eyes rule', () => {
  let api: ApiSite;
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-rules-'));
  const file = (text: string) => {
    const path = resolve(folder, 'rules.yaml');
    writeFileSync(path, text);
    return path;
  };
  const run = (...args: string[]) => runCli(api, ['rule', ...args]);
  beforeAll(async () => {
    api = await startApi();
    const body = { id: 'gate', name: 'gate', url: 'rtsp://127.0.0.1/x' };
    expect((await api.ask('POST', '/api/v1/cameras', { body })).status).toBe(201);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('adds all rules of a file or none, and names the line that the site refuses', async () => {
    const path = file(`${rule('one')}---\n${rule('two', 'gone')}`);
    expect(await run('add', '--wait', '0', path)).toMatchObject({
      code: 1,
      err: expect.stringContaining('rules.yaml:7: where.cameras.0'),
    });
    expect(api.context.alerting.rules.list()).toEqual([]);
    file(`${rule('one')}---\n${rule('two')}`);
    // Nobody runs rules here: it waits for the engine, and says that it did not hear of it.
    expect(await run('add', '--wait', '0', path)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/one is added, version 1, not taken up yet/),
    });
    expect(await run('add', '--wait', '0', path)).toMatchObject({
      code: 1,
      err: expect.stringContaining('rules.yaml:1: id exists already'),
    });
  });

  it('shows a rule as YAML that add takes again, and writes only what is different', async () => {
    const { out } = await run('show', 'one');
    const path = file(out.replace('severity: minor', 'severity: major'));
    expect((await run('add', '--wait', '0', '--replace', path)).out).toContain('one is changed, version 2');
    expect((await run('add', '--wait', '0', '--replace', path)).out).toContain('one stays as it was, version 2');
    expect((await run('show', 'one', '--rule-version', '1')).out).toContain('severity: minor');
  });

  it('is edited in an editor, silenced for a while, and removed', async () => {
    const env = { EDITOR: "sed -i 's/severity: major/severity: info/'" };
    expect((await runCli(api, ['rule', 'edit', 'one'], env)).out).toContain('one is changed, version 3');
    expect((await run('quiet', 'add', '--rule', 'one', '--for', '2h', '--reason', 'works')).out).toContain(
      'no alerts of rule one until',
    );
    expect(await run('quiet', 'add', '--rule', 'one', '--for', 'soon', '--reason', 'x')).toMatchObject({ code: 2 });
    expect((await run('remove', 'one')).code).toBe(0);
    expect(JSON.parse((await run('list', '--json')).out)).toMatchObject([{ id: 'two' }]);
  });
});
