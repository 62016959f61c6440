/** A supervised camera against every fault that a virtual one can show. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fault, type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import { superviseCamera } from '#ingest/camera/supervise.ts';
import type { CameraTimings } from '#ingest/camera/timings.ts';
import { liveFrames } from '#ingest/decode/frame.ts';
import type { Sight } from '#ingest/sight.ts';
import type { Camera, CameraSource, CameraState } from '#models/schema/camera.ts';
import { FAULTS } from '#models/schema/fault.ts';
import { makeClips } from '#test/ingest/clips.ts';
import { testLogger, until } from '#test/site/site.ts';

/** As the product's, but for the impatient. */
const TIMINGS: Partial<CameraTimings> = {
  openMs: 1500,
  firstPacketMs: 1200,
  firstPictureMs: 2500,
  garbageMs: 500,
  silenceMs: 1200,
  retryBaseMs: 100,
  retryCapMs: 200,
  unauthorisedOnceMs: 100,
  unauthorisedBaseMs: 60_000,
  stableMs: 1000,
  tickMs: 50,
  tellEveryMs: 200,
};

const clips = makeClips();
let server: RtspServer;
let clip: string;
let bigger: string;

beforeAll(async () => {
  clip = await clips.write('a.mp4', { gopS: 0.4 });
  bigger = await clips.write('b.mp4', { width: 480, height: 270, gopS: 0.4 });
  server = await startRtspServer({ port: 0, streams: ['a', 'b'].map((path) => ({ path, file: clip })) });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  clips[Symbol.dispose]();
});

const running: Watched[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((watched) => watched.stop()));
  for (const path of ['a', 'b']) await server.fault(path, { kind: 'none' });
  await until('nobody is connected', () => server.clients() === 0);
  expect(liveFrames()).toBe(0);
});

type Watched = {
  states: CameraState[];
  sights: Sight['type'][];
  sizes: Set<string>;
  now: () => CameraState | undefined;
  reached: (state: CameraState['state'], reason?: string) => Promise<void>;
  stop: () => Promise<void>;
};

function watch(source: CameraSource, more: Partial<Camera> = {}, timings: Partial<CameraTimings> = {}): Watched {
  const camera: Camera = {
    id: 'gate-1',
    name: 'Gate 1',
    source,
    area: null,
    isEnabled: true,
    sampleFps: 10,
    isGated: false,
    fullLookIntervalS: 10,
    createdAtMs: 0,
    updatedAtMs: 0,
    ...more,
  };
  const stopping = new AbortController();
  const states: CameraState[] = [];
  const sights: Sight['type'][] = [];
  const sizes = new Set<string>();
  const done = (async () => {
    const options = { signal: stopping.signal, logger: testLogger, worker: 'worker-1' };
    const told = { onState: (state: CameraState) => states.push(state), timings: { ...TIMINGS, ...timings } };
    for await (const sight of superviseCamera(camera, { ...options, ...told })) {
      sights.push(sight.type);
      if (sight.type !== 'frame') continue;
      sizes.add(`${sight.frame.width}x${sight.frame.height}`);
      sight.frame[Symbol.dispose]();
    }
  })();
  const watched: Watched = {
    states,
    sights,
    sizes,
    now: () => states.at(-1),
    async reached(state, reason) {
      const from = Math.max(0, states.length - 1);
      const isIt = (told: CameraState) => told.state === state && told.reason === reason;
      await until(`the camera is ${state} ${reason ?? ''}`, () => states.slice(from).some(isIt));
    },
    async stop() {
      stopping.abort();
      await done;
    },
  };
  running.push(watched);
  return watched;
}

const rtsp = (path: string, transport: 'tcp' | 'udp' = 'tcp') =>
  ({ kind: 'rtsp', url: server.url(path), transport }) as const;

describe('a camera that works', () => {
  it('is connecting, then live, and tells what it delivers', async () => {
    const watched = watch(rtsp('a'));
    await watched.reached('live');
    expect(watched.states[0]!.state).toBe('connecting');
    await until('the rate is measured', () => (watched.now()?.fps ?? 0) > 15 && (watched.now()?.fps ?? 99) < 35);
    expect(watched.now()).toMatchObject({ codec: 'h264', width: 320, height: 180, reconnects: 0, worker: 'worker-1' });
    expect(watched.now()!.bitrateKbps).toBeGreaterThan(10);
    expect(watched.now()!.fpsPromised).toBeCloseTo(25, 0);
    expect(watched.now()!.decodeCostMs).toBeGreaterThan(0);
  });

  it('is disabled when it is not enabled, and nobody connects', async () => {
    const watched = watch(rtsp('a'), { isEnabled: false });
    await watched.reached('disabled');
    expect(server.clients()).toBe(0);
  });

  it('may change its resolution without a new connection', async () => {
    const watched = watch(rtsp('a'));
    await watched.reached('live');
    await server.fault('a', { kind: 'change-resolution', file: bigger });
    await until('pictures of the new size come', () => watched.sizes.has('480x270'));
    expect(watched.now()).toMatchObject({ state: 'live', reconnects: 0 });
  });

  it('whose time jumps stays live, and the jump is counted', async () => {
    const watched = watch(rtsp('a'));
    await watched.reached('live');
    await server.fault('a', { kind: 'time-jump', seconds: 500 });
    await until('the jump is counted', () => (watched.now()?.timeJumps ?? 0) >= 1);
    expect(watched.now()).toMatchObject({ state: 'live', reconnects: 0 });
  });
});

const afterLive: [Fault, string][] = [
  [{ kind: 'freeze' }, 'camera-frozen'],
  [{ kind: 'garbage' }, 'camera-garbage'],
  [{ kind: 'half-close' }, 'camera-ended'],
  [{ kind: 'reset' }, 'camera-ended'],
  [{ kind: 'refuse' }, 'camera-refused'],
  [{ kind: 'not-found' }, 'camera-not-found'],
  [{ kind: 'audio-only' }, 'camera-no-video'],
  [{ kind: 'no-video' }, 'camera-no-video'],
  [{ kind: 'stall-describe' }, 'camera-timed-out'],
];

describe.each(afterLive)('a live camera with the fault %o', (fault, reason) => {
  it(`goes down as ${reason} with a cure, and is live again when the fault is over`, async () => {
    const watched = watch(rtsp('a'));
    await watched.reached('live');
    await server.fault('a', fault);
    await watched.reached('down', reason);
    const down = watched.states.findLast((state) => state.reason === reason)!;
    expect(down.message).toContain('127.0.0.1');
    expect(down.cure).toBe(FAULTS[reason as keyof typeof FAULTS].cure);
    expect(watched.sights).toContain('lost');
    await watched.reached('connecting', reason);
    const again = watched.states.findLast((state) => state.state === 'connecting' && state.reason === reason)!;
    expect(again).toMatchObject({ cure: down.cure, downSinceMs: down.downSinceMs });
    await server.fault('a', { kind: 'none' });
    await watched.reached('live');
    expect(watched.now()!.reconnects).toBeGreaterThan(0);
    expect(watched.now()!.downSinceMs).toBeUndefined();
  });
});

describe('a camera in trouble', () => {
  it('says since when it has been down over all attempts, and when it is tried next', async () => {
    const watched = watch(rtsp('a'), {}, { retryBaseMs: 300, retryCapMs: 300 });
    await watched.reached('live');
    const liveUntilMs = Date.now();
    await server.fault('a', { kind: 'freeze' });
    await until('it was tried three times', () => watched.now()!.reconnects >= 3);
    const troubled = watched.states.filter(({ downSinceMs }) => downSinceMs !== undefined);
    expect(new Set(troubled.map(({ state }) => state))).toEqual(new Set(['down', 'connecting']));
    expect(new Set(troubled.map(({ downSinceMs }) => downSinceMs)).size).toBe(1);
    const reasons = new Map(troubled.map(({ reason, reasonSinceMs }) => [reasonSinceMs, reason]));
    expect([...reasons.values()]).toEqual([...new Set(troubled.map(({ reason }) => reason))]);
    expect(troubled[0]!.downSinceMs).toBeGreaterThanOrEqual(liveUntilMs);
    expect(troubled.every(({ reason, message, cure }) => reason && message && cure)).toBe(true);
    for (const { state, nextTryAtMs, sinceMs } of troubled) {
      if (state === 'connecting') expect(nextTryAtMs).toBeUndefined();
      else expect(nextTryAtMs! - sinceMs).toBeLessThanOrEqual(310);
    }
  });

  it('that refuses the password is asked once more and then left alone', async () => {
    await server.fault('a', { kind: 'unauthorised' });
    const watched = watch(rtsp('a'));
    await watched.reached('down', 'camera-unauthorised');
    await until('it was asked again', () => watched.now()?.reconnects === 1);
    await until('it was refused again', () => watched.now()?.state === 'down');
    const before = watched.states.length;
    await until('five more states were told', () => watched.states.length >= before + 5);
    expect(watched.now()!.reconnects).toBe(1);
  });

  it('that freezes over UDP is given up as well', async () => {
    const watched = watch(rtsp('a', 'udp'));
    await watched.reached('live');
    await server.fault('a', { kind: 'freeze' });
    await watched.reached('down', 'camera-frozen');
  });

  it('that loses packets is degraded or live, and never down', async () => {
    const watched = watch(rtsp('a'));
    await watched.reached('live');
    await server.fault('a', { kind: 'garbage', share: 0.3 });
    await watched.reached('degraded', 'camera-garbage');
    expect(watched.states.some((state) => state.state === 'down')).toBe(false);
  });

  it('does not disturb another on the same device', async () => {
    const [dead, alive] = [watch(rtsp('a')), watch(rtsp('b'))];
    await dead.reached('live');
    await alive.reached('live');
    await server.fault('a', { kind: 'freeze' });
    await dead.reached('down', 'camera-frozen');
    expect(alive.now()).toMatchObject({ state: 'live', reconnects: 0, dropped: 0 });
  });
});

describe('a file as a camera', () => {
  it('that is cut is played again and again, degraded, and says where it is cut', async () => {
    const whole = await clips.write('whole.mkv', { seconds: 6 });
    const cut = resolve(clips.folder, 'cut.mkv');
    writeFileSync(cut, readFileSync(whole).subarray(0, readFileSync(whole).length * 0.25));
    const watched = watch({ kind: 'file', path: cut, isLooped: true });
    await watched.reached('degraded', 'file-unreadable');
    expect(watched.now()!.message).toMatch(/ends after 1\.\d s/);
    const looked = watched.now()!.looked;
    await until('it goes on', () => watched.now()!.looked > looked + 5);
  });

  it('that is missing is down with the reason', async () => {
    const watched = watch({ kind: 'file', path: '/no/such.mp4', isLooped: true });
    await watched.reached('down', 'file-missing');
  });

  it('that is not looped is down when it was played, and says so', async () => {
    const short = await clips.write('short.mp4', { seconds: 0.5, gopS: 0.5 });
    const watched = watch({ kind: 'file', path: short, isLooped: false });
    await watched.reached('down', 'camera-ended');
    expect(watched.now()!.message).toContain('played to its end');
  });
});
