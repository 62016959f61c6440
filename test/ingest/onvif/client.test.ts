/** Our client against every make of the city in the box, whose fixtures it did not write. */
import { Cam } from 'onvif/promises/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VirtualDevice } from '#demo/devices/device.ts';
import { MAKES, type MakeId } from '#demo/devices/make.ts';
import { openOnvifClient } from '#ingest/onvif/client.ts';
import { readInformation, readMore, readServices } from '#ingest/onvif/device-services.ts';
import type { LoginMethod } from '#ingest/onvif/logins.ts';
import { createLogins } from '#ingest/onvif/logins.ts';
import { readProfiles, readStreamUri } from '#ingest/onvif/media.ts';
import { makeWith, type SmallFleet, startSmallFleet } from '#test/demo/devices/small-fleet.ts';

/** The fourth bad login locks; a wrong password costs two, and a right one that has to be sent as text one more. */
const LOCK_OUT = { triesMax: 4, lockS: 300 };

let fleet: SmallFleet;
beforeAll(async () => {
  const makes = MAKES.map(({ id }) => makeWith(id, { lockOut: LOCK_OUT }));
  fleet = await startSmallFleet({ count: MAKES.length, recorders: 1, makes });
});
afterAll(async () => fleet?.[Symbol.asyncDispose]());

const of = (id: MakeId) => fleet.device(MAKES.findIndex((make) => make.id === id) + 1);

function open(
  { onvif, plan }: VirtualDevice,
  login: { password?: string; user?: string } = {},
  logins = createLogins(),
) {
  return openOnvifClient({
    host: '127.0.0.1',
    port: onvif.port,
    user: plan.user,
    password: plan.password,
    logins,
    ...login,
  });
}

const METHODS: Record<MakeId, LoginMethod> = {
  plain: 'http-digest',
  'password-text': 'wsse-text',
  'digest-only': 'http-digest',
  'wrong-clock': 'wsse-digest',
  'behind-nat': 'http-digest',
  'media2-only': 'http-digest',
  truncates: 'http-digest',
  'fault-200': 'wsse-digest',
  'numbers-and-names': 'http-digest',
  'locks-out': 'http-digest',
  reboots: 'http-digest',
  'sha-256': 'http-digest',
  'needs-addressing': 'http-digest',
};

describe('the client', () => {
  it.each(MAKES)('signs in to a $id device, reads who it is and its profiles', async ({ id, manufacturer, model }) => {
    const device = of(id);
    const client = await open(device);
    await client.readClock();
    const services = await readServices(client);
    expect(await readInformation(client)).toMatchObject({
      manufacturer,
      model,
      serial: device.plan.make.serial(device.plan.number),
    });
    expect(client.login.method()).toBe(METHODS[id]);
    const profiles = await readProfiles(services);
    expect(profiles).toMatchObject([
      { token: 'ch1_main', channel: 'video-source-1', codec: 'h264', width: 320, height: 180, fps: 15, gop: 30 },
      { token: 'ch1_sub', channel: 'video-source-1', codec: 'h264' },
    ]);
    const { pathname, search } = new URL(device.urlOf(device.streams[0]!));
    expect((await readStreamUri(services, profiles[0]!)).endsWith(`${pathname}${search}`)).toBe(true);
    expect(await readMore(client)).toMatchObject({ name: device.plan.name });
  });

  it.each(MAKES)('is refused by a $id device for a wrong password, and does not lock it', async ({ id }) => {
    const device = of(id);
    const logins = createLogins();
    const client = await open(device, { password: 'wrong' }, logins);
    await client.readClock();
    await expect(readInformation(client)).rejects.toMatchObject({ code: 'camera-unauthorised' });
    // The same password is not sent again, by nobody in this process.
    for (const again of [client, await open(device, { password: 'wrong' }, logins)]) {
      await expect(readInformation(again)).rejects.toThrow('not tried again');
    }
    const right = await open(device, {}, logins);
    await right.readClock();
    expect(await readInformation(right)).toMatchObject({ model: device.plan.make.model });
  });

  it('says that a login is needed where none was given', async () => {
    const logins = createLogins();
    const { port } = of('plain').onvif;
    const client = await openOnvifClient({ host: '127.0.0.1', port, logins });
    await expect(readInformation(client)).rejects.toMatchObject({ code: 'camera-login-needed' });
  });

  it('tells a lock from a wrong password where the same one was right before', async () => {
    const device = of('reboots');
    const logins = createLogins();
    expect((await readInformation(await open(device, {}, logins))).manufacturer).toMatch(/\w/);
    device.onvif.setAnswers({ kind: 'unauthorised' });
    const refused = readInformation(await open(device, {}, logins));
    await expect(refused).rejects.toMatchObject({ code: 'camera-locked' });
    device.onvif.setAnswers({ kind: 'none' });
  });

  it('signs in for ten at once one after the other: a wrong password costs two failures, not twenty', async () => {
    const device = of('needs-addressing');
    const logins = createLogins();
    const clients = await Promise.all(Array.from({ length: 10 }, () => open(device, { password: 'no' }, logins)));
    const verdicts = await Promise.allSettled(clients.map((client) => readInformation(client)));
    expect(verdicts.every(({ status }) => status === 'rejected')).toBe(true);
    expect((await readInformation(await open(device, {}, logins))).manufacturer).toMatch(/\w/);
  });

  it('signs with the device’s clock, 40 minutes fast, and reads a clock that only a login opens', async () => {
    const wrong = await open(of('wrong-clock'));
    expect(Math.round((await wrong.readClock())!.offsetMs / 10_000)).toBe(240);
    const locked = await open(of('digest-only'));
    expect(await locked.readClock()).toMatchObject({ from: 'http' });
    await readInformation(locked);
    expect(await locked.readClock()).toMatchObject({ from: 'device' });
  });

  it('reads sixteen profiles of eight channels of a recorder', async () => {
    const client = await open(fleet.device(MAKES.length + 1));
    const profiles = await readProfiles(await readServices(client));
    expect(profiles).toHaveLength(16);
    expect(new Set(profiles.map(({ channel }) => channel)).size).toBe(8);
  });

  it('reads the lists of a device that cuts its answers by Media2, one by one where they are long', async () => {
    await using long = await startSmallFleet({ recorders: 1, count: 0, makes: [makeWith('truncates', {})] });
    const client = await open(long.devices[0]!);
    expect(await readProfiles(await readServices(client))).toHaveLength(16);
  });
});

describe('npm onvif, as an oracle,', () => {
  /** It signs by digest only. */
  const readable = MAKES.filter(({ id }) => id !== 'password-text');
  it.each(readable)('reads the same of a $id device', async ({ id }) => {
    const device = of(id);
    const { user, password } = device.plan;
    const { port } = device.onvif;
    const oracle = new Cam({
      hostname: '127.0.0.1',
      port,
      username: user,
      password,
      autoconnect: false,
      preserveAddress: true,
    });
    await oracle.connect();
    type Told = { $: { token: string }; videoEncoderConfiguration: { resolution: { width: number; height: number } } };
    const told = (await oracle.getProfiles()) as unknown as Told[];
    const { manufacturer, model, firmwareVersion } = await oracle.getDeviceInformation();
    const client = await open(device);
    await client.readClock();
    expect(await readInformation(client)).toMatchObject({ manufacturer, model, firmware: firmwareVersion });
    const own = await readProfiles(await readServices(client));
    expect(own.map(({ token, width, height }) => ({ token, width, height }))).toEqual(
      told.map(({ $, videoEncoderConfiguration }) => ({ token: $.token, ...videoEncoderConfiguration.resolution })),
    );
  });
});
