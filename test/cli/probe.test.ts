/** `camera probe` and `camera add --onvif` as processes of their own: what they print, and what nobody may read. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { ProbeStep } from '#models/schema/probe.ts';
import { configEnvironment, ROOT_DIR } from '#system/config.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { makeWith, type SmallFleet, startSmallFleet } from '#test/demo/devices/small-fleet.ts';
import { until } from '#test/site/site.ts';

let api: ApiSite;
let fleet: SmallFleet;
let folder: string;
beforeAll(async () => {
  api = await startApi();
  fleet = await startSmallFleet({ count: 1, recorders: 1, makes: [makeWith('wrong-clock', {})] });
  await fleet.fleet.prepared;
  folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-probe-'));
});
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]();
  await api?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

type Run = { child: ChildProcess; text: () => string; ended: Promise<number | null> };

function run(args: string[], more: NodeJS.ProcessEnv = {}): Run {
  const env = { ...process.env, ...configEnvironment(api.config), SHARP_EYES_URL: api.url, ...more };
  const main = resolve(ROOT_DIR, 'cli/main.ts');
  const child = spawn(process.execPath, ['--no-warnings', main, 'camera', ...args], { env });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return { child, text: () => text, ended: new Promise((done) => child.once('close', done)) };
}

const device = (number: number) => fleet.device(number);
const hostOf = (number: number) => `127.0.0.1:${device(number).onvif.port}`;

describe('camera probe', () => {
  it('prints each step, saves a snapshot, and shows the password nowhere, nor the process list', async () => {
    const { user, password } = device(1).plan;
    const file = resolve(folder, 'snapshot.jpg');
    const args = ['probe', hostOf(1), '--user', user, '--seconds', '1', '--snapshot', file];
    const { child, text, ended } = run(args, { SHARP_EYES_PASSWORD: password });
    await until('it has begun', () => text().includes('login'));
    const list = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8');
    expect(await ended).toBe(0);
    expect(text()).toMatch(/^clock +warning +its clock is 40 minutes fast/m);
    expect(text()).toMatch(/^choice +good +detect on/m);
    expect(readFileSync(file).subarray(0, 2).toString('hex')).toBe('ffd8');
    expect(list).toContain('probe');
    for (const shown of [list, text()]) expect(shown).not.toContain(password);
  });

  it('with a wrong password from a file ends with 1 and says what to do; as JSON, one object per step', async () => {
    const file = resolve(folder, 'password');
    writeFileSync(file, 'not-the-password\n');
    const args = ['probe', hostOf(1), '--user', device(1).plan.user, '--password-file', file, '--json'];
    const { text, ended } = run(args);
    expect(await ended).toBe(1);
    const steps = text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ProbeStep);
    expect(steps.at(-1)).toMatchObject({ step: 'login', verdict: 'wrong', code: 'camera-unauthorised' });
    expect(text()).not.toContain('not-the-password');
  });

  it('of what is no host is wrong usage', async () => {
    const { text, ended } = run(['probe', 'no host', '--user', 'a'], { SHARP_EYES_PASSWORD: 'x' });
    expect(await ended).toBe(2);
    expect(text()).toContain('is no host');
  });
});

describe('camera add --onvif', () => {
  it('registers each channel of a recorder with its streams and its device', async () => {
    const { user, password } = device(2).plan;
    const args = ['add', '--name', 'hall', '--onvif', hostOf(2), '--user', user, '--all-channels'];
    const { child, text, ended } = run(args, { SHARP_EYES_PASSWORD: password });
    let cameras: CameraView[] = [];
    await until(
      'all are registered',
      async () => {
        const { body } = await api.ask('GET', '/api/v1/cameras');
        ({ cameras } = body as { cameras: CameraView[] });
        return cameras.length === 8 || child.exitCode !== null;
      },
      120_000,
    );
    child.kill();
    await ended;
    expect(cameras.map(({ name }) => name).toSorted()[0]).toBe('hall channel 1');
    const first = cameras.find(({ device: box }) => box?.channel === 'video-source-1');
    const { host, port } = { host: '127.0.0.1', port: device(2).onvif.port };
    expect(first).toMatchObject({
      source: { kind: 'rtsp', user, url: expect.stringMatching(/^rtsp:\/\/127\.0\.0\.1:\d+\//) },
      hasPassword: true,
      device: { host, port, scheme: 'onvif', manufacturer: 'Halmar', serial: device(2).plan.make.serial(2) },
    });
    expect(JSON.stringify(cameras)).not.toContain(password);
    expect(text()).not.toContain(password);
  });
});
