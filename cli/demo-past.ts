/** Gives a demo its simulated past while it runs: a process of its own, at low priority, some time after the start. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Config, ROOT_DIR } from '#system/config.ts';
import { openLogFile } from '#system/log-file.ts';

/** What is normal takes three weeks before the week in question. It is written with rests: live rows do not wait for it. */
export const PAST_DAYS = 30;
/** First come the cameras: a person waits for their picture. */
const WAIT_MS = 45_000;

/** Where it ends before it is done (the store was away), it is begun again after this, and then after twice as long. */
const AGAIN_AFTER_MS = 10_000;
const AGAIN_AFTER_MAX_MS = 300_000;

type Options = { waitMs?: number; againAfterMs?: number; start?: (logPath: string) => ChildProcess };

/** What it says goes to logs/history.log; a run that is cut goes on where it was. */
export function startDemoPast(
  { dataDir }: Pick<Config, 'dataDir'>,
  { waitMs = WAIT_MS, againAfterMs = AGAIN_AFTER_MS, start = startHistory }: Options = {},
): AsyncDisposable {
  const logPath = resolve(dataDir, 'logs', 'history.log');
  let child: ChildProcess | undefined;
  let isStopped = false;
  let pauseMs = againAfterMs;
  let timer = setTimeout(run, waitMs);

  function run(): void {
    child = start(logPath);
    child.once('close', (code) => {
      child = undefined;
      if (code === 0 || isStopped) return;
      timer = setTimeout(run, pauseMs);
      pauseMs = Math.min(2 * pauseMs, AGAIN_AFTER_MAX_MS);
    });
  }

  return {
    async [Symbol.asyncDispose]() {
      isStopped = true;
      clearTimeout(timer);
      if (child === undefined) return;
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      // A statement of the store is waited for; beyond its time the process ends by itself.
      await closed;
    },
  };
}

function startHistory(logPath: string): ChildProcess {
  mkdirSync(dirname(logPath), { recursive: true });
  const log = openLogFile(logPath);
  const args = [resolve(ROOT_DIR, 'cli/main.ts'), 'demo', 'history', '--days', String(PAST_DAYS), '--background'];
  // By the channel it learns that its parent is gone, however that ended.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  child.once('error', (error) => log.write(`${error.message}\n`));
  child.once('close', () => log.end());
  return child;
}
