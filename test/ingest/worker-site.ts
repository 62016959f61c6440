/** A site whose broker is stopped and started at will, with ingest workers that are real processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { openRegistry, type Registry } from '#models/registry/registry.ts';
import type { Camera, CameraState } from '#models/schema/camera.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import { decodeDetectionMessage } from '#models/wire/codec.ts';
import { DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { detectionsSubject } from '#models/wire/subjects.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { type Children, superviseChildren } from '#system/children.ts';
import { type Config, configEnvironment, ROOT_DIR } from '#system/config.ts';
import { workerEnvironment } from '#system/worker-environment.ts';
import { startBroker, testConfig, testLogger, until } from '#test/site/site.ts';

export type SwitchedBroker = AsyncDisposable & {
  config: Config;
  stop: () => Promise<void>;
  start: () => Promise<void>;
  /** The server hangs: it keeps its sockets and answers nothing, until it may go on. */
  hang: () => Disposable;
};

/** A real nats-server on a port that stays the same over stops and starts. */
export async function startSwitchedBroker(values: Partial<Config> = {}): Promise<SwitchedBroker> {
  const config = await testConfig(values);
  let children: Children | undefined;
  const stop = async () => {
    await children?.[Symbol.asyncDispose]();
    children = undefined;
  };
  const start = async () => {
    const [runDir, logDir] = [resolve(config.dataDir, 'broker-run'), resolve(config.dataDir, 'logs')];
    children = superviseChildren({ runDir, logDir, logger: testLogger, stopTimeoutMs: 5000 });
    await startBroker({ config, children });
  };
  await start();
  return {
    config,
    stop,
    start,
    hang() {
      const pid = children?.status()[0]?.pid;
      if (pid === undefined) throw new Error('no nats-server runs');
      process.kill(pid, 'SIGSTOP');
      return { [Symbol.dispose]: () => void process.kill(pid, 'SIGCONT') };
    },
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(config.dataDir, { recursive: true, force: true });
    },
  };
}

export type WorkerProcess = {
  process: ChildProcess;
  /** Sends the signal and waits for the end; returns the exit code. */
  end: (signal: NodeJS.Signals) => Promise<number | null>;
  log: () => string;
};

export type WorkerSite = SwitchedBroker & {
  broker: Broker;
  registry: Registry;
  startWorker: (name: string) => Promise<WorkerProcess>;
  addCamera: (id: string, values: Partial<Camera> & Pick<Camera, 'source'>) => Promise<void>;
  editCamera: (id: string, values: Partial<Camera>) => Promise<void>;
  stateOf: (id: string) => Promise<CameraState | undefined>;
  /** All that the stream holds, in its order. */
  messages: (camera?: string) => Promise<DetectionMessage[]>;
  /** Cheap enough to be asked again and again, unlike all of them. */
  lastMessage: (camera: string) => Promise<DetectionMessage | undefined>;
};

export async function startWorkerSite(values: Partial<Config> = {}): Promise<WorkerSite> {
  const switched = await startSwitchedBroker(values);
  const { config } = switched;
  const broker = await openBroker(config, 'site', { logger: testLogger, name: 'test' });
  const registry = await openRegistry(broker.connection);
  const workers: WorkerProcess[] = [];
  return {
    ...switched,
    broker,
    registry,
    async startWorker(name) {
      const worker = launchWorker(config, name);
      workers.push(worker);
      await new Promise<void>((done, fail) => {
        worker.process.once('message', () => done());
        worker.process.once('exit', () => fail(new Error(`the worker ended at once:\n${worker.log()}`)));
      });
      return worker;
    },
    async addCamera(id, more) {
      await registry.cameras.create(id, { ...CAMERA, id, name: id, ...more });
    },
    async editCamera(id, more) {
      const entry = await registry.cameras.get(id);
      if (entry === undefined) throw new Error(`there is no camera ${id}`);
      await registry.cameras.put(id, { ...entry.value, ...more, updatedAtMs: Date.now() }, entry.revision);
    },
    stateOf: async (id) => (await registry.states.get(id))?.value,
    messages: (camera) => readStream(broker, camera),
    async lastMessage(camera) {
      // No test's camera stands in an area.
      const subject = detectionsSubject(['_', '_', '_', '_', '_'], camera);
      const last = await broker.manager.streams.getMessage(DETECTIONS_STREAM.name, { last_by_subj: subject });
      return last === null ? undefined : decodeDetectionMessage(last.data);
    },
    async [Symbol.asyncDispose]() {
      for (const worker of workers) await worker.end('SIGKILL');
      await broker[Symbol.asyncDispose]();
      await switched[Symbol.asyncDispose]();
    },
  };
}

const CAMERA: Omit<Camera, 'source' | 'id' | 'name'> = {
  area: null,
  isEnabled: true,
  sampleFps: 5,
  isGated: false,
  fullLookIntervalS: 10,
  createdAtMs: 1,
  updatedAtMs: 1,
};

function launchWorker(config: Config, name: string): WorkerProcess {
  const logPath = resolve(config.dataDir, 'logs', `${name}-${Date.now()}.log`);
  const running = spawn(process.execPath, [resolve(ROOT_DIR, 'ingest/main.ts'), '--name', name], {
    env: { ...process.env, ...configEnvironment(config), ...workerEnvironment(config) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = createWriteStream(logPath);
  running.stdout?.pipe(log);
  running.stderr?.pipe(log);
  const ended = new Promise<number | null>((done) => running.once('exit', (code) => done(code)));
  return {
    process: running,
    async end(signal) {
      if (running.exitCode === null && running.signalCode === null) running.kill(signal);
      return await ended;
    },
    log: () => readFileSync(logPath, 'utf8'),
  };
}

async function readStream(broker: Broker, camera?: string): Promise<DetectionMessage[]> {
  const info = await broker.manager.streams.info(DETECTIONS_STREAM.name);
  const messages: DetectionMessage[] = [];
  if (info.state.messages === 0) return messages;
  const consumer = await broker.stream.consumers.get(DETECTIONS_STREAM.name);
  for await (const message of await consumer.consume()) {
    messages.push(decodeDetectionMessage(message.data));
    if (message.seq >= info.state.last_seq) break;
  }
  return camera === undefined ? messages : messages.filter((message) => message.camera === camera);
}

/** Waits for the state, and says what it was where it does not come. */
export async function untilState(site: WorkerSite, camera: string, state: CameraState['state']): Promise<CameraState> {
  let last: CameraState | undefined;
  await until(`${camera} is ${state}`, async () => {
    last = await site.stateOf(camera);
    return last?.state === state;
  }).catch((error: Error) => {
    throw new Error(`${error.message}; it is ${JSON.stringify(last)}`);
  });
  return last as CameraState;
}
