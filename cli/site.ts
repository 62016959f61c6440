/** A whole site on one machine: broker, store, analytics, API and ingest workers, each a supervised process. */
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { FaultError } from '#models/schema/fault.ts';
import { watchOwnBroker } from '#system/broker-watch.ts';
import { type Children, superviseChildren } from '#system/children.ts';
import { type Config, configEnvironment, ROOT_DIR } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { followOwnSubscribers, prepareOwnBroker } from '#system/own-broker.ts';
import { workerEnvironment } from '#system/worker-environment.ts';
import { claimDataDir } from './running-site.ts';

export type Site = AsyncDisposable & {
  url: string;
  children: Children;
  /** Only at the very first start: the administrator's password, to be shown once. */
  firstPassword: string | undefined;
  /** One-time code for the sign-in link. */
  signInCode: string | undefined;
};

type Options = {
  logger: Logger;
  onStep: (text: string) => void;
  /** `storage` starts only the broker and the store, as a restore needs them. */
  parts?: 'all' | 'storage';
};

/** libuv threads: every waiting node-av call and every running query of the embedded engine holds one. */
const STORE_THREADS = 32;

/** Starts everything in order and waits for each; throws FaultError when a part does not start, with its log named. */
export async function startSite(config: Config, options: Options): Promise<Site> {
  const url =
    config.publicUrl !== ''
      ? config.publicUrl
      : `http://${config.apiHost === '0.0.0.0' ? '127.0.0.1' : config.apiHost}:${config.apiPort}`;
  const release = claimDataDir({
    pid: process.pid,
    url,
    dataDir: config.dataDir,
    natsPort: config.natsPort,
    storePort: config.storePort,
  });
  const children = superviseChildren({
    runDir: resolve(config.dataDir, 'run'),
    logDir: resolve(config.dataDir, 'logs'),
    logger: options.logger,
    stopTimeoutMs: (config.stopTimeoutS + 2) * 1000,
  });
  const opened = new AsyncDisposableStack();
  try {
    await startParts(config, { ...options, children });
    if (config.natsUrl === '') {
      opened.use(followOwnSubscribers(config, { children, logger: options.logger }));
      opened.use(watchOwnBroker(config, { children, logger: options.logger }));
    }
  } catch (error) {
    await children[Symbol.asyncDispose]();
    release();
    throw error;
  }
  const details = children.details('api');
  return {
    url,
    children,
    firstPassword: typeof details.firstPassword === 'string' ? details.firstPassword : undefined,
    signInCode: typeof details.signInCode === 'string' ? details.signInCode : undefined,
    async [Symbol.asyncDispose]() {
      await opened.disposeAsync();
      await children[Symbol.asyncDispose]();
      release();
    },
  };
}

async function startParts(
  config: Config,
  { children, onStep, parts }: Options & { children: Children },
): Promise<void> {
  const env = { ...process.env, ...configEnvironment(config) };
  const role = async (name: string, script: string, more: NodeJS.ProcessEnv = {}, args: string[] = []) => {
    onStep(name);
    await children
      .start({ name, command: process.execPath, args: [resolve(ROOT_DIR, script), ...args], env: { ...env, ...more } })
      .catch((cause: Error) => {
        throw new FaultError('start-failed', cause.message, { cause });
      });
  };
  if (config.natsUrl === '') {
    await demandFreePort(config.natsPort, 'natsPort');
    onStep('broker');
    await children.start({
      name: 'nats',
      ...prepareOwnBroker(config),
      isReady: () => isPortOpen(config.natsPort),
      readyTimeoutMs: 30_000,
    });
  }
  if (config.clickhouseUrl === '') {
    await demandFreePort(config.storePort, 'storePort');
    await role('store', 'analytics/store/main.ts', { UV_THREADPOOL_SIZE: String(STORE_THREADS) });
  }
  if (parts === 'storage') return;
  await demandFreePort(config.apiPort, 'apiPort');
  await role('analytics', 'analytics/main.ts');
  await Promise.all([
    role('rules', 'analytics/rules/main.ts'),
    role('alerts', 'analytics/alerts/main.ts'),
    role('api', 'api/main.ts'),
  ]);
  for (let index = 1; index <= config.workers; index++) {
    await role(`worker-${index}`, 'ingest/main.ts', workerEnvironment(config), ['--name', `worker-${index}`]);
  }
}

function isPortOpen(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 });
    const end = (isOpen: boolean) => {
      socket.destroy();
      done(isOpen);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

/** A part that was killed a moment ago may still hold its port: that gets two seconds. */
async function demandFreePort(port: number, key: string): Promise<void> {
  for (let attempt = 0; attempt < 20 && (await isPortOpen(port)); attempt++) await pause(100);
  if (await isPortOpen(port)) throw new FaultError('port-taken', `port ${port} (${key}) is taken by another program`);
}
