/** Only the cameras, without a site around them: the process that `demo cameras` runs until it is told to stop. */
import { resolve } from 'node:path';
import { DISCOVERY_PORT } from '#demo/onvif/discovery.ts';
import type { VideoCodec } from '#demo/rtsp/nal-units.ts';
import { FaultError, faultCodeOf } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { aborted, startLife } from '#system/lifecycle.ts';
import { createLogger, type Logger } from '#system/logs.ts';
import { describeDevices, startControl } from './control.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { findClips } from './found-clips.ts';
import { findMake, MAKES, type Make } from './make.ts';
import { planDevices } from './plan.ts';
import type { ServeNews, ServeOptions } from './serve-process.ts';

async function startServing(options: ServeOptions, logger: Logger): Promise<Fleet> {
  const { dataDir, materialDir, host, port } = options;
  const cacheDir = resolve(dataDir, 'clips');
  const codecs = options.codecs.map(codecOf);
  const makes = options.profiles.length === 0 ? MAKES : options.profiles.map(makeOf);
  const files = await findClips({ materialDir, cacheDir });
  return await startFleet({
    devices: planDevices({ ...options, codecs, makes, files, onvifPort: port }),
    host,
    cacheDir,
    logger,
    discoveryPort: port === 0 ? undefined : DISCOVERY_PORT,
    isLiving: true,
  });
}

function codecOf(name: string): VideoCodec {
  if (name === 'h264' || name === 'h265') return name;
  throw new FaultError('invalid-value', `a codec is h264 or h265, not "${name}"`);
}

function makeOf(id: string): Make {
  const make = findMake(id);
  if (make !== undefined) return make;
  const known = MAKES.map((one) => one.id).join(', ');
  throw new FaultError('invalid-value', `there is no profile "${id}"; there are ${known}`);
}

const tell = (news: ServeNews) => process.send?.(news);

if (import.meta.main) {
  const options = JSON.parse(process.argv[2] ?? '{}') as ServeOptions;
  const config = loadConfig();
  const logger = createLogger('cameras', { logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel });
  const life = startLife(logger, config);
  try {
    await using fleet = await startServing(options, logger);
    await using control = await startControl(fleet, { port: options.port, dataDir: options.dataDir });
    tell({ type: 'ready', devices: describeDevices(fleet), control: control.url });
    fleet.prepared.then(
      () => tell({ type: 'prepared' }),
      () => undefined,
    );
    await aborted(life.signal);
  } catch (error) {
    tell({ type: 'failed', code: faultCodeOf(error), message: (error as Error).message });
    process.exitCode = 1;
  }
}
