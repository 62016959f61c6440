/**
 * Lanes: a fixed number of places for the statements of one account, and a bounded queue before them. Each place owns a
 * named pipe through which the bytes of its statement flow. Loss rule: a request is refused, in words, when the queue
 * is full or its wait is over; nothing that was admitted is dropped.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { storeError } from './store-error.ts';

export type Slot = Disposable & { pipePath: string };

export type Lane = {
  name: string;
  slots: number;
  running: () => number;
  waiting: () => number;
  /** Throws TOO_MANY_SIMULTANEOUS_QUERIES, or QUERY_WAS_CANCELLED when the signal aborts first. */
  enter: (signal: AbortSignal) => Promise<Slot>;
};

type Options = { slots: number; queueMax: number; waitMs: number; pipes: string[] };

export function createLane(name: string, options: Options): Lane {
  const free = [...options.pipes];
  const queue: ((slot: Slot) => void)[] = [];

  function leave(pipePath: string): void {
    const next = queue.shift();
    if (next === undefined) free.push(pipePath);
    else next(slotOf(pipePath));
  }

  function slotOf(pipePath: string): Slot {
    let isLeft = false;
    return {
      pipePath,
      [Symbol.dispose]() {
        if (!isLeft) leave(pipePath);
        isLeft = true;
      },
    };
  }

  function wait(signal: AbortSignal): Promise<Slot> {
    return new Promise<Slot>((done, fail) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      const admit = (slot: Slot) => {
        end();
        done(slot);
      };
      const giveUp = (error: Error) => {
        end();
        queue.splice(queue.indexOf(admit), 1);
        fail(error);
      };
      const onAbort = () => giveUp(storeError('QUERY_WAS_CANCELLED', 'The client left while its query waited.'));
      const timer = setTimeout(() => giveUp(busy(name, `waited ${options.waitMs / 1000} s in vain`)), options.waitMs);
      signal.addEventListener('abort', onAbort, { once: true });
      queue.push(admit);
    });
  }

  return {
    name,
    slots: options.slots,
    running: () => options.slots - free.length,
    waiting: () => queue.length,
    async enter(signal) {
      signal.throwIfAborted();
      const pipePath = free.pop();
      if (pipePath !== undefined) return slotOf(pipePath);
      if (queue.length >= options.queueMax) throw busy(name, `${queue.length} queries wait already`);
      return await wait(signal);
    },
  };
}

function busy(lane: string, why: string): Error {
  return storeError(
    'TOO_MANY_SIMULTANEOUS_QUERIES',
    `Too many simultaneous queries of ${lane}: ${why}. Ask again later, or ask for less at once.`,
  );
}

/** Makes `count` named pipes in a new private folder, which goes with them. */
export function makePipes(count: number): Disposable & { paths: string[] } {
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-store-'));
  const paths = Array.from({ length: count }, (_, index) => resolve(folder, `${index}`));
  execFileSync('mkfifo', ['-m', '600', ...paths]);
  return { paths, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
