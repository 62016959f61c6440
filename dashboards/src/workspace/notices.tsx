/** What is wrong right now, over the map: a lost connection, or problems that the API told. */
import { ApiProblemError, UnreachableError } from '../api-client.ts';
import type { Polled } from '../polled.ts';
import { formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from './problem-text.tsx';
import type { Figures } from './use-figures.ts';

const NOTICES_MAX = 2;

/** One notice per code: a store that is away spoils heat map and summary alike. */
function toldProblems(all: readonly Polled<unknown>[]): ApiProblemError[] {
  const byCode = new Map<string, ApiProblemError>();
  for (const { problem } of all) {
    if (problem instanceof ApiProblemError && problem.problem.status !== 401) byCode.set(problem.problem.code, problem);
  }
  return [...byCode.values()].slice(0, NOTICES_MAX);
}

export function Notices({ figures }: { figures: Figures }) {
  const words = useWords();
  const all: Polled<unknown>[] = [figures.heat, figures.summary, figures.cameras, figures.areas, figures.site];
  const isLost = all.some(({ problem }) => problem instanceof UnreachableError);
  const asOfMs = figures.heat.updatedAtMs ?? figures.cameras.updatedAtMs;
  return (
    <div className="notices" role="status">
      {isLost && (
        <div className="notice is-lost" data-testid="lost">
          <span className="spinner" aria-hidden="true" />
          <p>
            {asOfMs === undefined
              ? words.connection.lost
              : words.connection.lostSince(formatTime(asOfMs, words, { withSeconds: true }))}
          </p>
        </div>
      )}
      {!isLost &&
        toldProblems(all).map((problem) => (
          <div className="notice is-problem" key={problem.problem.code}>
            <ProblemText error={problem} />
          </div>
        ))}
    </div>
  );
}
