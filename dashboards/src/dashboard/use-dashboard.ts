/** Reads the dashboard of the question that the address asks: at once, again while the period grows, and after a failure that passes. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Dashboard } from '#models/schema/dashboard.ts';
import { type ApiError, ApiProblemError, UnreachableError } from '../api-client.ts';
import { whenSeen } from '../workspace/when-seen.ts';
import { type Answered, type DashboardQuestion, dashboardApi } from './dashboard-api.ts';

/**
 * asking: the API computes; reading: its answer comes in; idle: nothing is under way;
 * cancelled: a person ended it. What was there before stays, marked by `isStale`.
 */
export type Stage = 'asking' | 'reading' | 'idle' | 'cancelled';

export type DashboardState = {
  dashboard: Dashboard | undefined;
  stage: Stage;
  askedAtMs: number;
  problem: ApiError | undefined;
  /** What is shown belongs to an earlier question, or could not be read anew. */
  isStale: boolean;
  cancel: () => void;
  askAgain: () => void;
};

const AGAIN_MS = 60_000;
/** After a failure that may be over by then; twice as long after each further one, up to the usual pause. */
const RETRY_MS = 4000;
/** Too many at once, and whoever is needed is away: not what was asked is wrong. */
const PASSING_STATUS = [429, 502, 503, 504];
/** Later than this after its end no more rows of a period are expected. */
const GROWS_MS = 2 * 3_600_000;

type Held = Answered & { key: string };

const known = (error: unknown): ApiError | undefined =>
  error instanceof ApiProblemError || error instanceof UnreachableError ? error : undefined;

const isPassing = (problem: ApiError): boolean =>
  problem instanceof UnreachableError || PASSING_STATUS.includes(problem.problem.status);

/** `question` null asks nothing yet. */
export function useDashboard(question: DashboardQuestion | null, onSignedOut: () => void): DashboardState {
  const key = question === null ? '' : JSON.stringify(question);
  const [held, setHeld] = useState<Held>();
  const [stage, setStage] = useState<Stage>('asking');
  const [askedAtMs, setAskedAtMs] = useState(Date.now);
  const [failure, setFailure] = useState<{ key: string; problem: ApiError; times: number }>();
  const [turn, setTurn] = useState(0);
  const latest = useRef({ held, onSignedOut });
  latest.current = { held, onSignedOut };
  const running = useRef<AbortController>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn asks the same question again
  useEffect(() => {
    if (key === '') return;
    const asked = JSON.parse(key) as DashboardQuestion;
    const life = new AbortController();
    running.current = life;
    setStage('asking');
    setAskedAtMs(Date.now());
    const etag = latest.current.held?.key === key ? latest.current.held.etag : null;
    dashboardApi.read(asked, { signal: life.signal, etag, onAnswer: () => setStage('reading') }).then(
      (answered) => {
        if (life.signal.aborted) return;
        if (answered !== null) setHeld({ key, ...answered });
        setFailure(undefined);
        setStage('idle');
      },
      (error: unknown) => {
        if (life.signal.aborted) return;
        if (error instanceof ApiProblemError && error.problem.status === 401) latest.current.onSignedOut();
        const problem = known(error) ?? new UnreachableError(error);
        setFailure((last) => ({ key, problem, times: last?.key === key ? last.times + 1 : 1 }));
        setStage('idle');
      },
    );
    return () => life.abort();
  }, [key, turn]);

  const isGrowing = question !== null && question.toMs > Date.now() - GROWS_MS;
  const retryMs = failure?.key === key && isPassing(failure.problem) ? RETRY_MS * 2 ** (failure.times - 1) : null;
  const againMs = isGrowing || retryMs !== null ? Math.min(retryMs ?? AGAIN_MS, AGAIN_MS) : null;
  useEffect(() => {
    if (againMs === null || stage !== 'idle') return;
    return whenSeen(againMs, () => setTurn((before) => before + 1));
  }, [againMs, stage]);

  const cancel = useCallback(() => {
    running.current?.abort();
    setStage('cancelled');
  }, []);
  const askAgain = useCallback(() => setTurn((before) => before + 1), []);
  // An earlier question's trouble says nothing of this one.
  const problem = failure?.key === key ? failure.problem : undefined;
  return {
    dashboard: held?.dashboard,
    stage,
    askedAtMs,
    problem,
    isStale: held !== undefined && (held.key !== key || problem !== undefined),
    cancel,
    askAgain,
  };
}
