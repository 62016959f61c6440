/** Virtual devices on free ports with a small clip: for tests, gone when they end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { VirtualDevice } from '#demo/devices/device.ts';
import { type Fleet, type FleetOptions, startFleet } from '#demo/devices/fleet.ts';
import { MAKES, type Make } from '#demo/devices/make.ts';
import { type PlanOptions, planDevices } from '#demo/devices/plan.ts';
import { type ClipOptions, writeClip } from '#demo/rtsp/clip.ts';
import { testLogger } from '#test/site/site.ts';

export const SMALL_CLIP: Omit<ClipOptions, 'path'> = {
  codec: 'h264',
  width: 320,
  height: 180,
  fps: 15,
  seconds: 2,
  gopS: 0.4,
  scene: 'moving-box',
  seed: 7,
};

export type SmallFleet = AsyncDisposable &
  Pick<Fleet, 'setFault' | 'clearFaults' | 'faults' | 'raise'> & {
    folder: string;
    fleet: Fleet;
    devices: readonly VirtualDevice[];
    device(number: number): VirtualDevice;
  };

export type SmallFleetOptions = Partial<PlanOptions> &
  Pick<Partial<FleetOptions>, 'discoveryPort' | 'wanderEveryS' | 'isLiving'> & {
    clip?: Partial<ClipOptions>;
  };

export async function startSmallFleet(options: SmallFleetOptions = {}): Promise<SmallFleet> {
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-devices-'));
  const file = resolve(folder, 'small.mp4');
  await writeClip({ ...SMALL_CLIP, ...options.clip, path: file });
  const plan = {
    count: 1,
    recorders: 0,
    ptz: 0,
    codecs: ['h264'],
    makes: [MAKES[0]],
    onvifPort: 0,
    rtspPort: 0,
  } as const;
  const { discoveryPort, wanderEveryS = 0, isLiving = false } = options;
  const fleet = await startFleet({
    devices: planDevices({ ...plan, files: [file], ...options }),
    host: '127.0.0.1',
    cacheDir: resolve(folder, 'clips'),
    logger: testLogger,
    discoveryPort,
    wanderEveryS,
    isLiving,
    // A test waits for its streams: behind whatever runs beside it they would come minutes late.
    prepareNice: 0,
  });
  return {
    ...fleet,
    folder,
    fleet,
    device(number) {
      const found = fleet.devices.find(({ plan: { number: own } }) => own === number);
      if (found === undefined) throw new Error(`there is no device ${number}`);
      return found;
    },
    async [Symbol.asyncDispose]() {
      await fleet[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A make with some habits changed, so that nothing takes minutes. */
export function makeWith(id: (typeof MAKES)[number]['id'], habits: Make['habits']): Make {
  const make: Make | undefined = MAKES.find((one) => one.id === id);
  if (make === undefined) throw new Error(`there is no make ${id}`);
  return { ...make, habits: { ...make.habits, ...habits } };
}

/** The address of a stream with user and password in it, as players want it. */
export function playerUrl(device: VirtualDevice, { isSub = false, channel = 1 } = {}): string {
  const stream = device.streams.find((one) => one.isSub === isSub && one.channel.number === channel);
  if (stream === undefined) throw new Error(`${device.plan.id} has no such stream`);
  const login = `${encodeURIComponent(device.plan.user)}:${encodeURIComponent(device.plan.password)}`;
  return device.urlOf(stream).replace('rtsp://', `rtsp://${login}@`);
}
