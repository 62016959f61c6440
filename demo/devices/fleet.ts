/** All virtual devices of a process: started together, found by whoever looks for them, with faults that come and go. */
import { AV_LOG_ERROR } from 'node-av/constants';
import { Log } from 'node-av/lib';
import type { Logger } from 'pino';
import { type Discovery, startDiscovery } from '#demo/onvif/discovery.ts';
import type { Topic } from '#demo/onvif/events.ts';
import { type ClipFile, inspectClip } from '#demo/rtsp/clip-file.ts';
import { openVariantCache } from '#demo/variants/cache.ts';
import { FaultError } from '#models/schema/fault.ts';
import { eventSource, startDevice, type VirtualDevice } from './device.ts';
import { switchOff, switchOn } from './fault-switch.ts';
import { type FaultId, findFault } from './fault-table.ts';
import { startLiving } from './living.ts';
import type { PlannedDevice } from './plan.ts';
import { createRestarter } from './restart.ts';

export type ActiveFault = { device: string; channel: number; id: FaultId; amount: number; endsAtMs: number | null };

export type FaultWish = {
  /** Number or id of a device, `recorder-31/3` for one channel, or `all`. */
  camera?: string | undefined;
  street?: string | undefined;
  kind: string;
  forS?: number | undefined;
  amount?: number | undefined;
};

export type Fleet = AsyncDisposable & {
  devices: readonly VirtualDevice[];
  /** Every stream is there. */
  prepared: Promise<void>;
  faults(): ActiveFault[];
  /** Returns what has the fault now. Throws FaultError not-found or invalid-value. */
  setFault(wish: FaultWish): Promise<ActiveFault[]>;
  /** All of them where nothing is named; returns what is well again. */
  clearFaults(of: { camera?: string | undefined; street?: string | undefined }): Promise<string[]>;
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
};

type Target = { device: VirtualDevice; channel: number };

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  Log.setLevel(AV_LOG_ERROR);
  const { logger, host, wanderEveryS = 60 } = options;
  await using opening = new AsyncDisposableStack();
  const variants = opening.use(openVariantCache(options.cacheDir));
  const clips = await inspectAll(options.devices);
  const devices: VirtualDevice[] = [];
  let discovery: Discovery | undefined;
  const active = new Map<string, ActiveFault & { timer: NodeJS.Timeout | undefined }>();

  const restarter = opening.use(createRestarter(logger, () => discovery));
  for (const plan of options.devices) {
    const onReboot = (device: VirtualDevice) => void restarter.restart(device);
    devices.push(opening.use(await startDevice(plan, { host, variants, clips, logger, wanderEveryS, onReboot })));
  }
  if (options.discoveryPort !== undefined) {
    discovery = await startDiscovery({
      devices: devices.map(({ discoverable }) => discoverable),
      logger,
      host,
      port: options.discoveryPort,
    }).catch((error: unknown) => {
      logger.warn({ err: error }, 'discovery not started');
      return undefined;
    });
    if (discovery !== undefined) opening.use(discovery);
  }
  if (options.isLiving === true) opening.use(startLiving(devices, restarter));
  const prepared = Promise.all(devices.map((device) => device.prepared)).then(() => undefined);
  let isStopping = false;
  prepared.catch((error: unknown) => {
    if (!isStopping) logger.error({ err: error }, 'streams not prepared');
  });

  const clear = async (target: Target): Promise<void> => {
    const key = keyOf(target);
    const fault = active.get(key);
    if (fault === undefined) return;
    active.delete(key);
    clearTimeout(fault.timer);
    await switchOff(target.device, fault);
    logger.info({ camera: key, fault: fault.id }, 'fault over');
  };

  const setFault: Fleet['setFault'] = async ({ camera, street, kind, forS, amount }) => {
    const fault = findFault(kind);
    if (fault === undefined) throw new FaultError('not-found', `there is no fault "${kind}"; --list names all`);
    const targets = targetsOf(devices, { camera, street }, fault.isOfStreet === true);
    for (const target of targets) {
      await clear(target);
      const chosen = { id: fault.id, amount: amount ?? fault.amount?.default ?? 0, channel: target.channel };
      await switchOn(target.device, chosen);
      const timer = forS === undefined ? undefined : setTimeout(() => void clear(target), forS * 1000).unref();
      const endsAtMs = forS === undefined ? null : Date.now() + forS * 1000;
      active.set(keyOf(target), { ...chosen, device: target.device.plan.id, endsAtMs, timer });
    }
    logger.info({ cameras: targets.map(keyOf), fault: kind, forS }, 'fault switched on');
    return targets.map((target) => withoutTimer(active.get(keyOf(target))!));
  };

  const owned = opening.move();
  return {
    devices,
    prepared,
    faults: () => [...active.values()].map(withoutTimer),
    setFault,
    async clearFaults({ camera, street }) {
      const targets =
        camera === undefined && street === undefined
          ? allTargets(devices)
          : targetsOf(devices, { camera, street }, false);
      const ill = targets.filter((target) => active.has(keyOf(target)));
      for (const target of ill) await clear(target);
      return ill.map(keyOf);
    },
    raise(camera, topic, isOn) {
      for (const { device, channel } of targetsOf(devices, { camera }, false)) {
        const planned = device.plan.channels.find(({ number }) => number === channel);
        if (planned !== undefined) device.onvif.events.raise({ topic, source: eventSource(topic, planned), isOn });
      }
    },
    async [Symbol.asyncDispose]() {
      isStopping = true;
      for (const { timer } of active.values()) clearTimeout(timer);
      await owned[Symbol.asyncDispose]();
    },
  };
}

async function inspectAll(devices: readonly PlannedDevice[]): Promise<Map<string, ClipFile>> {
  const files = new Set(devices.flatMap(({ channels }) => channels.map(({ file }) => file)));
  const clips = new Map<string, ClipFile>();
  for (const file of files) clips.set(file, await inspectClip(file));
  return clips;
}

const keyOf = ({ device, channel }: Target) =>
  device.plan.channels.length === 1 ? device.plan.id : `${device.plan.id}/${channel}`;

const withoutTimer = ({ timer: _timer, ...fault }: ActiveFault & { timer: NodeJS.Timeout | undefined }): ActiveFault =>
  fault;

const allChannels = (device: VirtualDevice): Target[] =>
  device.plan.channels.map(({ number }) => ({ device, channel: number }));

const allTargets = (devices: readonly VirtualDevice[]) => devices.flatMap(allChannels);

/** `isWide`: the street of what is named. */
function targetsOf(
  devices: readonly VirtualDevice[],
  { camera, street }: { camera?: string | undefined; street?: string | undefined },
  isWide: boolean,
): Target[] {
  const ofStreet = (name: string) =>
    devices.filter(({ plan }) => plan.street.toLowerCase().includes(name.toLowerCase()));
  if (street !== undefined) return found(ofStreet(street).flatMap(allChannels), `a street "${street}"`);
  if (camera === 'all') return allTargets(devices);
  const [name, channel] = (camera ?? '').split('/');
  const device = devices.find(({ plan }) => plan.id === name || String(plan.number) === name || plan.name === camera);
  if (device === undefined) throw new FaultError('not-found', `there is no camera "${camera ?? ''}"`);
  if (isWide) return ofStreet(device.plan.street).flatMap(allChannels);
  const targets = allChannels(device).filter((target) => channel === undefined || String(target.channel) === channel);
  return found(targets, `a channel ${channel ?? ''} of ${device.plan.id}`);
}

function found(targets: Target[], what: string): Target[] {
  if (targets.length === 0) throw new FaultError('not-found', `there is not ${what}`);
  return targets;
}
