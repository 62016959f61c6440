/** The embedded store: ClickHouse’s engine in a process of its own, behind ClickHouse’s HTTP protocol on loopback. */
import './engine/threads.ts';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { watchDisk } from '#system/disk-metrics.ts';
import { aborted, sayReady, startLife } from '#system/lifecycle.ts';
import { createLogger } from '#system/logs.ts';
import { createMetrics } from '#system/metrics.ts';
import { ensureSecret } from '#system/secrets.ts';
import { STORE_ACCOUNTS, type StoreAccount, storePasswordPath } from '#system/store-client.ts';
import { createHealth } from './engine/health.ts';
import { serveStore } from './engine/server.ts';
import { openStore } from './engine/store.ts';

async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger('store', config);
  const life = startLife(logger, config);
  const passwords = Object.fromEntries(
    STORE_ACCOUNTS.map((account) => [account, ensureSecret(storePasswordPath(config, account))]),
  ) as Record<StoreAccount, string>;

  const metrics = createMetrics('store');
  watchDisk(metrics, config.dataDir);
  using store = await openStore(config);
  await using server = await serveStore(store, {
    port: config.storePort,
    passwords,
    logger,
    metrics,
    drainMs: config.stopTimeoutS * 500,
    health: createHealth(store, config),
  });
  logger.info({ port: server.port, version: store.version }, 'store opened');
  sayReady({ port: server.port });
  await aborted(life.signal);
  logger.info('store drains');
}

if (import.meta.main) {
  try {
    await main();
    process.exit(0);
  } catch (error) {
    const fault = error instanceof FaultError ? error : undefined;
    createLogger('store', { logLevel: 'error' }).fatal(
      { code: fault?.code ?? 'internal', error: (error as Error).message, cure: fault?.cure },
      'store failed',
    );
    process.exit(1);
  }
}
