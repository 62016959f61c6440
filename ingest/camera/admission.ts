/** Who may log in now: one login at a time per device, and not too many a second in this process. */
import { pause } from '#system/lifecycle.ts';

type Line = { tail: Promise<void>; waiting: number };

const lines = new Map<string, Line>();
let nextStartMs = 0;

/**
 * Waits for its turn and returns the function that ends it, to be called once the login is through or has failed.
 * `device` is host and port; a device that does not answer delays only its own channels. `gapMs`: from login to login.
 */
export async function admit(device: string, options: { signal: AbortSignal; gapMs: number }): Promise<() => void> {
  const line = lines.get(device) ?? { tail: Promise.resolve(), waiting: 0 };
  lines.set(device, line);
  line.waiting++;
  const before = line.tail;
  let release = () => {};
  line.tail = new Promise<void>((resolve) => {
    release = () => {
      line.waiting--;
      if (line.waiting === 0) lines.delete(device);
      release = () => {};
      resolve();
    };
  });
  await Promise.race([before, abortOf(options.signal)]);
  await waitForTurn(options);
  // Whoever was told to stop while waiting must still not let the next one in before its turn.
  if (options.signal.aborted) {
    const leave = release;
    void before.then(() => leave());
    return () => {};
  }
  return () => release();
}

async function waitForTurn({ signal, gapMs }: { signal: AbortSignal; gapMs: number }): Promise<void> {
  const nowMs = performance.now();
  const startMs = Math.max(nowMs, nextStartMs);
  nextStartMs = startMs + gapMs;
  if (startMs > nowMs) await pause(startMs - nowMs, signal);
}

function abortOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
