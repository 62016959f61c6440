/** The ingest role: cameras → messages. `node ingest/main.ts [--name worker-1]` runs one worker. */
import { faultCodeOf } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { sayReady, startLife } from '#system/lifecycle.ts';
import { createLogger } from '#system/logs.ts';
import { runWorker } from './worker.ts';
import { workerName } from './worker-name.ts';

export { type DetectLine, type DetectOptions, detectStream } from './detect/detect-stream.ts';
export { discover } from './discovery/discover.ts';
export { findTargets } from './discovery/targets.ts';
export { createLogins } from './onvif/logins.ts';
export { type ProbeOptions, probeDevice } from './onvif/probe.ts';
export { readTarget } from './onvif/target.ts';

if (import.meta.main) {
  const config = loadConfig();
  const worker = workerName(process.argv.slice(2));
  const logger = createLogger('ingest', config).child({ worker });
  const { signal } = startLife(logger, config);
  try {
    await runWorker(config, { worker, logger, signal, onReady: () => sayReady({ worker }) });
    logger.info('worker ended');
    process.exit(0);
  } catch (error) {
    logger.fatal({ code: faultCodeOf(error), error: (error as Error).stack }, 'worker failed');
    process.exit(1);
  }
}
