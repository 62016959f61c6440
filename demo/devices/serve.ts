/** Only the cameras, without a site around them: what `demo cameras` runs until it is told to stop. */
import { resolve } from 'node:path';
import { DISCOVERY_PORT } from '#demo/onvif/discovery.ts';
import type { VideoCodec } from '#demo/rtsp/nal-units.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Logger } from '#system/logs.ts';
import { type DescribedDevice, describeDevices, startControl } from './control.ts';
import { startFleet } from './fleet.ts';
import { findClips } from './found-clips.ts';
import { findMake, MAKES, type Make } from './make.ts';
import { planDevices } from './plan.ts';

export type ServeOptions = {
  count: number;
  recorders: number;
  ptz: number;
  codecs: readonly string[];
  /** Profiles by their id; none: all, in turn. */
  profiles: readonly string[];
  host: string;
  /** Of the control; ONVIF takes those after it, RTSP those after `rtspPort`. 0: any free ones. */
  port: number;
  rtspPort: number;
  dataDir: string;
  materialDir: string;
  logger: Logger;
};

export type ServedCameras = AsyncDisposable & {
  devices: DescribedDevice[];
  control: string;
  /** Sub streams and other codecs are there. */
  prepared: Promise<void>;
};

export async function serveCameras(options: ServeOptions): Promise<ServedCameras> {
  const { dataDir, materialDir, logger, host, port } = options;
  const cacheDir = resolve(dataDir, 'clips');
  const codecs = options.codecs.map(codecOf);
  const makes = options.profiles.length === 0 ? MAKES : options.profiles.map(makeOf);
  const files = await findClips({ materialDir, cacheDir });
  await using opening = new AsyncDisposableStack();
  const fleet = opening.use(
    await startFleet({
      devices: planDevices({ ...options, codecs, makes, files, onvifPort: port }),
      host,
      cacheDir,
      logger,
      discoveryPort: port === 0 ? undefined : DISCOVERY_PORT,
      isLiving: true,
    }),
  );
  const control = opening.use(await startControl(fleet, { port, dataDir }));
  const owned = opening.move();
  return {
    devices: describeDevices(fleet),
    control: control.url,
    prepared: fleet.prepared,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

function codecOf(name: string): VideoCodec {
  if (name === 'h264' || name === 'h265') return name;
  throw new FaultError('invalid-value', `a codec is h264 or h265, not "${name}"`);
}

function makeOf(id: string): Make {
  const make = findMake(id);
  if (make !== undefined) return make;
  throw new FaultError(
    'invalid-value',
    `there is no profile "${id}"; there are ${MAKES.map((one) => one.id).join(', ')}`,
  );
}
