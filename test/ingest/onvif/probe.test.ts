/** A whole probe of devices of the city: every step with its verdict, streams really read. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAKES, type MakeId } from '#demo/devices/make.ts';
import { startRtspServer } from '#demo/rtsp/server.ts';
import { createLogins } from '#ingest/onvif/logins.ts';
import { type ProbeOptions, probeDevice } from '#ingest/onvif/probe.ts';
import { checker } from '#models/schema/check.ts';
import { ProbeStep } from '#models/schema/probe.ts';
import { makeWith, type SmallFleet, startSmallFleet } from '#test/demo/devices/small-fleet.ts';
import { freePort, testLogger } from '#test/site/site.ts';

const IDS: MakeId[] = MAKES.map(({ id }) => id);

let fleet: SmallFleet;
beforeAll(async () => {
  const makes = IDS.map((id) => makeWith(id, { lockOut: { triesMax: 5, lockS: 300 } }));
  const clip = { width: 1280, height: 720, gopS: 2 };
  fleet = await startSmallFleet({ count: IDS.length, recorders: 1, makes, clip });
  await fleet.fleet.prepared;
});
afterAll(async () => fleet?.[Symbol.asyncDispose]());

const of = (id: MakeId) => fleet.device(IDS.indexOf(id) + 1);
const checkStep = checker('a step', ProbeStep);

async function probe(id: MakeId | 'recorder', options: Partial<ProbeOptions> = {}): Promise<ProbeStep[]> {
  const device = id === 'recorder' ? fleet.device(IDS.length + 1) : of(id);
  const { user, password } = device.plan;
  const steps: ProbeStep[] = [];
  const to = { host: '127.0.0.1', port: device.onvif.port, user, password, logins: createLogins(), seconds: 1.2 };
  for await (const step of probeDevice({ ...to, ...options })) steps.push(checkStep(step));
  return steps;
}

const names = (steps: readonly ProbeStep[]) =>
  steps.map(({ step, verdict }) => (verdict === 'good' ? step : `${step}: ${verdict}`));
const find = (steps: readonly ProbeStep[], name: ProbeStep['step']) => steps.find(({ step }) => step === name);

describe('a probe', () => {
  it('of a decent camera tells each step, what was measured and what to detect on', async () => {
    const steps = await probe('plain', { seconds: 2.5 });
    expect(steps.map(({ step }) => step)).toEqual(
      'reachable onvif clock login services device profiles stream stream snapshot cost choice'.split(' '),
    );
    expect(find(steps, 'device')?.device).toMatchObject({
      manufacturer: 'Halmar',
      name: of('plain').plan.name,
      mac: expect.stringMatching(/^([\da-f]{2}:){5}/),
    });
    const measured = steps.flatMap(({ stream }) => stream ?? []);
    expect(measured).toMatchObject([
      { token: 'ch1_main', codec: 'h264', width: 1280, height: 720 },
      { token: 'ch1_sub', codec: 'h264', width: 640, height: 360 },
    ]);
    for (const { fps, gop, decodeMsPerS, bitrateKbps } of measured) {
      // Wide: on a busy machine the virtual camera itself comes late.
      expect(Math.abs(fps - 15)).toBeLessThan(6);
      expect([0, 30]).toContain(gop);
      expect(decodeMsPerS).toBeGreaterThan(0.5);
      expect(bitrateKbps).toBeGreaterThan(20);
    }
    const snapshot = Buffer.from(find(steps, 'snapshot')?.jpegBase64 ?? '', 'base64');
    expect(snapshot.subarray(0, 2).toString('hex')).toBe('ffd8');
    expect(find(steps, 'choice')?.choices).toMatchObject([
      { channel: 'video-source-1', detect: { token: 'ch1_sub' }, watch: { token: 'ch1_main' } },
    ]);
  });

  it('of a wrong clock says by how much and goes on; of an inner host says which was named', async () => {
    const wrong = await probe('wrong-clock');
    expect(find(wrong, 'clock')).toMatchObject({ verdict: 'warning', clockOffsetS: expect.closeTo(2400, -1) });
    expect(find(wrong, 'login')).toMatchObject({ verdict: 'good', login: 'wsse-digest' });
    const inner = await probe('behind-nat');
    expect(find(inner, 'profiles')?.message).toContain('192.168.7.20');
    expect(find(inner, 'choice')?.choices?.[0]?.detect.url).toContain('rtsp://127.0.0.1:');
  });

  it('leads with every make of the city to the right verdict', async () => {
    const others = IDS.filter((id) => !['plain', 'wrong-clock', 'behind-nat', 'locks-out'].includes(id));
    const last: Record<string, string> = {};
    for (let at = 0; at < others.length; at += 2) {
      // Two at once: each reads two streams, in threads of libuv.
      const pair = others.slice(at, at + 2);
      const ends = await Promise.all(pair.map((id) => probe(id, { seconds: 0.6 })));
      // What a busy machine answered late is asked again by itself: who does not answer at all does not then either.
      for (const [index, steps] of ends.entries())
        if (steps.at(-1)!.code === 'camera-timed-out') ends[index] = await probe(pair[index]!, { seconds: 0.6 });
      for (const [index, steps] of ends.entries()) {
        const { step, verdict, code } = steps.at(-1)!;
        last[pair[index]!] = code ?? `${step} ${verdict}`;
        if (pair[index] === 'password-text')
          expect(find(steps, 'login')?.message).toContain('everybody on the network can read');
      }
    }
    const expected = others.map((id) => [id, id === 'sha-256' ? 'camera-needs-sha-256' : 'choice good']);
    expect(last).toEqual(Object.fromEntries(expected));
  });

  it('with a wrong password ends at the login, and leaves the device unlocked', async () => {
    const steps = await probe('locks-out', { password: 'wrong' });
    expect(names(steps)).toEqual(['reachable', 'onvif', 'clock', 'login: wrong']);
    expect(steps.at(-1)).toMatchObject({ code: 'camera-unauthorised', cure: expect.any(String) });
    const again = await probe('locks-out');
    expect(again.at(-1)).toMatchObject({ step: 'choice', verdict: 'good' });
  });

  it('without a user says that one is needed', async () => {
    const steps = await probe('plain', { user: undefined, password: undefined });
    expect(steps.at(-1)).toMatchObject({ step: 'login', code: 'camera-login-needed' });
  });

  it('of a recorder gives a choice and a picture for each channel', async () => {
    const steps = await probe('recorder', { seconds: 0.6 });
    expect(find(steps, 'choice')?.choices).toHaveLength(8);
    const pictures = steps.filter(({ step }) => step === 'snapshot');
    expect(new Set(pictures.map(({ channel }) => channel)).size).toBe(8);
    const one = await probe('recorder', { seconds: 0.6, measured: { channel: 'video-source-5' } });
    expect(one.flatMap(({ stream }) => stream?.token ?? [])).toEqual(['ch5_main', 'ch5_sub']);
    expect(find(one, 'choice')?.choices).toHaveLength(8);
  });

  it('tells a low rate from what is promised, and a stream without video from a wrong password', async () => {
    await fleet.setFault({ camera: '1', kind: 'low-fps' });
    const slow = (await probe('plain')).find(({ stream }) => stream?.token === 'ch1_main');
    await fleet.clearFaults({ camera: '1' });
    expect(slow).toMatchObject({
      verdict: 'warning',
      message: expect.stringContaining('promises 15 pictures a second'),
    });
    await fleet.setFault({ camera: '5', kind: 'audio-only' });
    const mute = await probe('behind-nat');
    await fleet.clearFaults({ camera: '5' });
    expect(mute.at(-1)).toMatchObject({ step: 'stream', verdict: 'wrong', code: 'camera-no-video' });
  });

  it('ends without a word more when it is aborted', async () => {
    const stopping = new AbortController();
    const { plan, onvif } = of('plain');
    const steps: string[] = [];
    const login = { user: plan.user, password: plan.password, logins: createLogins() };
    for await (const { step } of probeDevice({
      host: '127.0.0.1',
      port: onvif.port,
      ...login,
      signal: stopping.signal,
    })) {
      steps.push(step);
      if (step === 'profiles') stopping.abort();
    }
    expect(steps.at(-1)).toBe('profiles');
  });

  it('of a port where nothing listens, or of what is no ONVIF and no RTSP, says so', async () => {
    const closed = await probe('plain', { port: await freePort() });
    expect(closed).toMatchObject([{ step: 'reachable', verdict: 'wrong', code: 'camera-refused' }]);
    const unknown = await probe('plain', { host: 'no-such-camera.invalid' });
    expect(unknown).toMatchObject([{ step: 'reachable', verdict: 'wrong', code: 'camera-unreachable' }]);
  });
});

describe('a device that speaks RTSP only', () => {
  const login = { user: 'viewer', password: 'p@ss:/#%' };

  it('is found by a path of its make, with one login for each path and none after a refusal', async () => {
    await using server = await startRtspServer({ port: 0, streams: [], logger: testLogger });
    const file = fleet.devices[0]!.streams[0]!.clip.file;
    await server.addStream({ path: 'media/video1', file, ...login });
    await server.addStream({ path: 'media/video2', file, ...login });
    const found = await probe('plain', { port: server.port, ...login });
    expect(names(found)).toEqual([
      'reachable',
      'onvif: warning',
      'paths',
      'stream',
      'stream',
      'snapshot',
      'cost',
      'choice',
    ]);
    expect(find(found, 'paths')?.message).toContain('Uniview');
    const refused = await probe('plain', { port: server.port, ...login, password: 'wrong' });
    expect(refused.at(-1)).toMatchObject({ step: 'paths', verdict: 'wrong', code: 'camera-unauthorised' });
  });
});
