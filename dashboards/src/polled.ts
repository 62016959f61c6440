/** Reads something again and again: the last good answer stays while a newer one is on its way or fails. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiError, ApiProblemError, UnreachableError } from './api-client.ts';

export type Polled<Answer> = {
  data: Answer | undefined;
  /** Why the latest attempt failed; absent once one works again. */
  problem: ApiError | undefined;
  updatedAtMs: number | undefined;
  /** True while `data` still belongs to an earlier question. */
  isStale: boolean;
  refresh: () => void;
};

const RETRY_CAP_MS = 8000;

/**
 * `key` names the question: when it changes the request under way is aborted and the next one starts at once.
 * Hidden pages do not ask. After failures the interval doubles up to 8 s. A null key asks nothing.
 */
export function usePolled<Answer>(
  key: string | null,
  read: (signal: AbortSignal) => Promise<Answer>,
  { intervalMs, onSignedOut }: { intervalMs: number; onSignedOut: () => void },
): Polled<Answer> {
  const [held, setHeld] = useState<{ key: string; data: Answer; updatedAtMs: number }>();
  const [problem, setProblem] = useState<ApiError>();
  const latest = useRef({ read, onSignedOut });
  latest.current = { read, onSignedOut };
  const again = useRef<() => void>(() => {});

  useEffect(() => {
    if (key === null) return;
    const leaving = new AbortController();
    const stop = keepAsking({
      ask: async () => {
        const data = await latest.current.read(leaving.signal);
        if (leaving.signal.aborted) return;
        setHeld({ key, data, updatedAtMs: Date.now() });
        setProblem(undefined);
      },
      fail: (error) => {
        if (leaving.signal.aborted) return;
        if (error instanceof ApiProblemError && error.problem.status === 401) latest.current.onSignedOut();
        setProblem(error instanceof ApiProblemError || error instanceof UnreachableError ? error : undefined);
      },
      intervalMs,
    });
    again.current = stop.askNow;
    return () => {
      leaving.abort();
      stop();
    };
  }, [key, intervalMs]);

  const refresh = useCallback(() => again.current(), []);
  return { data: held?.data, problem, updatedAtMs: held?.updatedAtMs, isStale: held?.key !== key, refresh };
}

type Asking = { ask: () => Promise<void>; fail: (error: unknown) => void; intervalMs: number };

/** One request at a time; the pause begins when it has ended. */
function keepAsking({ ask, fail, intervalMs }: Asking): (() => void) & { askNow: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let hasEnded = false;
  let failures = 0;
  const run = async () => {
    if (isAsking || hasEnded) return;
    clearTimeout(timer);
    isAsking = true;
    try {
      await ask();
      failures = 0;
    } catch (error) {
      failures += 1;
      fail(error);
    }
    isAsking = false;
    const pauseMs = failures === 0 ? intervalMs : Math.min(RETRY_CAP_MS, 1000 * 2 ** Math.min(failures - 1, 4));
    if (!hasEnded && !document.hidden) timer = setTimeout(run, pauseMs);
  };
  const onVisible = () => {
    if (!document.hidden) void run();
  };
  document.addEventListener('visibilitychange', onVisible);
  void run();
  const stop = () => {
    hasEnded = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
  };
  return Object.assign(stop, { askNow: () => void run() });
}
