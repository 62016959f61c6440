/** The API's process: the outside of Sharp Eyes, REST, streams and the page, on one port. */
import { faultCodeOf } from '#models/schema/fault.ts';
import { openBroker } from '#system/broker.ts';
import { loadConfig } from '#system/config.ts';
import { answerControl } from '#system/control.ts';
import { watchDisk } from '#system/disk-metrics.ts';
import { aborted, sayReady, startLife } from '#system/lifecycle.ts';
import { createLogger } from '#system/logs.ts';
import { createMetrics } from '#system/metrics.ts';
import { openContext } from './context.ts';
import { listen } from './listen.ts';
import { prepareStart, type Welcome } from './people/first-start.ts';
import { buildServer } from './server.ts';

export async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger('api', config);
  const life = startLife(logger, config);
  const metrics = createMetrics('api');
  watchDisk(metrics, config.dataDir);
  const startedAtMs = Date.now();

  await using broker = await openBroker(config, 'api', { logger, name: 'api', signal: life.signal });
  await using context = await openContext({ config, logger, metrics, broker, signal: life.signal });
  answerControl(broker.connection, {
    metrics,
    health: () => ({ role: 'api', process: `api-${process.pid}`, isWell: true, startedAtMs, details: {} }),
  });
  const welcome = await prepareStart(config, context);
  await using server = await listen(await buildServer(context), config);

  sayReady({ ...welcome, url: server.url });
  if (process.connected !== true) greet(welcome, server.url);
  await aborted(life.signal);
}

/** Without a parent that shows it, the terminal does. */
function greet({ firstPassword, signInCode }: Welcome, url: string): void {
  if (signInCode !== undefined)
    console.log(`Open ${url}/#sign-in=${signInCode} (signs you in, once, within 15 minutes)`);
  if (firstPassword !== undefined)
    console.log(`First start: user "admin", password "${firstPassword}" (shown only now)`);
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    const code = faultCodeOf(error);
    const { message, cure, stack } = error as Error & { cure?: string };
    const about = code === 'internal' ? { stack } : { cure };
    createLogger('api', { logLevel: 'error' }).fatal({ code, error: message, ...about }, 'api failed');
    process.exitCode = 1;
  }
}
