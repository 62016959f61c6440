import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { VIEWS } from '#demo/world/views.ts';
import type { HeatMap } from '#models/schema/heat-map.ts';
import { freePort, testConfig, until } from '#test/site/site.ts';
import {
  commandEnvironment,
  finishCommand,
  processesOf,
  type RunningCommand,
  runCommand,
  waitForLink,
} from './running-command.ts';

async function signIn(url: string, code: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/sign-in/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ code }),
  });
  expect(response.status).toBe(200);
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

async function presence(url: string, cookie: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/heat-map?resolution=12`, { headers: { cookie } });
  expect(response.status).toBe(200);
  const map = (await response.json()) as HeatMap;
  return map.cells.reduce((sum, cell) => sum + (cell.value ?? 0), 0);
}

/** A failed test leaves nobody behind: children end with their parent. */
function start(args: string[], env: NodeJS.ProcessEnv): RunningCommand {
  const command = runCommand(args, env);
  onTestFinished(() => void command.process.kill('SIGKILL'));
  return command;
}

async function stop(command: RunningCommand, dataDir: string): Promise<void> {
  command.process.kill('SIGINT');
  expect(await command.ended).toBe(0);
  expect(processesOf(dataDir)).toEqual([]);
}

describe('./sharp-eyes demo', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('grows a heat map of the city from real RTSP streams, leaves no process behind, and keeps its data', async () => {
    const config = await testConfig();
    folders.push(config.dataDir);
    const args = ['demo', '--no-history', '--rtsp-port', String(await freePort())];
    const env = commandEnvironment(config);

    const first = start(args, env);
    const link = await waitForLink(first);
    const cookie = await signIn(link.url, link.code);
    let grown = 0;
    await until(
      'presence in cells',
      async () => {
        grown = await presence(link.url, cookie);
        return grown > 0;
      },
      90_000,
    );
    await until('more presence', async () => (await presence(link.url, cookie)) > grown);
    let cameras: { id: string; state?: { state: string } }[] = [];
    await until(
      'ten cameras are live',
      async () => {
        const listed = await finishCommand(['camera', 'list', '--json'], env);
        expect(listed.code).toBe(0);
        cameras = JSON.parse(listed.answer) as typeof cameras;
        return cameras.filter((camera) => camera.state?.state === 'live').length >= 10;
      },
      120_000,
    );
    expect(cameras.map((camera) => camera.id)).toEqual(VIEWS.map((view) => view.id).sort());
    const counted = await finishCommand(['sql', 'select count() as n from sightings', '--json'], env);
    expect(Number(JSON.parse(counted.answer).n)).toBeGreaterThan(0);
    await stop(first, config.dataDir);

    const second = start(args, env);
    const again = await waitForLink(second);
    expect(second.output()).not.toContain('First start');
    expect(await presence(again.url, await signIn(again.url, again.code))).toBeGreaterThanOrEqual(grown);
    await stop(second, config.dataDir);
  });

  it('starts without the footage that is asked for, says so in one sentence, and ends with 0', async () => {
    const config = await testConfig();
    const nothing = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-nothing-'));
    folders.push(config.dataDir, nothing);
    const env = commandEnvironment(config, { SHARP_EYES_MATERIAL_DIR: nothing });
    const demo = start(['demo', '--footage', '--rtsp-port', String(await freePort())], env);
    const link = await waitForLink(demo);
    const cookie = await signIn(link.url, link.code);
    expect(demo.output()).toContain('There is no footage yet');
    const site = await fetch(`${link.url}/api/v1/site`, { headers: { cookie } });
    expect(await site.json()).toMatchObject({ hasModel: true, modelName: 'eyes-nano', cameras: 0 });
    await stop(demo, config.dataDir);
  });
});
