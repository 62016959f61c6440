/** Faults over HTTP and from the command line, how long they last, what the pictures show, and what happens by itself. */
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Control, startControl } from '#demo/devices/control.ts';
import { type ControlNote, controlNotePath } from '#demo/devices/control-note.ts';
import { FAULT_TABLE } from '#demo/devices/fault-table.ts';
import { stillOf } from '#demo/rtsp/still.ts';
import { ROOT_DIR } from '#system/config.ts';
import { until } from '#test/site/site.ts';
import { makeWith, type SmallFleet, startSmallFleet } from './small-fleet.ts';

let fleet: SmallFleet;
let control: Control;
let dataDir: string;

beforeAll(async () => {
  const makes = [makeWith('plain', {}), makeWith('reboots', { reboot: { everyS: 2, takesS: 0.5 } })];
  fleet = await startSmallFleet({ count: 2, recorders: 1, makes, isLiving: true });
  dataDir = resolve(fleet.folder, 'data');
  control = await startControl(fleet.fleet, { port: 0, dataDir: resolve(dataDir, 'demo') });
});
afterAll(async () => {
  await control?.[Symbol.asyncDispose]();
  await fleet?.[Symbol.asyncDispose]();
});

async function ask(method: string, path: string, body?: unknown, token = control.token) {
  const response = await fetch(`${control.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

describe('the control', () => {
  it('answers only who has the token, which only the owner of the data folder can read', async () => {
    expect(await ask('GET', '/faults', undefined, 'wrong')).toMatchObject({
      status: 401,
      answer: { code: 'unauthenticated' },
    });
    const path = controlNotePath(resolve(dataDir, 'demo'));
    const note = JSON.parse(readFileSync(path, 'utf8')) as ControlNote;
    expect(note).toMatchObject({ url: control.url, token: control.token });
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('lists every fault of the table, and every device with its addresses', async () => {
    expect((await ask('GET', '/faults')).answer.faults).toHaveLength(FAULT_TABLE.length);
    const { cameras } = (await ask('GET', '/cameras')).answer as { cameras: { id: string; streams: string[] }[] };
    expect(cameras.map(({ id }) => id)).toEqual(['camera-1', 'camera-2', 'recorder-3']);
    expect(cameras[2]?.streams).toHaveLength(16);
  });

  it('switches a fault on for a time, and it ends by itself', async () => {
    const on = await ask('POST', '/faults', { camera: '1', kind: 'freeze', forS: 0.4 });
    expect(on).toMatchObject({ status: 200, answer: { active: [{ device: 'camera-1', id: 'freeze' }] } });
    const { rtsp, streams } = fleet.device(1);
    expect(rtsp.state(streams[0]!.path).fault.kind).toBe('freeze');
    await until('it is over', () => rtsp.state(streams[0]!.path).fault.kind === 'none');
    expect(fleet.faults()).toEqual([]);
  });

  it('gives one channel of a recorder a fault, and the others none', async () => {
    await ask('POST', '/faults', { camera: 'recorder-3/4', kind: 'garbage', amount: 0.5 });
    const { rtsp, streams } = fleet.device(3);
    const ill = streams
      .filter(({ path }) => rtsp.state(path).fault.kind !== 'none')
      .map(({ channel }) => channel.number);
    expect(ill).toEqual([4, 4]);
    expect((await ask('DELETE', '/faults?camera=recorder-3')).answer).toEqual({ over: ['recorder-3/4'] });
  });

  it.each([
    [{ camera: '1', kind: 'nonsense' }, 404],
    [{ camera: '99', kind: 'freeze' }, 404],
    [{ street: 'nowhere', kind: 'freeze' }, 404],
    [{ camera: '1', kind: 'freeze', forS: -1 }, 400],
    [{ camera: '1', kind: 'freeze', colour: 'red' }, 400],
  ])('refuses %o in words', async (body, status) => {
    const { answer, ...rest } = await ask('POST', '/faults', body);
    expect(rest.status).toBe(status);
    expect(String(answer.message).split(' ').length).toBeGreaterThanOrEqual(4);
  });

  it('is what the command line uses', async () => {
    const run = async (...args: string[]) => {
      const env = { ...process.env, SHARP_EYES_DATA_DIR: dataDir };
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [resolve(ROOT_DIR, 'cli/main.ts'), 'demo', 'fault', ...args],
        { env },
      );
      return stdout;
    };
    expect(await run('--camera', '1', '--kind', 'frozen-picture', '--for', '60s')).toContain('camera-1, for 60s');
    expect(fleet.faults()).toMatchObject([{ id: 'frozen-picture' }]);
    expect(await run('--off')).toContain('well again: camera-1');
    expect(await run('--list')).toContain('night-noise');
  });
});

describe('a fault of the picture', () => {
  type Look = { mean: number; deviation: number; sharpness: number };

  async function look(): Promise<Look> {
    const { rtsp, streams } = fleet.device(1);
    const { clip } = rtsp.shown(streams[0]!.path);
    const { channels, sharpness } = await sharp(await stillOf(clip.file, 1))
      .greyscale()
      .stats();
    return { mean: channels[0]!.mean, deviation: channels[0]!.stdev, sharpness };
  }

  const looks: Record<string, (seen: Look, well: Look) => boolean> = {
    black: ({ mean }) => mean < 8,
    white: ({ mean }) => mean > 245,
    blurred: ({ sharpness }, well) => sharpness < well.sharpness / 3,
    covered: ({ mean, deviation }, well) => mean < well.mean / 2 && deviation < well.deviation,
    painted: ({ mean }, well) => Math.abs(mean - well.mean) > 5,
    turned: ({ mean }, well) => Math.abs(mean - well.mean) < 30,
    tilted: ({ mean }, well) => Math.abs(mean - well.mean) < 30,
    'night-noise': ({ mean }, well) => mean < well.mean / 2,
    'frozen-behind-clock': ({ mean }, well) => Math.abs(mean - well.mean) < 5,
  };

  it.each(Object.keys(looks))('%s shows in the picture, and is gone when it is over', async (kind) => {
    const well = await look();
    await fleet.setFault({ camera: '1', kind });
    const seen = await look();
    expect(looks[kind]?.(seen, well), JSON.stringify({ seen, well })).toBe(true);
    expect(fleet.device(1).rtsp.shown(fleet.device(1).streams[0]!.path).clip.file).toContain('/clips/');
    await fleet.clearFaults({ camera: '1' });
    expect(await look()).toEqual(well);
  });

  it('that hides the view is told as tampering by the device itself', async () => {
    const { events } = fleet.device(1).onvif;
    const { id } = events.subscribe(60_000)!;
    await events.pull(id, { waitMs: 0, limit: 100 });
    await fleet.setFault({ camera: '1', kind: 'covered' });
    await fleet.clearFaults({ camera: '1' });
    const told = (await events.pull(id, { waitMs: 0, limit: 100 })) ?? [];
    expect(told.filter(({ topic }) => topic === 'tamper').map(({ isOn }) => isOn)).toEqual([true, false]);
    events.end(id);
  });
});

describe('a device of the make that starts again every so often', () => {
  it('is dark for a while and comes back alone, again and again', async () => {
    const device = fleet.device(2);
    for (let round = 0; round < 2; round += 1) {
      await until('it is dark', () => !device.isUp());
      await until('it is back', () => device.isUp());
    }
    expect((await fetch(device.onvif.url, { method: 'POST' })).status).toBe(400);
  });
});
