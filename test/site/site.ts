/** A site for tests: a real nats-server on a free port and a data folder of its own, gone when the test ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { pino } from 'pino';
import { openBroker } from '#system/broker.ts';
import { type Children, superviseChildren } from '#system/children.ts';
import { type Config, configEnvironment, loadConfig } from '#system/config.ts';
import { followOwnSubscribers, prepareOwnBroker } from '#system/own-broker.ts';

/** For what must happen at all: a machine that does ten things at once is late by seconds. Promises of speed say their own. */
export const PATIENCE_MS = 60_000;

/** Several processes start at once, on machines that do more than this. */
const READY_MS = 180_000;

export type Site = AsyncDisposable & { config: Config; children: Children; env: NodeJS.ProcessEnv };

/** Logs of tests are silent unless SHARP_EYES_LOG_LEVEL asks for them. */
export const testLogger = pino({ level: process.env.SHARP_EYES_LOG_LEVEL ?? 'silent' });

/** Below the ports that the system gives to outgoing connections, which would take one between its choice and its use. */
const PORTS = { first: 12_000, perWorker: 2500, workers: 8 };
let portsTaken = process.pid * 50;

/** A free port out of those of this worker, so that files that run beside each other do not choose the same. */
export async function freePort(): Promise<number> {
  const worker = Number(process.env.VITEST_POOL_ID ?? 0) % PORTS.workers;
  for (;;) {
    portsTaken += 1;
    const port = PORTS.first + worker * PORTS.perWorker + (portsTaken % PORTS.perWorker);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}

/** A configuration on free ports below a new temporary folder. */
export async function testConfig(values: Partial<Config> = {}): Promise<Config> {
  const dataDir = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-test-'));
  const [natsPort, storePort, apiPort] = [await freePort(), await freePort(), await freePort()];
  const env: Record<string, string> = { SHARP_EYES_DATA_DIR: dataDir };
  if (process.env.SHARP_EYES_SHARED !== undefined) env.SHARP_EYES_SHARED = process.env.SHARP_EYES_SHARED;
  return { ...loadConfig(env), natsPort, storePort, apiPort, workers: 1, ...values };
}

/** Starts a real nats-server for the test; further processes are started with `site.children.start`. */
export async function startSite(values: Partial<Config> = {}): Promise<Site> {
  const config = await testConfig(values);
  const supervised = superviseChildren({
    runDir: resolve(config.dataDir, 'run'),
    logDir: resolve(config.dataDir, 'logs'),
    logger: testLogger,
    stopTimeoutMs: 5000,
  });
  const children: Children = {
    ...supervised,
    start: (spec) => supervised.start({ readyTimeoutMs: READY_MS, ...spec }),
  };
  const following = new DisposableStack();
  const site: Site = {
    config,
    children,
    env: { ...process.env, ...configEnvironment(config) },
    async [Symbol.asyncDispose]() {
      following.dispose();
      await children[Symbol.asyncDispose]();
      rmSync(config.dataDir, { recursive: true, force: true });
    },
  };
  await startBroker(site);
  following.use(followOwnSubscribers(config, { children, logger: testLogger }));
  return site;
}

export async function startBroker({ config, children }: Pick<Site, 'config' | 'children'>): Promise<void> {
  await children.start({
    name: 'nats',
    ...prepareOwnBroker(config),
    isReady: () => isBrokerUp(config),
  });
}

async function isBrokerUp(config: Config): Promise<boolean> {
  await using _broker = await openBroker(config, 'site', { logger: testLogger, name: 'probe', timeoutMs: 300 });
  return true;
}

/** Waits until `condition` holds; a throw means "not yet". Throws with `what` and the last throw after `timeoutMs`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let last = '';
    try {
      if (await condition()) return;
    } catch (error) {
      last = `; last: ${(error as Error).message}`;
    }
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for: ${what}${last}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
