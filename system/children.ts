/** Supervision of child processes: started in order, restarted with backoff, ended with their whole group. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ROOT_DIR } from './config.ts';
import { backoffMs, pause } from './lifecycle.ts';
import { openLogFile } from './log-file.ts';
import type { Logger } from './logs.ts';

export type ChildSpec = {
  /** Unique on this machine: names the log and the pid file. */
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  /** A Node child of ours says "ready" over IPC; another program is ready when this resolves. */
  isReady?: () => Promise<boolean>;
  readyTimeoutMs?: number;
};

export type ChildStatus = {
  name: string;
  pid: number | undefined;
  restarts: number;
  isReady: boolean;
  startedAtMs: number;
};

export type Children = AsyncDisposable & {
  /** Starts a child and waits until it is ready; throws when it is not within its time. */
  start: (spec: ChildSpec) => Promise<void>;
  status: () => ChildStatus[];
  /** Details that the child sent with "ready". */
  details: (name: string) => Record<string, unknown>;
};

type Kept = {
  spec: ChildSpec;
  process: ChildProcess | undefined;
  restarts: number;
  isReady: boolean;
  startedAtMs: number;
  details: Record<string, unknown>;
};

type Options = {
  runDir: string;
  logDir: string;
  logger: Logger;
  stopTimeoutMs: number;
  onReady?: (name: string) => void;
};

/** What a child that said it stops gets beyond `stopTimeoutMs` before it is taken for hung. */
const HUNG_GRACE_MS = 10_000;

/**
 * Each child runs in a process group of its own; its output goes to `<logDir>/<name>.log`, its pid to
 * `<runDir>/<name>.pid`. A child that ends is started again after 0.5 s, later up to 15 s. On dispose all are asked to
 * end (SIGTERM), last started first, and after `stopTimeoutMs` killed with their group; so is, ten seconds later, one
 * that was asked by somebody else, said that it stops, and does not.
 */
export function superviseChildren(options: Options): Children {
  mkdirSync(options.runDir, { recursive: true, mode: 0o700 });
  mkdirSync(options.logDir, { recursive: true, mode: 0o700 });
  reapOrphans(options);
  const kept = new Map<string, Kept>();
  // However this process ends (short of SIGKILL, see reapOrphans), it leaves nobody behind.
  const killAll = () => {
    for (const child of kept.values()) killGroup(child.process?.pid);
  };
  process.on('exit', killAll);
  const stopping = new AbortController();

  function launch(child: Kept, onReady: () => void): void {
    const { spec } = child;
    const isNode = spec.command === process.execPath;
    const log = openLogFile(resolve(options.logDir, `${spec.name}.log`));
    child.startedAtMs = Date.now();
    child.isReady = false;
    const running = spawn(spec.command, spec.args, {
      env: spec.env ?? process.env,
      detached: true,
      stdio: isNode ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    });
    child.process = running;
    notePid(spec.name, running.pid);
    running.stdout?.pipe(log, { end: false });
    running.stderr?.pipe(log, { end: false });
    let hung: NodeJS.Timeout | undefined;
    running.on('message', (message: { type?: string }) => {
      // Whoever ends by itself may hang in the attempt, deaf to its own deadline: a native call does not return.
      if (message.type === 'stopping')
        hung ??= setTimeout(() => endHung(running), options.stopTimeoutMs + HUNG_GRACE_MS);
      if (message.type !== 'ready') return;
      child.details = { ...message };
      child.isReady = true;
      onReady();
      options.onReady?.(spec.name);
    });
    running.once('error', (error) =>
      options.logger.error({ child: spec.name, error: error.message }, 'child failed to start'),
    );
    running.once('close', (code, signal) => {
      clearTimeout(hung);
      log.end();
      child.process = undefined;
      child.isReady = false;
      rmSync(pidPath(options.runDir, spec.name), { force: true });
      if (!stopping.signal.aborted) void restart(child, { code, signal });
    });
  }

  /** For whoever comes after a supervisor that was killed. */
  function notePid(name: string, pid: number | undefined): void {
    try {
      if (pid !== undefined) writeFileSync(pidPath(options.runDir, name), `${pid}\n`);
    } catch (error) {
      options.logger.warn({ child: name, error: (error as Error).message }, 'pid not noted');
    }
  }

  function endHung({ pid }: ChildProcess): void {
    options.logger.error({ pid }, 'child hung while it stopped, and was killed');
    killGroup(pid);
  }

  async function restart(child: Kept, end: { code: number | null; signal: NodeJS.Signals | null }): Promise<void> {
    const isStable = Date.now() - child.startedAtMs > 30_000;
    const waitMs = backoffMs(isStable ? 0 : child.restarts, { baseMs: 500, capMs: 15_000 });
    child.restarts++;
    options.logger.warn({ child: child.spec.name, ...end, waitMs, restarts: child.restarts }, 'child ended');
    await pause(waitMs, stopping.signal);
    if (!stopping.signal.aborted) launch(child, () => {});
  }

  return {
    async start(spec) {
      const child: Kept = { spec, process: undefined, restarts: 0, isReady: false, startedAtMs: 0, details: {} };
      kept.set(spec.name, child);
      await new Promise<void>((done, fail) => {
        const timeoutMs = spec.readyTimeoutMs ?? 60_000;
        const timer = setTimeout(
          () =>
            fail(
              new Error(
                `${spec.name} was not ready after ${timeoutMs / 1000} s; see ${resolve(options.logDir, `${spec.name}.log`)}`,
              ),
            ),
          timeoutMs,
        );
        const ready = () => {
          clearTimeout(timer);
          child.isReady = true;
          done();
        };
        launch(child, ready);
        if (spec.isReady !== undefined)
          void poll(spec.isReady, ready, AbortSignal.any([stopping.signal, AbortSignal.timeout(timeoutMs)]));
      });
    },
    status: () =>
      [...kept.values()].map((child) => ({
        name: child.spec.name,
        pid: child.process?.pid,
        restarts: child.restarts,
        isReady: child.isReady,
        startedAtMs: child.startedAtMs,
      })),
    details: (name) => kept.get(name)?.details ?? {},
    async [Symbol.asyncDispose]() {
      stopping.abort();
      for (const child of [...kept.values()].reverse()) await end(child.process, options.stopTimeoutMs);
      process.off('exit', killAll);
    },
  };
}

async function poll(isReady: () => Promise<boolean>, ready: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if (await isReady().catch(() => false)) return ready();
    await pause(100, signal);
  }
}

async function end(child: ChildProcess | undefined, timeoutMs: number): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => killGroup(child.pid), timeoutMs);
  await closed;
  clearTimeout(timer);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

const pidPath = (runDir: string, name: string) => resolve(runDir, `${name}.pid`);

/** Ends children that a killed supervisor left behind, where the pid still belongs to a program of this folder. */
function reapOrphans({ runDir, logger }: Options): void {
  for (const file of readdirSync(runDir).filter((name) => name.endsWith('.pid'))) {
    const path = resolve(runDir, file);
    const pid = Number(readFileSync(path, 'utf8'));
    const commandPath = `/proc/${pid}/cmdline`;
    const command = Number.isInteger(pid) && existsSync(commandPath) ? readFileSync(commandPath, 'utf8') : '';
    if (command.includes(ROOT_DIR) || command.includes(dirname(runDir))) {
      logger.warn({ child: file.replace('.pid', ''), pid }, 'orphan ended');
      killGroup(pid);
    }
    rmSync(path, { force: true });
  }
}
