import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DiscoveredDevice } from '#models/schema/discovered-device.ts';
import { configEnvironment, ROOT_DIR } from '#system/config.ts';
import { answer, idIn, type Responder, respond } from '#test/ingest/discovery/responder.ts';
import { testConfig } from '#test/site/site.ts';

const HOST = '127.9.7.1';

type Outcome = { code: number | null; out: string; err: string };

describe('camera discover', () => {
  let device: Responder;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    env = { ...process.env, ...configEnvironment(await testConfig()) };
    const scopes = ['manufacturer/Halmar', 'hardware/HM-20', 'name/=1+1', 'location/Mill%20Street'];
    device = await respond(HOST, 3702, (question) => [
      answer({
        uuid: '6a7c0000-0000-4000-8000-000000000001',
        relatesTo: idIn(question),
        xaddrs: `http://${HOST}:8000/onvif/device_service`,
        scopes: scopes.map((scope) => `onvif://www.onvif.org/${scope}`).join(' '),
      }),
    ]);
  });
  afterAll(async () => device?.[Symbol.asyncDispose]());

  function run(...args: string[]): Promise<Outcome> {
    const child = spawn(process.execPath, [resolve(ROOT_DIR, 'cli/main.ts'), 'camera', 'discover', ...args], { env });
    const outcome: Outcome = { code: null, out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      outcome.out += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      outcome.err += String(chunk);
    });
    return new Promise((done) => child.once('close', (code) => done({ ...outcome, code })));
  }

  it('prints one row for each device, with its make, where nothing of ours runs', async () => {
    const { code, out } = await run('--host', HOST, '--seconds', '0.5');
    expect(code).toBe(0);
    expect(out).toMatch(/^address .*make .*model .*registered$/m);
    expect(out).toMatch(/^127\.9\.7\.1:8000 +Halmar +HM-20 +=1\+1 +Mill Street/m);
    expect(out).toContain('1 devices');
  });

  it('writes a sheet that camera import reads, in which no cell is a formula', async () => {
    const { out } = await run('--host', HOST, '--seconds', '0.5', '--csv');
    const rows = parse<Record<string, string>>(out, { columns: true });
    expect(rows).toMatchObject([
      { onvif: `${HOST}:8000`, name: "'=1+1", manufacturer: 'Halmar', device_model: 'HM-20', registered: '?' },
    ]);
    expect(Object.keys(rows[0] ?? {})).not.toContain('id');
  });

  it('prints JSON, and refuses what it cannot do with exit code 2 and a cure', async () => {
    const { out } = await run('--host', HOST, '--seconds', '0.5', '--json');
    expect((JSON.parse(out) as DiscoveredDevice[]).map(({ key }) => key)).toEqual([
      '6a7c0000-0000-4000-8000-000000000001',
    ]);
    const wide = await run('--range', '10.0.0.0/8');
    expect(wide.err).toContain('[range-too-large]');
    expect(wide.err).toContain('what to do');
    expect((await run('--ports', '80,nonsense', '--host', HOST)).code).toBe(2);
  });
});
