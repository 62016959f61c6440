import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAKES } from '#demo/devices/make.ts';
import { unseal } from '#models/registry/seal.ts';
import { writeSheet } from '#models/registry/sheet/write-sheet.ts';
import type { ImportOutcome, RowOutcome } from '#models/schema/camera-import.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { type SmallFleet, startSmallFleet } from '#test/demo/devices/small-fleet.ts';
import { runCli } from './run-cli.ts';

const SECRET = 'p@ss,"w;rd';

describe('camera import', () => {
  let api: ApiSite;
  let fleet: SmallFleet;
  beforeAll(async () => {
    api = await startApi();
    fleet = await startSmallFleet({ makes: MAKES, count: MAKES.length, recorders: 1, ptz: 0, discoveryPort: 3703 });
    await fleet.fleet.prepared;
  });
  afterAll(async () => {
    await fleet?.[Symbol.asyncDispose]();
    await api?.[Symbol.asyncDispose]();
  });

  const file = (name: string, content: string) => {
    const path = resolve(api.config.dataDir, name);
    writeFileSync(path, content);
    return path;
  };
  const passwordOf = (id: string) => {
    const source = api.context.cameras.get(id)?.source as { sealedPassword: string };
    return unseal(source.sealedPassword, api.context.sealKey, id);
  };

  it('says in a dry run what would change, and writes nothing', async () => {
    const sheet = file('dry.csv', '名称,取流地址\n东门,rtsp://10.3.0.1/1\n坏,http://x/\n');
    const { code, out, err } = await runCli(api, ['camera', 'import', sheet, '--dry-run']);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/2 +added +camera-\w+ +url: \+ rtsp:\/\/10\.3\.0\.1\/1/);
    expect(out).toMatch(/3 +refused .*url has the scheme "http".*\[invalid-value\]/);
    expect(out).toContain('1 would be added, 0 would be changed, 0 unchanged, 1 refused.\nNothing was written');
    expect(api.context.cameras.list()).toEqual([]);
  });

  it('takes passwords from files beside the sheet and from the environment, and never prints one', async () => {
    file('gate.secret', `${SECRET}\n`);
    const sheet = file(
      'secrets.csv',
      `id,name,url,user,password,password_file,password_env\n` +
        `a,A,rtsp://10.3.0.2/1,u,,gate.secret,\nb,B,rtsp://10.3.0.3/1,u,,,GATE_SECRET\n` +
        `c,C,rtsp://10.3.0.4/1,u,plain-secret,,\nd,D,rtsp://10.3.0.5/1,u,,nowhere.secret,\n` +
        `e,E,rtsp://10.3.0.6/1,u,both-secret,gate.secret,\nf,F,rtsp://10.3.0.7/1,u,,,NO_SUCH\n`,
    );
    const { code, out, err } = await runCli(api, ['camera', 'import', sheet], { GATE_SECRET: `${SECRET}2` });
    expect(code).toBe(1);
    expect([passwordOf('a'), passwordOf('b'), passwordOf('c')]).toEqual([SECRET, `${SECRET}2`, 'plain-secret']);
    expect(err).toContain('2 rows carry their passwords as plain text');
    expect(out).toMatch(/5 +refused +d +the password file .*nowhere.secret cannot be read/);
    expect(out).toMatch(/6 +refused +e +only one of password/);
    expect(out).toMatch(/7 +refused +f +the environment has no variable "NO_SUCH"/);
    expect(out + err).not.toMatch(/p@ss|plain-secret|both-secret/);
  });

  it('writes nothing at all where one row is refused and all or nothing is asked for', async () => {
    const sheet = file('all.csv', 'id,name,url,lat\ng,G,rtsp://10.3.0.8/1,\nh,H,rtsp://10.3.0.9/1,north\n');
    const { code, out } = await runCli(api, ['camera', 'import', sheet, '--all-or-nothing']);
    expect({ code, out }).toMatchObject({ code: 1, out: expect.stringContaining('Nothing was written.') });
    expect(api.context.cameras.get('g')).toBeUndefined();
  });

  it('exports what can be imported again, readable by its owner alone', async () => {
    const path = resolve(api.config.dataDir, 'out.yaml');
    expect((await runCli(api, ['camera', 'export', '--out', path])).code).toBe(0);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toMatch(/p@ss|sealed|password/);
    const again = await runCli(api, ['camera', 'import', path]);
    expect(again.out).toContain('0 added, 0 changed, 3 unchanged, 0 refused.');
  });

  it('registers every make of the city by its address and login alone, or tells the true reason, again and again', async () => {
    const rows = fleet.fleet.devices.map(({ plan, onvif }) => ({
      name: plan.name,
      onvif: `127.0.0.1:${onvif.port}`,
      user: plan.user,
      password: plan.password,
      tags: [plan.make.id],
    }));
    const wrong = { ...rows[0], name: 'wrong', onvif: '127.0.0.1:1', tags: ['wrong'] };
    const sheet = file('fleet.csv', writeSheet([...rows, wrong], 'csv'));
    const run = async () => {
      const { out } = await runCli(api, ['camera', 'import', sheet, '--json']);
      return JSON.parse(out) as ImportOutcome;
    };
    const first = await run();
    const makeOf = ({ row }: RowOutcome) => rows[row - 2]?.tags[0] ?? 'nobody there';
    const refused = first.rows.filter(({ verdict }) => verdict === 'refused');
    expect(Object.fromEntries(refused.map((row) => [makeOf(row), row.code]))).toEqual({
      'sha-256': 'camera-needs-sha-256',
      'nobody there': 'camera-refused',
    });
    const recorder = fleet.fleet.devices.findIndex(({ plan }) => plan.kind === 'recorder');
    expect(first.rows.filter(({ row }) => row === recorder + 2)).toHaveLength(8);
    expect(first.counts).toMatchObject({ added: MAKES.length - 1 + 8, changed: 0, unchanged: 0 });
    const camera = api.context.cameras.list().find(({ tags }) => tags?.includes('behind-nat'));
    expect(camera).toMatchObject({ device: { host: '127.0.0.1', scheme: 'onvif', serial: expect.any(String) } });
    expect(camera?.source).toMatchObject({ url: expect.stringContaining('rtsp://127.0.0.1:') });
    const again = await run();
    expect(again.counts).toMatchObject({ added: 0, changed: 0, unchanged: first.counts.added });
  });
});
