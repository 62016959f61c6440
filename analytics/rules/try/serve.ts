/** Answers questions on what a rule would have done: one at a time, each in a process of its own that yields to live work. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { NatsConnection } from '@nats-io/nats-core';
import { FaultError } from '#models/schema/fault.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import { type Config, configEnvironment, ROOT_DIR } from '#system/config.ts';
import type { Logger } from '#system/logs.ts';
import { answerStream } from '#system/reply-stream.ts';

/** A piece of a line: a message of NATS holds no more than a megabyte. The last piece of a line ends it. */
export type TryPiece = { text: string; isEnd: boolean };

/** Looks are garbage as soon as they are judged: with Node's usual young generation a third of the time went to collecting. */
export const TRY_PROCESS = ['--max-semi-space-size=64', resolve(ROOT_DIR, 'analytics/rules/try/main.ts')];

const PIECE_CHARACTERS = 200_000;
const TRY_MAX_MS = 15 * 60_000;
const KILL_AFTER_MS = 3000;

export function serveTries(
  connection: NatsConnection,
  { config, logger }: { config: Config; logger: Logger },
): Disposable {
  let isBusy = false;
  return answerStream(connection, CONTROL.tryRule, {
    queue: 'rule-tries',
    answer(question, asker) {
      if (isBusy) throw new FaultError('rule-try-busy', 'another rule is being tried just now');
      isBusy = true;
      return freeing(piecesOf(question, { config, logger, asker }), () => {
        isBusy = false;
      });
    },
  });
}

async function* freeing<Item>(items: AsyncIterable<Item>, free: () => void): AsyncGenerator<Item> {
  try {
    yield* items;
  } finally {
    free();
  }
}

type Parts = { config: Config; logger: Logger; asker: AbortSignal };

async function* piecesOf(question: unknown, { config, logger, asker }: Parts): AsyncGenerator<TryPiece> {
  const signal = AbortSignal.any([asker, AbortSignal.timeout(TRY_MAX_MS)]);
  const child = spawn(process.execPath, TRY_PROCESS, {
    env: { ...process.env, ...configEnvironment(config) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const stop = () => end(child);
  signal.addEventListener('abort', stop, { once: true });
  try {
    yieldToOthers(child, logger);
    child.stdin.on('error', () => {});
    child.stdin.write(`${JSON.stringify(question)}\n`);
    for await (const line of createInterface({ input: child.stdout })) {
      for (let at = 0; at < line.length; at += PIECE_CHARACTERS) {
        yield { text: line.slice(at, at + PIECE_CHARACTERS), isEnd: at + PIECE_CHARACTERS >= line.length };
      }
    }
    await ended;
    if (signal.aborted && !asker.aborted)
      throw new FaultError('rule-try-failed', `it was not done after ${TRY_MAX_MS / 60_000} minutes`);
  } finally {
    signal.removeEventListener('abort', stop);
    end(child);
    await ended;
  }
}

/** Live alerts go first. */
function yieldToOthers({ pid }: ChildProcess, logger: Logger): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    logger.warn({ error: (error as Error).message }, 'priority of a try not lowered');
  }
}

function end(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  child.once('exit', () => clearTimeout(timer));
}
