/** The demo's cameras: a process that tells its scene and serves its clips over RTSP and ONVIF until it is told to stop. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '#system/config.ts';
import { aborted, sayReady, startLife } from '#system/lifecycle.ts';
import { createLogger } from '#system/logs.ts';
import { startControl } from './devices/control.ts';
import { startFleet } from './devices/fleet.ts';
import { planScene } from './devices/plan.ts';
import { DISCOVERY_PORT } from './onvif/discovery.ts';
import { findScene } from './scene.ts';

export type { Scene } from './scene.ts';

/** How a camera of the scene is reached. */
export type SceneStream = { url: string; user: string; password: string; onvif: string };

export async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'rtsp-port': { type: 'string', default: '8554' }, 'onvif-port': { type: 'string', default: '8600' } },
  });
  const config = loadConfig();
  const logger = createLogger('demo', config);
  const life = startLife(logger, config);
  const scene = findScene(config.materialDir, { isFootage: config.demoFootage });
  const ports = { rtspPort: Number(values['rtsp-port']), onvifPort: Number(values['onvif-port']) };
  await using fleet = await startFleet({
    devices: planScene(scene?.cameras ?? [], ports),
    host: '127.0.0.1',
    cacheDir: resolve(config.dataDir, 'clips'),
    discoveryPort: DISCOVERY_PORT,
    isLiving: true,
    logger,
  });
  await using _control = await startControl(fleet, { port: 0, dataDir: config.dataDir });
  logger.info({ cameras: fleet.devices.length }, 'cameras started');
  const streams = Object.fromEntries(
    fleet.devices.map(({ plan, rtsp, streams: [main], onvif }): [string, SceneStream] => {
      const { user, password } = plan;
      return [plan.id, { url: rtsp.url(main?.path ?? ''), user, password, onvif: onvif.url }];
    }),
  );
  sayReady({ scene, streams });
  await aborted(life.signal);
}

if (import.meta.main) await main();
