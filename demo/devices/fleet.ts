/** All virtual devices of a process: started together, found by whoever looks for them, with faults that come and go. */
import { AV_LOG_ERROR } from 'node-av/constants';
import { Log } from 'node-av/lib';
import type { Logger } from 'pino';
import { type Discovery, startDiscovery } from '#demo/onvif/discovery.ts';
import type { Topic } from '#demo/onvif/events.ts';
import { type ClipFile, inspectClip } from '#demo/rtsp/clip-file.ts';
import { openVariantCache } from '#demo/variants/cache.ts';
import { eventSource, startDevice, type VirtualDevice } from './device.ts';
import { type FaultDesk, openFaultDesk } from './fault-desk.ts';
import { startLiving } from './living.ts';
import type { PlannedDevice } from './plan.ts';
import { createRestarter } from './restart.ts';
import { targetsOf } from './target.ts';

export type Fleet = AsyncDisposable &
  Omit<FaultDesk, typeof Symbol.dispose> & {
    devices: readonly VirtualDevice[];
    /** Every stream is there. */
    prepared: Promise<void>;
    /** Something happens at a camera; whoever has subscribed to its events is told. */
    raise(camera: string, topic: Topic, isOn: boolean): void;
  };

export type FleetOptions = {
  devices: readonly PlannedDevice[];
  host: string;
  /** Where variants of clips are kept. */
  cacheDir: string;
  logger: Logger;
  /** WS-Discovery's; 0: any free one. undefined: nobody is told of the devices. */
  discoveryPort?: number | undefined;
  /** Seconds between moves of PTZ heads; 0: they stay. */
  wanderEveryS?: number;
  /** Things happen at the devices by themselves: motion, a door, restarts. */
  isLiving?: boolean;
  /** How far the preparing of streams gives way to all else, 0 to 19. Default: 19, for a demo shows what it has at once. */
  prepareNice?: number;
};

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  Log.setLevel(AV_LOG_ERROR);
  const { logger, host, wanderEveryS = 60 } = options;
  await using opening = new AsyncDisposableStack();
  const variants = opening.use(openVariantCache(options.cacheDir, options.prepareNice));
  const clips = await inspectAll(options.devices);
  const devices: VirtualDevice[] = [];
  let discovery: Discovery | undefined;
  const restarter = opening.use(createRestarter(logger, () => discovery));
  for (const plan of options.devices) {
    const onReboot = (device: VirtualDevice) => void restarter.restart(device);
    devices.push(opening.use(await startDevice(plan, { host, variants, clips, logger, wanderEveryS, onReboot })));
  }
  discovery = await tellOfDevices(devices, options);
  if (discovery !== undefined) opening.use(discovery);
  if (options.isLiving === true) opening.use(startLiving(devices, restarter));
  const desk = opening.use(openFaultDesk(devices, logger));
  const prepared = Promise.all(devices.map((device) => device.prepared)).then(() => undefined);
  let isStopping = false;
  prepared.catch((error: unknown) => {
    if (!isStopping) logger.error({ err: error }, 'streams not prepared');
  });
  const owned = opening.move();
  return {
    devices,
    prepared,
    faults: desk.faults,
    setFault: desk.setFault,
    clearFaults: desk.clearFaults,
    raise(camera, topic, isOn) {
      for (const { device, channel } of targetsOf(devices, { camera })) {
        const planned = device.plan.channels.find(({ number }) => number === channel);
        if (planned !== undefined) device.onvif.events.raise({ topic, source: eventSource(topic, planned), isOn });
      }
    },
    async [Symbol.asyncDispose]() {
      isStopping = true;
      await owned[Symbol.asyncDispose]();
    },
  };
}

/** A machine that lets nobody listen to discovery has cameras all the same. */
async function tellOfDevices(
  devices: readonly VirtualDevice[],
  { discoveryPort: port, logger, host }: FleetOptions,
): Promise<Discovery | undefined> {
  if (port === undefined) return undefined;
  const discoverables = devices.map(({ discoverable }) => discoverable);
  return await startDiscovery({ devices: discoverables, logger, host, port }).catch((error: unknown) => {
    logger.warn({ err: error }, 'discovery not started');
    return undefined;
  });
}

async function inspectAll(devices: readonly PlannedDevice[]): Promise<Map<string, ClipFile>> {
  const files = new Set(devices.flatMap(({ channels }) => channels.map(({ file }) => file)));
  const clips = new Map<string, ClipFile>();
  for (const file of files) clips.set(file, await inspectClip(file));
  return clips;
}
