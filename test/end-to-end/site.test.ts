import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeClip } from '#demo/rtsp/clip.ts';
import { type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import type { Config } from '#system/config.ts';
import { freePort, testConfig, until } from '#test/site/site.ts';
import {
  commandEnvironment,
  finishCommand,
  processesOf,
  type RunningCommand,
  runCommand,
  waitForLink,
} from './running-command.ts';

describe('./sharp-eyes up, and the commands beside it', () => {
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-up-'));
  const clip = resolve(folder, 'clip.mp4');
  const passwordFile = resolve(folder, 'password');
  let config: Config;
  let env: NodeJS.ProcessEnv;
  let site: RunningCommand;
  let rtsp: RtspServer;
  const run = (...args: string[]) => finishCommand(args, env);

  beforeAll(async () => {
    config = await testConfig();
    env = commandEnvironment(config);
    await writeClip({
      path: clip,
      codec: 'h264',
      width: 320,
      height: 180,
      fps: 10,
      seconds: 4,
      gopS: 1,
      scene: 'moving-box',
      seed: 1,
    });
    writeFileSync(passwordFile, 'p@ss:/#%\n');
    rtsp = await startRtspServer({
      port: 0,
      streams: [{ path: 'gate', file: clip, user: 'viewer', password: 'p@ss:/#%' }],
    });
    site = runCommand(['up'], env);
    await waitForLink(site);
  });

  afterAll(async () => {
    site.process.kill('SIGTERM');
    await site.ended;
    await rtsp[Symbol.asyncDispose]();
    expect(processesOf(config.dataDir)).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
    rmSync(config.dataDir, { recursive: true, force: true });
  });

  it('shows the first password once, and nobody gets in without', async () => {
    // It is printed after the link that was waited for.
    await until('the first password is shown', () => /user "admin", password "[\w-]{16,}"/.test(site.output()));
    const answer = await fetch(`http://127.0.0.1:${config.apiPort}/api/v1/cameras`);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'unauthenticated' });
  });

  it('takes a camera while it runs, with a password full of signs, and it is live within seconds', async () => {
    const added = await run(
      'camera',
      'add',
      '--name',
      'gate-3',
      '--url',
      rtsp.url('gate'),
      '--user',
      'viewer',
      '--password-file',
      passwordFile,
    );
    expect(added.output).toMatch(/gate-3 added: (live|degraded \(model-missing\)), h264 320x180/);
    expect(added.code).toBe(0);
    expect((await run('camera', 'list')).output).toMatch(/gate-3/);
  });

  it('says the true reason and the cure for a wrong password, a wrong path and a closed port', async () => {
    const closedUrl = `rtsp://127.0.0.1:${await freePort()}/x`;
    const [wrong, lost, closed] = await Promise.all([
      run('camera', 'add', '--name', 'wrong', '--url', rtsp.url('gate'), '--user', 'viewer'),
      run('camera', 'add', '--name', 'lost', '--url', rtsp.url('nowhere')),
      run('camera', 'add', '--name', 'closed', '--url', closedUrl),
    ]);
    expect(wrong.output).toMatch(/down \(camera-unauthorised\).*what to do: Correct user and password/s);
    expect(wrong.code).toBe(1);
    expect(lost.output).toMatch(/camera-not-found/);
    expect(closed.output).toMatch(/camera-refused/);
    const removals = await Promise.all(['wrong', 'lost', 'closed'].map((id) => run('camera', 'remove', id)));
    expect(removals.map(({ code }) => code)).toEqual([0, 0, 0]);
    const { answer } = await run('camera', 'list', '--json');
    expect((JSON.parse(answer) as { id: string }[]).map((camera) => camera.id)).toEqual(['gate-3']);
    expect(answer).not.toContain('p@ss');
  });

  it('refuses crossing polygons and points on one line in words, and changes nothing', async () => {
    const square = resolve(folder, 'bow-tie.geojson');
    const ring = [
      [117, 36],
      [117.01, 36.01],
      [117.01, 36],
      [117, 36.01],
      [117, 36],
    ];
    const properties = { id: 'tie', name: 'Tie', level: 'grid', parent: null };
    writeFileSync(
      square,
      JSON.stringify({
        type: 'FeatureCollection',
        features: [{ type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } }],
      }),
    );
    const refused = await run('grid', 'import', square);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/cross/i);
    const line = resolve(folder, 'line.json');
    writeFileSync(
      line,
      JSON.stringify([0.1, 0.3, 0.5, 0.9].map((x) => ({ x, y: x, lon: 117 + x / 1000, lat: 36 + x / 1000 }))),
    );
    const collinear = await run('camera', 'calibrate', 'gate-3', '--points', line);
    expect(collinear.code).toBe(1);
    expect(collinear.output).toMatch(/calibration-collinear/);
  });

  it('answers SQL, refuses to change anything by it, and reports a wrong query in the engine’s words', async () => {
    const [sum, drop, wrong] = await Promise.all([
      run('sql', 'select 1 + 1 as two', '--json'),
      run('sql', 'drop table sightings'),
      run('sql', 'select nope from sightings'),
    ]);
    expect(sum.answer.trim()).toBe('{"two":2}');
    expect(drop.code).toBe(1);
    expect(wrong.output).toMatch(/nope.*\[query-failed\]/s);
  });

  it('exits with 2 for a wrong flag or key and names the nearest right one', async () => {
    const [flag, command, key] = await Promise.all([
      run('camera', 'list', '--jsn'),
      run('camra'),
      finishCommand(['doctor'], { ...env, SHARP_EYES_API_PROT: '1' }),
    ]);
    expect(flag).toMatchObject({ code: 2 });
    expect(flag.output).toMatch(/--json/);
    expect(command).toMatchObject({ code: 2 });
    expect(command.output).toMatch(/camera/);
    expect(key).toMatchObject({ code: 2 });
    expect(key.output).toMatch(/SHARP_EYES_API_PORT/);
  });

  it('backs up while it runs and restores into an empty folder, cameras, password and rows alike', async () => {
    const backup = resolve(folder, 'backup');
    const key = resolve(folder, 'seal.key');
    const written = await run('backup', backup, '--key-out', key);
    expect(written.output).toMatch(/registry entries/);
    expect(written.code).toBe(0);
    const other = await testConfig();
    rmSync(other.dataDir, { recursive: true });
    const restored = await finishCommand(['restore', backup, '--key', key], commandEnvironment(other));
    expect(restored.output).toMatch(/\d+ rows, .*restored/);
    expect(restored.code).toBe(0);
    const twin = runCommand(['up'], commandEnvironment(other));
    await waitForLink(twin);
    const env2 = commandEnvironment(other);
    const { answer } = await finishCommand(['camera', 'list', '--json'], env2);
    expect(JSON.parse(answer)).toMatchObject([{ id: 'gate-3', hasPassword: true }]);
    const again = await finishCommand(['restore', backup, '--key', key], env2);
    expect(again.code).not.toBe(0);
    twin.process.kill('SIGTERM');
    expect(await twin.ended).toBe(0);
    rmSync(other.dataDir, { recursive: true, force: true });
  });
});
