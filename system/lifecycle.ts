/** The life of a process: signals become an AbortSignal, owners are closed last opened first, the end has a deadline. */
import type { Config } from './config.ts';
import type { Logger } from './logs.ts';

export type Life = { signal: AbortSignal; stop: (reason: string) => void };

/**
 * Aborts `signal` on SIGTERM, SIGINT, or when the parent process is gone (its IPC channel closes). A second signal,
 * or `stopTimeoutS` after the first, ends the process at once with exit code 1.
 */
export function startLife(logger: Logger, config: Pick<Config, 'stopTimeoutS'>): Life {
  const controller = new AbortController();
  const stop = (reason: string) => {
    if (controller.signal.aborted) {
      logger.warn({ reason }, 'stop forced');
      process.exit(1);
    }
    logger.info({ reason }, 'stop began');
    if (process.connected === true) process.send?.({ type: 'stopping' });
    controller.abort(new Error(reason));
    setTimeout(() => {
      logger.error({ timeoutS: config.stopTimeoutS }, 'stop took too long');
      process.exit(1);
    }, config.stopTimeoutS * 1000).unref();
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => {
    // A supervised child gets Ctrl-C from the terminal as well; its parent says when to stop.
    if (process.connected !== true) stop('SIGINT');
  });
  if (process.connected === true) {
    process.once('disconnect', () => stop('the parent process is gone'));
    // The channel to the parent alone shall not keep a process alive that has nothing left to do.
    process.channel?.unref();
  }
  return { signal: controller.signal, stop };
}

/** Says to the parent, where there is one, that this process is ready. */
export function sayReady(details: Record<string, unknown> = {}): void {
  if (process.connected === true) process.send?.({ type: 'ready', ...details });
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Waits, but not longer than until the signal aborts; never throws. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Capped exponential backoff with full jitter in its upper half: attempt 0 waits around `baseMs`. */
export function backoffMs(attempt: number, options: { baseMs: number; capMs: number }): number {
  const ceiling = Math.min(options.capMs, options.baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(ceiling / 2 + Math.random() * (ceiling / 2));
}
