/** The embedded store as a whole: the engine, its lanes, its sessions and the one connection that controls the others. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { FaultError } from '#models/schema/fault.ts';
import type { Config } from '#system/config.ts';
import { STORE_ACCOUNTS, type StoreAccount } from '#system/store-client.ts';
import { createDiskGuard, type DiskGuard } from './disk-guard.ts';
import { writeEngineConfig } from './engine-config.ts';
import { LANE_SLOTS } from './lane-slots.ts';
import { createLane, type Lane, makePipes } from './lanes.ts';
import { type Engine, type EngineConnection, openEngine } from './native.ts';
import { createEngineCheck, createReaderCheck, type ReaderCheck } from './rights.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { type Limits, literal } from './settings.ts';

export type Store = Disposable & {
  version: string;
  connect: () => EngineConnection;
  lanes: Record<StoreAccount, Lane>;
  limits: Record<StoreAccount, Limits>;
  sessions: Sessions;
  disk: DiskGuard;
  /** Lower case: the engine does not mind the case of a format. */
  outputFormats: ReadonlySet<string>;
  /** By our own tokens: quick, before a lane is entered. */
  checkReader: ReaderCheck;
  /** By the engine’s reading: what counts. */
  checkAsEngineReads: (connection: EngineConnection, text: Buffer) => Promise<void>;
  /** Ends the statement that carries this tag, asking again until `outcome` has settled. */
  kill: (tag: string, outcome: Promise<unknown>) => void;
  isWell: () => Promise<boolean>;
};

const QUEUE_MAX = 256;
const QUEUE_WAIT_MS = 20_000;
const WRITER_MAX_S = 3600;
const KILL_AGAIN_MS = 200;

export async function openStore(config: Config): Promise<Store> {
  const path = resolve(config.dataDir, 'store');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const configPath = resolve(config.dataDir, 'store-engine.xml');
  writeEngineConfig(configPath);
  const engine = openOrSayWhy(path, configPath);
  const pipes = makePipes(Object.values(LANE_SLOTS).reduce((sum, slots) => sum + slots, 0));
  const control = createControl(engine);
  const free = [...pipes.paths];
  const laneOf = (account: StoreAccount) =>
    createLane(account, {
      slots: LANE_SLOTS[account],
      queueMax: QUEUE_MAX,
      waitMs: QUEUE_WAIT_MS,
      pipes: free.splice(0, LANE_SLOTS[account]),
    });
  const sessions = createSessions(engine.connect);
  const tableFunctions = await control.ask('SELECT name FROM system.table_functions');
  const formats = await control.ask('SELECT lower(name) FROM system.formats WHERE is_output');
  const checkReader = createReaderCheck(tableFunctions);
  return {
    version: (await control.ask('SELECT version()'))[0] ?? '',
    connect: engine.connect,
    lanes: { writer: laneOf('writer'), reader: laneOf('reader'), analyst: laneOf('analyst') },
    limits: limitsOf(config),
    sessions,
    disk: createDiskGuard(path, config.storeReservedMb * 1024 * 1024),
    outputFormats: new Set(formats),
    checkReader,
    checkAsEngineReads: createEngineCheck(checkReader),
    kill: control.kill,
    isWell: async () => (await control.ask('SELECT 1'))[0] === '1',
    [Symbol.dispose]() {
      sessions[Symbol.dispose]();
      control.close();
      pipes[Symbol.dispose]();
    },
  };
}

function openOrSayWhy(path: string, configPath: string): Engine {
  const engine = openEngine(path, [`--config-file=${configPath}`]);
  try {
    engine.connect().close();
    return engine;
  } catch (cause) {
    // The engine tells the reason on standard error only; its status file names who holds the folder.
    const holder = holderOf(path);
    if (holder === undefined) throw new FaultError('internal', `the engine does not open ${path}`, { cause });
    throw new FaultError('data-locked', `the store in ${path} is held by process ${holder}`, { cause });
  }
}

function holderOf(path: string): number | undefined {
  const file = resolve(path, 'status');
  const pid = existsSync(file) ? Number(/^PID: (\d+)/m.exec(readFileSync(file, 'utf8'))?.[1]) : 0;
  return pid > 0 && pid !== process.pid ? pid : undefined;
}

function limitsOf(config: Config): Record<StoreAccount, Limits> {
  const memoryBytes = config.storeMemoryMb * 1024 * 1024;
  const cores = availableParallelism();
  const maxExecutionS = { writer: WRITER_MAX_S, reader: config.figureTimeoutS, analyst: config.analystTimeoutS };
  // An analyst’s long query leaves a core to the heat map.
  const threads = { writer: cores, reader: cores, analyst: Math.max(1, cores - 1) };
  return Object.fromEntries(
    STORE_ACCOUNTS.map((name) => [name, { memoryBytes, maxExecutionS: maxExecutionS[name], threads: threads[name] }]),
  ) as Record<StoreAccount, Limits>;
}

/** One connection beside the lanes, so that asking and killing work while all lanes are busy. */
function createControl(engine: Engine) {
  const connection = engine.connect();
  let last: Promise<unknown> = Promise.resolve();
  const run = (sql: string) => {
    const next = last.then(() => connection.run(sql));
    last = next.catch(() => {});
    return next;
  };
  return {
    ask: async (sql: string) =>
      Buffer.from((await run(sql)).bytes)
        .toString()
        .split('\n')
        .filter((line) => line !== ''),
    kill(tag: string, outcome: Promise<unknown>) {
      const again = () =>
        void run(`KILL QUERY WHERE startsWith(Settings['log_comment'], ${literal(tag)}) ASYNC FORMAT Null`).catch(
          () => {},
        );
      // Once may come too early: the statement is listed only after it was parsed.
      const timer = setInterval(again, KILL_AGAIN_MS);
      again();
      void outcome.finally(() => clearInterval(timer));
    },
    close: () => connection.close(),
  };
}
