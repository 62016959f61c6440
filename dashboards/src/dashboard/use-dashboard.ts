/** Reads the dashboard of the question that the address asks: once at once, then again while the period still grows. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Dashboard } from '#models/schema/dashboard.ts';
import { type ApiError, ApiProblemError, UnreachableError } from '../api-client.ts';
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
/** Later than this after its end no more rows of a period are expected. */
const GROWS_MS = 2 * 3_600_000;

type Held = Answered & { key: string };

const known = (error: unknown): ApiError | undefined =>
  error instanceof ApiProblemError || error instanceof UnreachableError ? error : undefined;

/** `question` null asks nothing yet. */
export function useDashboard(question: DashboardQuestion | null, onSignedOut: () => void): DashboardState {
  const key = question === null ? '' : JSON.stringify(question);
  const [held, setHeld] = useState<Held>();
  const [stage, setStage] = useState<Stage>('asking');
  const [askedAtMs, setAskedAtMs] = useState(Date.now);
  const [failure, setFailure] = useState<{ key: string; problem: ApiError }>();
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
        setFailure({ key, problem: known(error) ?? new UnreachableError(error) });
        setStage('idle');
      },
    );
    return () => life.abort();
  }, [key, turn]);

  const isGrowing = question !== null && question.toMs > Date.now() - GROWS_MS;
  useEffect(() => {
    if (!isGrowing || stage !== 'idle') return;
    const timer = setTimeout(() => {
      if (!document.hidden) setTurn((before) => before + 1);
    }, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [isGrowing, stage]);

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
