/** The demo's cameras: a process that tells its scene and serves its clips over RTSP until it is told to stop. */
import { parseArgs } from 'node:util';
import { loadConfig } from '#system/config.ts';
import { aborted, sayReady, startLife } from '#system/lifecycle.ts';
import { createLogger } from '#system/logs.ts';
import { startRtspServer } from './rtsp/server.ts';
import { findScene } from './scene.ts';

export type { Scene } from './scene.ts';

export async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'rtsp-port': { type: 'string', default: '8554' } } });
  const config = loadConfig();
  const logger = createLogger('demo', config);
  const life = startLife(logger, config);
  const scene = findScene(config.materialDir, { isFootage: config.demoFootage });
  const cameras = scene?.cameras ?? [];
  await using server = await startRtspServer({
    host: '127.0.0.1',
    port: Number(values['rtsp-port']),
    streams: cameras.map(({ id, file }) => ({ path: id, file })),
    logger,
  });
  logger.info({ port: server.port, cameras: cameras.length }, 'cameras started');
  sayReady({ scene });
  await aborted(life.signal);
}

if (import.meta.main) await main();
