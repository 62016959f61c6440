/** Real virtual cameras whose pictures go wrong, as a real worker tells of them. */
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultId } from '#demo/devices/fault-table.ts';
import { superviseCamera } from '#ingest/camera/supervise.ts';
import { liveFrames } from '#ingest/decode/frame.ts';
import { createInspector } from '#ingest/diagnose/inspector.ts';
import { loadSealKey, seal } from '#models/registry/seal.ts';
import type { Camera, CameraState } from '#models/schema/camera.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import { ROOT_DIR } from '#system/config.ts';
import { type SmallFleet, startSmallFleet } from '#test/demo/devices/small-fleet.ts';
import { startWorkerSite, type WorkerSite } from '#test/ingest/worker-site.ts';
import { testLogger, until } from '#test/site/site.ts';

/** Faults of the picture are encoded when they are first shown. */
const PATIENCE_MS = 120_000;

function sourceOf(fleet: SmallFleet, number: number) {
  const { plan, streams, urlOf } = fleet.device(number);
  const url = urlOf(streams[0]!);
  return {
    source: { kind: 'rtsp' as const, url, transport: 'tcp' as const, user: plan.user },
    password: plan.password,
  };
}

const FAULTS = [
  { fault: 'black', reason: 'picture-black', isGated: false },
  { fault: 'white', reason: 'picture-white', isGated: true },
  { fault: 'frozen-picture', reason: 'picture-frozen', isGated: false },
] as const satisfies readonly { fault: FaultId; reason: string; isGated: boolean }[];

describe.concurrent('a worker', () => {
  let fleet: SmallFleet;
  let site: WorkerSite;
  beforeAll(async () => {
    fleet = await startSmallFleet({ count: FAULTS.length, clip: { noise: 6 } });
    site = await startWorkerSite();
    await site.startWorker('worker-1');
    for (const [index, { fault, isGated }] of FAULTS.entries()) {
      const { source, password } = sourceOf(fleet, index + 1);
      const sealedPassword = seal(password, loadSealKey(site.config.dataDir), fault);
      await site.addCamera(fault, { source: { ...source, sealedPassword }, sampleFps: 2, isGated });
    }
  });
  afterAll(async () => {
    await site?.[Symbol.asyncDispose]();
    await fleet?.[Symbol.asyncDispose]();
  });

  async function reaches(camera: string, what: string, is: (state: CameraState) => boolean): Promise<CameraState> {
    let last: CameraState | undefined;
    await until(
      `${camera} is ${what}`,
      async () => {
        last = await site.stateOf(camera);
        return last !== undefined && is(last);
      },
      PATIENCE_MS,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; it is ${JSON.stringify(last)}`);
    });
    return last!;
  }

  /** Milliseconds of `fromMs` to `toMs` that messages speak for: watched, or not watched for a reason. */
  function toldMs(messages: readonly DetectionMessage[], fromMs: number, toMs: number): Record<string, number> {
    const told: Record<string, number> = {};
    for (const { watchedFromMs, watchedToMs, unwatchedReason = 'watched' } of messages) {
      const ms = Math.max(0, Math.min(toMs, watchedToMs) - Math.max(fromMs, watchedFromMs));
      if (ms > 0) told[unwatchedReason] = (told[unwatchedReason] ?? 0) + ms;
    }
    return told;
  }

  it.each(FAULTS)('tells $reason of a camera that is $fault, and that it is over', async ({ fault, reason }) => {
    const number = String(FAULTS.findIndex((one) => one.fault === fault) + 1);
    await reaches(fault, 'live and looked at', ({ state, looked }) => state === 'live' && looked > 3);
    await fleet.setFault({ camera: number, kind: fault });
    const ill = await reaches(fault, 'degraded with a proof', ({ reason: told, picture = [] }) => {
      return told === reason && picture.some(({ hasProof }) => hasProof);
    });
    expect(ill).toMatchObject({ state: 'degraded', message: expect.any(String), cure: expect.any(String) });
    const [finding] = ill.picture!;
    expect(finding).toMatchObject({ isBlind: true });
    expect(finding!.score).toBeGreaterThanOrEqual(finding!.threshold);
    await expectProof(fault, finding!.finding);

    const fromMs = Date.now() + 1000;
    await until('some seconds pass', () => Date.now() - fromMs > 3000);
    await fleet.clearFaults({ camera: number });
    const toMs = fromMs + 3000;
    const { looked } = await reaches(fault, 'live again', ({ state }) => state === 'live');
    await reaches(fault, 'looked at again', (state) => state.looked > looked + 2);
    await until('it is told', async () => {
      return ((await site.lastMessage(fault))?.watchedToMs ?? 0) > toMs;
    });
    expect(toldMs(await site.messages(fault), fromMs, toMs)).toEqual({ [reason]: toMs - fromMs });
  });

  async function expectProof(camera: string, finding: string): Promise<void> {
    const asked = await site.broker.connection.request(CONTROL.live(camera), JSON.stringify({ purpose: 'proof' }));
    const { url } = asked.json<{ url: string }>();
    const proof = await fetch(`${url}&finding=${finding}`);
    expect(proof.headers.get('content-type')).toBe('image/jpeg');
    const bytes = Buffer.from(await proof.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    expect(bytes.length).toBeLessThan(30_000);
    expect((await fetch(`${url}&finding=moved`)).status).toBe(404);
    expect((await fetch(`${url.replace(/token=.*/, 'token=1.x')}&finding=${finding}`)).status).toBe(403);
  }
});

describe.concurrent('a camera of the city', () => {
  it('that is turned is found to be moved, and in place again when it is turned back', async () => {
    const clip = resolve(ROOT_DIR, 'demo/clips/yard-night.mp4');
    await using fleet = await startSmallFleet({ count: 1, files: [clip] });
    const { source, password } = sourceOf(fleet, 1);
    const camera: Camera = {
      ...{ id: 'yard', name: 'yard', source, area: null, isEnabled: true, sampleFps: 1, isGated: false },
      ...{ fullLookIntervalS: 10, createdAtMs: 0, updatedAtMs: 0 },
    };
    using inspector = createInspector({
      ...{ camera: 'yard', logger: testLogger, onSeen: () => {}, everyS: 0.4, learnPictures: 10 },
      timings: { moved: { raiseS: 2, clearS: 2 } },
    });
    const stopping = new AbortController();
    const watching = (async () => {
      const options = { signal: stopping.signal, logger: testLogger, worker: 'test', password, onState: () => {} };
      for await (const sight of superviseCamera(camera, { ...options, inspector })) {
        if (sight.type === 'frame') sight.frame[Symbol.dispose]();
      }
    })();
    const { diagnosis } = inspector;
    await until('its view is learned', () => diagnosis.reference() !== undefined, PATIENCE_MS);
    await fleet.setFault({ camera: '1', kind: 'turned' });
    await until('it is moved', () => diagnosis.isMoved(), PATIENCE_MS);
    expect(diagnosis.blindReason()).toBeUndefined();
    await fleet.clearFaults({ camera: '1' });
    await until('it is in place', () => !diagnosis.isMoved(), PATIENCE_MS);
    stopping.abort();
    await watching;
    expect(liveFrames()).toBe(0);
  });
});
