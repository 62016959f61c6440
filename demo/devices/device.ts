/** One virtual device: its RTSP server, its ONVIF service and its power, with a main and a sub stream for each channel. */
import type { Logger } from 'pino';
import { createLoginGuard } from '#demo/login-guard.ts';
import type { OnvifProfile } from '#demo/onvif/context.ts';
import { type OnvifDevice, type OnvifDeviceOptions, startOnvifDevice } from '#demo/onvif/device.ts';
import type { Discoverable } from '#demo/onvif/discovery.ts';
import type { Topic } from '#demo/onvif/events.ts';
import { scopesOf } from '#demo/onvif/scopes.ts';
import { type ClipFile, TICKS_PER_S } from '#demo/rtsp/clip-file.ts';
import type { Network, RtspServer } from '#demo/rtsp/server.ts';
import { startRtspServer } from '#demo/rtsp/server.ts';
import type { VariantCache } from '#demo/variants/cache.ts';
import { howToMake, type RecipeId, SUB_SIZE } from '#demo/variants/recipe.ts';
import { faultCodeOf } from '#models/schema/fault.ts';
import { createHead, type Head } from './head.ts';
import type { PlannedChannel, PlannedDevice } from './plan.ts';

export type DeviceStream = { path: string; isSub: boolean; channel: PlannedChannel; clip: ClipFile };

export type VirtualDevice = AsyncDisposable & {
  plan: PlannedDevice;
  rtsp: RtspServer;
  onvif: OnvifDevice;
  streams: readonly DeviceStream[];
  /** All streams are there; those whose clips had to be made come later. */
  prepared: Promise<void>;
  discoverable: Discoverable;
  isUp: () => boolean;
  setNetwork(network: Network): Promise<void>;
  /** The file of a stream's variant, made where it is not there yet. */
  variantOf(stream: DeviceStream, recipe: RecipeId): Promise<string>;
  urlOf(stream: DeviceStream): string;
};

export type DeviceOptions = {
  host: string;
  variants: VariantCache;
  /** Clips by their file. */
  clips: ReadonlyMap<string, ClipFile>;
  logger: Logger;
  wanderEveryS: number;
  onReboot: (device: VirtualDevice) => void;
};

export async function startDevice(plan: PlannedDevice, options: DeviceOptions): Promise<VirtualDevice> {
  const { host, logger, variants } = options;
  const guard = createLoginGuard(plan.make.habits.lockOut);
  await using opening = new AsyncDisposableStack();
  const start = (port: number) => startRtspServer({ host, port, streams: [], logger, guard });
  const rtsp = opening.use(await onPort(plan, plan.rtspPort, start));
  const streams = streamsOf(plan, options.clips);
  for (const { path } of streams) rtsp.announce(path);
  let network: Network = 'up';
  let head: Head | undefined;
  const variantOf = (stream: DeviceStream, recipe: RecipeId | null, isUrgent = true) =>
    variants.file(stream.clip, variantFor(stream, recipe), { isUrgent });
  if (plan.kind === 'ptz') head = createHead({ wanderEveryS: options.wanderEveryS, rtsp, streams, variantOf, logger });

  const onvifOptions: Omit<OnvifDeviceOptions, 'port'> = {
    ...plan.make,
    host,
    serial: plan.make.serial(plan.number),
    firmware: `2.${plan.number}.0 build 1409`,
    name: plan.name,
    location: plan.street,
    uuid: plan.uuid,
    user: plan.user,
    password: plan.password,
    guard,
    profiles: streams.map((stream) => profileOf(stream, rtsp.port)),
    snapshot: (token) => snapshotOf(rtsp, streams, token),
    onReboot: () => options.onReboot(device),
    ...(head === undefined ? {} : { ptz: head.ptz }),
  };
  const onvif = opening.use(await onPort(plan, plan.onvifPort, (port) => startOnvifDevice({ ...onvifOptions, port })));
  const { prepared } = await addStreams(rtsp, plan, { streams, file: (stream) => variantOf(stream, null, false) });
  const device: VirtualDevice = {
    plan,
    rtsp,
    onvif,
    streams,
    prepared,
    discoverable: {
      uuid: plan.uuid,
      xaddrs: onvif.url.replace('127.0.0.1', plan.make.habits.innerHost ?? urlHost(host)),
      scopes: scopesOf(onvif),
      probes: onvif.habits.probes,
      isUp: () => network === 'up',
    },
    isUp: () => network === 'up',
    async setNetwork(next) {
      network = next;
      await rtsp.setNetwork(next);
      await onvif.setNetwork(next === 'up' ? 'open' : next === 'mute' ? 'mute' : 'closed');
    },
    variantOf,
    urlOf: ({ path }) => rtsp.url(path),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
  const owned = opening.move();
  return device;
}

/** Any free port where the wanted one is taken and need not be it. */
async function onPort<Server>(
  { isPortFirm }: PlannedDevice,
  port: number,
  start: (port: number) => Promise<Server>,
): Promise<Server> {
  try {
    return await start(port);
  } catch (error) {
    if (isPortFirm || faultCodeOf(error) !== 'port-taken') throw error;
    return await start(0);
  }
}

const urlHost = (host: string) => (host === '0.0.0.0' ? '127.0.0.1' : host);

function streamsOf(plan: PlannedDevice, clips: ReadonlyMap<string, ClipFile>): DeviceStream[] {
  return plan.channels.flatMap((channel) => {
    const clip = clips.get(channel.file);
    if (clip === undefined) throw new Error(`the clip ${channel.file} was not read`);
    const stream = (isSub: boolean) => ({ path: plan.make.path(channel.number, isSub), isSub, channel, clip });
    return [stream(false), stream(true)];
  });
}

const variantFor = ({ isSub, channel }: DeviceStream, recipe: RecipeId | null) => ({
  recipe,
  isSub,
  codec: channel.codec,
});

/** Streams that play their clip as it is are there at once; the others when their variant is made. */
async function addStreams(
  rtsp: RtspServer,
  { user, password, make }: PlannedDevice,
  { streams, file }: { streams: readonly DeviceStream[]; file: (stream: DeviceStream) => Promise<string> },
): Promise<{ prepared: Promise<void> }> {
  const add = ({ path, channel }: DeviceStream, played: string | ClipFile) =>
    rtsp.addStream({ path, file: played, startAtS: channel.startAtS, user, password, authentication: make.rtsp });
  const isReady = (stream: DeviceStream) => howToMake(variantFor(stream, null), stream.clip) === null;
  for (const stream of streams.filter(isReady)) await add(stream, stream.clip);
  const later = streams.filter((stream) => !isReady(stream));
  return { prepared: Promise.all(later.map(async (stream) => add(stream, await file(stream)))).then(() => undefined) };
}

export const profileToken = ({ channel, isSub }: DeviceStream) => `ch${channel.number}_${isSub ? 'sub' : 'main'}`;
export const sourceToken = (channel: PlannedChannel) => `video-source-${channel.number}`;

/** What an event names as its source. */
export function eventSource(topic: Topic, channel: PlannedChannel): string {
  if (topic === 'digital-input') return 'input-1';
  return topic === 'motion' ? `${sourceToken(channel)}-configuration` : sourceToken(channel);
}

function profileOf(stream: DeviceStream, rtspPort: number): OnvifProfile {
  const { clip, channel, isSub, path } = stream;
  const size = isSub && clip.width > SUB_SIZE.width ? SUB_SIZE : clip;
  return {
    token: profileToken(stream),
    name: `${channel.name} ${isSub ? 'sub' : 'main'}`,
    codec: channel.codec === 'h264' ? 'H264' : 'H265',
    width: size.width,
    height: size.height,
    fps: Math.round(TICKS_PER_S / clip.frameTicks),
    streamUrl: `:${rtspPort}/${path}`,
    source: sourceToken(channel),
  };
}

async function snapshotOf(rtsp: RtspServer, streams: readonly DeviceStream[], token: string): Promise<Buffer> {
  const stream = streams.find((one) => profileToken(one) === token) ?? streams[0];
  if (stream === undefined) throw new Error('the device has no stream');
  const { clip, atS } = rtsp.shown(stream.path);
  // Decoders and encoders are loaded when the first snapshot is asked for: most processes never need them.
  const { stillOf } = await import('#demo/rtsp/still.ts');
  return await stillOf(clip.file, atS);
}
