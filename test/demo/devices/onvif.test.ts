/** Every make as independent clients read it: npm `onvif`, and requests written by hand. */
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import onvif from 'onvif';
import { Cam } from 'onvif/promises/index.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VirtualDevice } from '#demo/devices/device.ts';
import { MAKES } from '#demo/devices/make.ts';
import { openOnvifClient } from '#ingest/onvif/client.ts';
import { readServices } from '#ingest/onvif/device-services.ts';
import { createLogins } from '#ingest/onvif/logins.ts';
import { readProfiles } from '#ingest/onvif/media.ts';
import { readStreams } from '#ingest/onvif/streams.ts';
import { RawClient } from '#test/demo/rtsp/raw-client.ts';
import { until } from '#test/site/site.ts';
import { makeWith, type SmallFleet, startSmallFleet } from './small-fleet.ts';
import { type Answer, askDevice, signed, tokenOf } from './soap-client.ts';

const NUMBER_OF = Object.fromEntries(MAKES.map(({ id }, index) => [id, index + 1])) as Record<string, number>;
const RECORDER = MAKES.length + 1;
const PTZ = MAKES.length + 2;

let fleet: SmallFleet;

beforeAll(async () => {
  const makes = MAKES.map(({ id }) => {
    if (id === 'locks-out') return makeWith(id, { lockOut: { triesMax: 5, lockS: 1 } });
    return makeWith(id, id === 'reboots' ? { reboot: { everyS: 3600, takesS: 0.4 } } : {});
  });
  fleet = await startSmallFleet({ count: MAKES.length, recorders: 1, ptz: 1, makes, discoveryPort: 3702 });
  await fleet.fleet.prepared;
});
afterAll(async () => fleet?.[Symbol.asyncDispose]());

const of = (id: (typeof MAKES)[number]['id']) => fleet.device(NUMBER_OF[id]!);

/** The library's methods, as they are without their incomplete types. */
type Client = Record<string, (...args: unknown[]) => Promise<Record<string, unknown>>> & {
  profiles: { $: { token: string }; videoEncoderConfiguration?: { encoding: string } }[];
  videoSources: unknown[];
};

async function connected(device: VirtualDevice, password = device.plan.password): Promise<Client> {
  const cam = new Cam({
    hostname: '127.0.0.1',
    port: device.onvif.port,
    username: device.plan.user,
    password,
    timeout: 5000,
    autoconnect: false,
    preserveAddress: true,
  });
  await cam.connect();
  return cam as unknown as Client;
}

const ask = (device: VirtualDevice, body: string, more: Parameters<typeof askDevice>[2] = {}): Promise<Answer> =>
  askDevice(device.onvif.url, body, more);

const GET_PROFILES = '<GetProfiles xmlns="http://www.onvif.org/ver10/media/wsdl"/>';
const GET_PROFILES_2 = '<GetProfiles xmlns="http://www.onvif.org/ver20/media/wsdl"/>';
const GET_INFORMATION = '<GetDeviceInformation xmlns="http://www.onvif.org/ver10/device/wsdl"/>';
const CREATE = (term: string) =>
  `<CreatePullPointSubscription xmlns="http://www.onvif.org/ver10/events/wsdl"><InitialTerminationTime>${term}</InitialTerminationTime></CreatePullPointSubscription>`;
const PULL =
  '<PullMessages xmlns="http://www.onvif.org/ver10/events/wsdl"><Timeout>PT2S</Timeout><MessageLimit>20</MessageLimit></PullMessages>';

describe('npm onvif', () => {
  /** The library signs by digest only: who wants the password as text is asked by hand below. */
  const readable = MAKES.filter(({ id }) => id !== 'password-text');
  it.each(readable)(
    'reads who a $id device is, its profiles, and where its streams are',
    async ({ id, manufacturer }) => {
      const device = of(id);
      const client = await connected(device);
      expect(await client.getDeviceInformation!()).toMatchObject({ manufacturer, model: device.plan.make.model });
      expect(client.profiles.map(({ $ }) => $.token)).toEqual(['ch1_main', 'ch1_sub']);
      expect(client.profiles.every((profile) => profile.videoEncoderConfiguration?.encoding === 'H264')).toBe(true);
      expect(client.videoSources).toHaveLength(1);
      const { uri } = await client.getStreamUri!({ protocol: 'RTSP', profileToken: 'ch1_main' });
      const stream = new URL(device.urlOf(device.streams[0]!));
      expect(new URL(String(uri)).port).toBe(stream.port);
      expect(String(uri).endsWith(`${stream.pathname}${stream.search}`)).toBe(true);
      expect(await client.getImagingSettings!()).toMatchObject({ brightness: 50, irCutFilter: 'AUTO' });
      expect(await client.getScopes!()).toContainEqual({
        scopeDef: 'Fixed',
        scopeItem: 'onvif://www.onvif.org/type/Network_Video_Transmitter',
      });
    },
  );

  it('reads everything else that a device tells of itself', async () => {
    const client = await connected(of('plain'));
    expect(await client.getCapabilities!()).toMatchObject({ events: { WSPullPointSupport: true } });
    expect(await client.getServiceCapabilities!()).toMatchObject({ security: { UsernameToken: true } });
    expect(await client.getHostname!()).toMatchObject({ fromDHCP: false });
    expect(await client.getNetworkInterfaces!()).toHaveLength(1);
    expect(await client.getUsers!()).toEqual([{ username: 'admin', userLevel: 'Administrator' }]);
    expect(await client.getVideoSourceConfigurations!()).toHaveLength(1);
    expect(await client.getVideoEncoderConfigurations!()).toHaveLength(2);
    expect(JSON.stringify(await client.getVideoEncoderConfigurationOptions!())).toContain('"qualityRange"');
    expect(await client.getEventProperties!()).toHaveProperty('topicSet.ruleEngine.cellMotionDetector.motion');
    expect(await client.getEventServiceCapabilities!()).toMatchObject({ WSPullPointSupport: true });
    expect(await client.getImagingServiceCapabilities!()).toEqual(expect.any(Object));
  });

  it('finds eight channels behind one recorder', async () => {
    const client = await connected(fleet.device(RECORDER));
    expect(client.videoSources).toHaveLength(8);
    expect(client.profiles).toHaveLength(16);
    const { uri } = await client.getStreamUri!({ protocol: 'RTSP', profileToken: 'ch5_sub' });
    expect(String(uri)).toContain('/stream/5/sub');
  });

  it('turns a head, goes to presets, and sees that somebody else has moved it', async () => {
    const device = fleet.device(PTZ);
    const client = await connected(device);
    const presets = await client.getPresets!({ profileToken: 'ch1_main' });
    expect(Object.values(presets)).toHaveLength(4);
    await client.gotoPreset!({ profileToken: 'ch1_main', preset: 'preset-3' });
    expect(await client.getStatus!({ profileToken: 'ch1_main' })).toMatchObject({
      position: { x: 0.6 },
      moveStatus: { panTilt: 'MOVING' },
    });
    const main = device.streams[0]!;
    const shown = () => device.rtsp.shown(main.path).clip.file;
    await until('the picture is the preset’s', () => shown() !== main.clip.file);
    device.onvif.ptz?.goTo('preset-1');
    expect(await client.getStatus!({ profileToken: 'ch1_main' })).toMatchObject({ position: { x: 0, y: 0, zoom: 0 } });
    await client.relativeMove!({ profileToken: 'ch1_main', x: 0.2, y: 0, zoom: 0.1 });
    await client.setPreset!({ profileToken: 'ch1_main', presetName: 'school gate' });
    expect(Object.keys(await client.getPresets!({ profileToken: 'ch1_main' }))).toContain('school gate');
    await until('the whole view is back', () => shown() === main.clip.file);
  });

  it('pulls events of all four kinds', async () => {
    const device = of('plain');
    const client = await connected(device);
    await client.createPullPointSubscription!();
    for (const topic of ['motion', 'tamper', 'digital-input', 'signal-loss'] as const) {
      fleet.raise(device.plan.id, topic, true);
    }
    const { notificationMessage } = await client.pullMessages!({ messageLimit: 10 });
    const topics = (notificationMessage as { topic: { _: string } }[]).map(({ topic }) => topic._);
    expect(topics).toEqual([
      'tns1:RuleEngine/CellMotionDetector/Motion',
      'tns1:VideoSource/GlobalSceneChange/ImagingService',
      'tns1:Device/Trigger/DigitalInput',
      'tns1:VideoSource/SignalLoss',
    ]);
    expect(await client.renew!()).toHaveProperty('terminationTime');
    await client.unsubscribe!();
  });
});

describe('a snapshot', () => {
  it('is a JPEG behind the password', async () => {
    const device = of('password-text');
    const open = of('plain');
    const { uri } = await (await connected(open)).getSnapshotUri!({ profileToken: 'ch1_main' });
    const refused = await fetch(String(uri));
    expect(refused.status).toBe(401);
    const { header } = digestOf(open, refused.headers.get('www-authenticate') ?? '', new URL(String(uri)).pathname);
    const picture = await fetch(String(uri), { headers: { authorization: header } });
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    const { width, height, format } = await sharp(Buffer.from(await picture.arrayBuffer())).metadata();
    expect({ width, height, format }).toEqual({ width: 320, height: 180, format: 'jpeg' });
    expect((await fetch(device.onvif.url.replace('device_service', 'snapshot/ch1_main'))).status).not.toBe(200);
  });
});

/** RFC 7616 by hand, with the algorithm that was asked for. */
function digestOf({ plan }: VirtualDevice, challenge: string, path: string, method = 'GET'): { header: string } {
  const field = (name: string) => new RegExp(`${name}="?([^",]+)`).exec(challenge)?.[1] ?? '';
  const [realm, nonce, algorithm] = [field('realm'), field('nonce'), field('algorithm')];
  const hash = (text: string) =>
    createHash(algorithm === 'SHA-256' ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  const cnonce = randomBytes(8).toString('hex');
  const inner = [hash(`${plan.user}:${realm}:${plan.password}`), nonce, '00000001', cnonce, 'auth'];
  const response = hash([...inner, hash(`${method}:${path}`)].join(':'));
  const parts = `username="${plan.user}", realm="${realm}", nonce="${nonce}", uri="${path}", response="${response}"`;
  return { header: `Digest ${parts}, algorithm=${algorithm}, qop=auth, nc=00000001, cnonce="${cnonce}"` };
}

describe('signatures', () => {
  const login = ({ plan }: VirtualDevice) => ({ user: plan.user, password: plan.password });

  it('of WS-Security are taken as text and as digest, and refused with 400 and NotAuthorized', async () => {
    const device = of('plain');
    for (const kind of ['text', 'digest'] as const) {
      expect((await ask(device, GET_INFORMATION, { header: signed(login(device), { kind }) })).status).toBe(200);
      const wrong = await ask(device, GET_INFORMATION, {
        header: signed({ ...login(device), password: 'no' }, { kind }),
      });
      expect(wrong).toMatchObject({ status: 400, subcode: 'ter:NotAuthorized' });
    }
    expect((await ask(device, GET_INFORMATION)).status).toBe(401);
  });

  it('are text only with one make', async () => {
    const device = of('password-text');
    expect((await ask(device, GET_INFORMATION, { header: signed(login(device), { kind: 'text' }) })).status).toBe(200);
    expect((await ask(device, GET_INFORMATION, { header: signed(login(device), { kind: 'digest' }) })).status).toBe(
      400,
    );
  });

  it('are HTTP digest only with another, even for the clock; a third wants SHA-256', async () => {
    for (const [id, algorithm] of [
      ['digest-only', 'MD5'],
      ['sha-256', 'SHA-256'],
    ] as const) {
      const device = of(id);
      const clock = '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>';
      expect((await ask(device, clock)).status).toBe(id === 'digest-only' ? 401 : 200);
      const refused = await ask(device, GET_INFORMATION, { header: signed(login(device), { kind: 'digest' }) });
      expect(refused.status).toBe(401);
      expect(refused.challenge).toContain(`algorithm=${algorithm}`);
      const { header } = digestOf(device, refused.challenge, '/onvif/device_service', 'POST');
      expect((await ask(device, GET_INFORMATION, { authorization: header })).status).toBe(200);
    }
  });

  it('count by the device’s own clock, 40 minutes fast', async () => {
    const device = of('wrong-clock');
    const at = (offsetS: number) => signed(login(device), { kind: 'digest', offsetS });
    expect((await ask(device, GET_INFORMATION, { header: at(0) })).status).toBe(400);
    expect((await ask(device, GET_INFORMATION, { header: at(2400) })).status).toBe(200);
    const { port } = device.onvif;
    const client = await openOnvifClient({ host: '127.0.0.1', port, logins: createLogins(), ...login(device) });
    const { offsetMs } = (await client.readClock())!;
    expect(Math.abs(offsetMs / 1000 - 2400)).toBeLessThan(5);
  });

  it('that are wrong five times lock out, of ONVIF and RTSP alike, and every try starts the time anew', async () => {
    const device = of('locks-out');
    const wrong = signed({ ...login(device), password: 'no' }, { kind: 'text' });
    const right = () => ask(device, GET_INFORMATION, { header: signed(login(device), { kind: 'text' }) });
    expect((await right()).status).toBe(200);
    for (let tries = 0; tries < 3; tries += 1) await ask(device, GET_INFORMATION, { header: wrong });
    const url = device.urlOf(device.streams[0]!);
    await using rtsp = await RawClient.open(url);
    const bad = { Authorization: 'Digest username="admin", nonce="none", uri="none", response="none"' };
    for (let tries = 0; tries < 2; tries += 1) expect((await rtsp.request('DESCRIBE', url, bad))?.status).toBe(401);
    expect((await right()).status).toBe(400);
    const lockedAtMs = performance.now();
    await until('it is open again', async () => performance.now() - lockedAtMs > 1050);
    expect((await right()).status).toBe(200);
  });
});

describe('habits', () => {
  const header = ({ plan }: VirtualDevice) => signed(plan, { kind: 'text' });

  it('behind a translator of addresses: answers name the inner host, the product goes where it asked', async () => {
    const device = of('behind-nat');
    const answer = await ask(device, '<GetServices xmlns="http://www.onvif.org/ver10/device/wsdl"/>');
    expect(answer.text).toContain('http://192.168.7.20:');
    const { user, password } = device.plan;
    const logins = createLogins();
    const client = await openOnvifClient({ host: '127.0.0.1', port: device.onvif.port, user, password, logins });
    const services = await readServices(client);
    const { profiles, otherHosts } = await readStreams(services, await readProfiles(services), client.target);
    expect(profiles.map(({ url }) => new URL(url!).hostname)).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(otherHosts).toEqual(['192.168.7.20']);
  });

  it('of Media2 only: Media is not offered, and not answered', async () => {
    const device = of('media2-only');
    const services = await ask(device, '<GetServices xmlns="http://www.onvif.org/ver10/device/wsdl"/>');
    expect(services.text).toContain('ver20/media');
    expect(services.text).not.toContain('ver10/media');
    expect((await ask(device, GET_PROFILES, { header: header(device) })).subcode).toBe('ter:ActionNotSupported');
  });

  it('that truncates: Media’s profiles are cut, Media2’s short list is whole', async () => {
    const device = of('truncates');
    const cut = await ask(device, GET_PROFILES, { header: header(device) });
    expect(cut.status).toBe(200);
    expect(Buffer.byteLength(cut.text)).toBe(2000);
    expect(cut.text).not.toContain('</s:Envelope>');
    const whole = await ask(device, GET_PROFILES_2, { header: header(device) });
    expect(tokenOf(whole.text, 'Profiles')).toEqual(['ch1_main', 'ch1_sub']);
    expect(whole.text.endsWith('</s:Envelope>')).toBe(true);
  });

  it('that answers a fault with HTTP 200', async () => {
    const device = of('fault-200');
    const refused = await ask(device, GET_INFORMATION, {
      header: signed({ user: 'admin', password: 'no' }, { kind: 'text' }),
    });
    expect(refused).toMatchObject({ status: 200, subcode: 'ter:NotAuthorized' });
  });

  it('of serial numbers that look like numbers keep their zeros, and Chinese names are GBK in the scopes', async () => {
    const device = of('numbers-and-names');
    const information = await ask(device, GET_INFORMATION, { header: header(device) });
    expect(/<tds:SerialNumber>(\d+)</.exec(information.text)?.[1]).toMatch(/^0\d{9}$/);
    const scopes = await ask(device, '<GetScopes xmlns="http://www.onvif.org/ver10/device/wsdl"/>', {
      header: header(device),
    });
    const name = /onvif:\/\/www\.onvif\.org\/name\/([^<]+)/.exec(scopes.text)?.[1] ?? '';
    expect(() => decodeURIComponent(name)).toThrow();
    const bytes = [...name.matchAll(/%([\dA-F]{2})|(.)/g)].map(([, hex, plain]) =>
      hex === undefined ? plain!.charCodeAt(0) : Number.parseInt(hex, 16),
    );
    expect(new TextDecoder('gbk').decode(Uint8Array.from(bytes))).toBe(device.plan.name);
  });

  it('that wants WS-Addressing on PullMessages, and has room for two subscriptions', async () => {
    const device = of('needs-addressing');
    const created = await ask(device, CREATE('PT60S'), { header: header(device) });
    const url = /<wsa:Address>([^<]+)</.exec(created.text)?.[1] ?? '';
    const bare = await askDevice(url, PULL, { header: header(device) });
    expect(bare.subcode).toBe('wsa:MessageAddressingHeaderRequired');
    const addressed = `${header(device)}<a:Action xmlns:a="http://www.w3.org/2005/08/addressing">x</a:Action><a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">urn:uuid:7</a:MessageID>`;
    const pulled = await askDevice(url, PULL.replace('PT2S', 'PT0S'), { header: addressed });
    expect(pulled.status).toBe(200);
    expect(pulled.text).toContain('<wsa:RelatesTo>urn:uuid:7</wsa:RelatesTo>');
    expect((await ask(device, CREATE('PT60S'), { header: header(device) })).status).toBe(200);
    expect(await ask(device, CREATE('PT60S'), { header: header(device) })).toMatchObject({ status: 500 });
  });

  it('of a restart: dark for a while, subscriptions forgotten, then as before', async () => {
    const device = of('reboots');
    const created = await ask(device, CREATE('PT60S'), { header: header(device) });
    expect(created.status).toBe(200);
    const reboot = '<SystemReboot xmlns="http://www.onvif.org/ver10/device/wsdl"/>';
    expect((await ask(device, reboot, { header: header(device) })).text).toContain('Rebooting');
    await until('it is dark', () => !device.isUp());
    await expect(ask(device, GET_INFORMATION, { header: header(device) })).rejects.toThrow();
    await until(
      'it is back',
      async () => (await ask(device, GET_INFORMATION, { header: header(device) })).status === 200,
    );
    expect(device.onvif.events.subscriptions()).toBe(0);
  });
});

describe('a subscription', () => {
  it('really runs out, and is unknown then', async () => {
    const device = of('plain');
    const header = signed(device.plan, { kind: 'digest' });
    const created = await ask(device, CREATE('PT0.4S'), { header });
    const url = /<wsa:Address>([^<]+)</.exec(created.text)?.[1] ?? '';
    const pull = () =>
      askDevice(url, PULL.replace('PT2S', 'PT0S'), { header: signed(device.plan, { kind: 'digest' }) });
    expect((await pull()).status).toBe(200);
    await until('it has run out', async () => (await pull()).status === 400);
    expect((await pull()).text).toContain('ResourceUnknown');
  });

  it('wakes a pull that waits as soon as something happens', async () => {
    const device = fleet.device(RECORDER);
    const header = signed(device.plan, { kind: 'text' });
    const created = await ask(device, CREATE('PT60S'), { header });
    const url = /<wsa:Address>([^<]+)</.exec(created.text)?.[1] ?? '';
    const pulled = askDevice(url, PULL.replace('PT2S', 'PT30S'), { header });
    await until('it waits', () => device.onvif.events.subscriptions() > 0);
    fleet.raise(`${device.plan.id}/6`, 'signal-loss', true);
    expect((await pulled).text).toContain('video-source-6');
  });

  it('with a term in the past is refused', async () => {
    const device = of('plain');
    const header = signed(device.plan, { kind: 'text' });
    expect(await ask(device, CREATE('2001-01-01T00:00:00Z'), { header })).toMatchObject({ status: 400 });
  });
});

describe('a request that is wrong', () => {
  it.each([
    [
      'a profile that is not there',
      '<GetStreamUri xmlns="http://www.onvif.org/ver10/media/wsdl"><ProfileToken>none</ProfileToken></GetStreamUri>',
      'ter:NoProfile',
    ],
    [
      'an action that is not there',
      '<Explode xmlns="http://www.onvif.org/ver10/device/wsdl"/>',
      'ter:ActionNotSupported',
    ],
    [
      'a head that does not turn',
      '<GetPresets xmlns="http://www.onvif.org/ver20/ptz/wsdl"/>',
      'ter:ActionNotSupported',
    ],
    [
      'a level out of range',
      '<SetImagingSettings xmlns="http://www.onvif.org/ver20/imaging/wsdl"><VideoSourceToken>video-source-1</VideoSourceToken><ImagingSettings><Brightness>900</Brightness></ImagingSettings></SetImagingSettings>',
      'ter:SettingsInvalid',
    ],
  ])('for %s gets a SOAP fault that says so', async (_, body, code) => {
    const device = of('plain');
    const answer = await ask(device, body, { header: signed(device.plan, { kind: 'text' }) });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).toContain(`<s:Value>${code}</s:Value>`);
  });
});

describe('discovery', () => {
  type Found = { probeMatches: { probeMatch: { XAddrs: string; scopes: string } } };

  it('by multicast finds every make that answers this probe, once each', async () => {
    const found = await new Promise<Found[]>((done) => {
      onvif.Discovery.on('error', () => undefined);
      onvif.Discovery.probe({ timeout: 1500, resolve: false }, (_: unknown, answers: unknown) =>
        done(answers as Found[]),
      );
    });
    const own = found.filter(({ probeMatches }) =>
      fleet.devices.some((device) => probeMatches.probeMatch.XAddrs.includes(`:${device.onvif.port}/`)),
    );
    const expected = fleet.devices.filter(({ onvif: { habits } }) => habits.probes.includes('transmitter'));
    expect(own).toHaveLength(expected.length);
  });

  it('by unicast answers each kind of probe by whom that concerns, and by nobody without power', async () => {
    const answers = (types: string) => probeUnicast(types);
    const count = (kind: 'device' | 'any') =>
      fleet.devices.filter(({ onvif: { habits } }) => habits.probes.includes(kind)).length;
    expect(await answers('tds:Device')).toBe(count('device'));
    expect(await answers('')).toBe(count('any'));
    expect(await answers('pub:Printer')).toBe(0);
    await fleet.setFault({ camera: '1', kind: 'refuse' });
    expect(await answers('')).toBe(count('any') - 1);
    await fleet.clearFaults({ camera: '1' });
  });
});

async function probeUnicast(types: string): Promise<number> {
  const socket = createSocket('udp4');
  const seen = new Set<string>();
  socket.on('message', (message) => {
    const address = /urn:uuid:[\w-]+(?=<\/a:Address>)/.exec(message.toString())?.[0];
    if (fleet.devices.some(({ plan }) => address?.endsWith(plan.uuid))) seen.add(address ?? '');
  });
  const probe = `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Header><w:MessageID xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing">uuid:1</w:MessageID></e:Header><e:Body><d:Probe xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><d:Types>${types}</d:Types></d:Probe></e:Body></e:Envelope>`;
  socket.send(probe, 3702, '127.0.0.1');
  const sentAtMs = performance.now();
  await until('the answers’ time is over', () => performance.now() - sentAtMs > 700);
  socket.close();
  return seen.size;
}
