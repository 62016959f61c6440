/** A dashboard of an area, a camera or a rule: what is asked stands in the address, what the API composed is laid out. */
import { useCallback, useMemo } from 'react';
import { useWords } from '../words/language.tsx';
import { useKnownSite } from '../workspace/known.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { useTopArea } from '../workspace/top-area.ts';
import { readPlace, usePlace, type ViewProps } from '../workspace/view.ts';
import { ViewFrame } from '../workspace/view-frame.tsx';
import { AskBar } from './ask-bar.tsx';
import {
  type Asked,
  comparedPeriod,
  dashboardAddress,
  periodOf,
  readAsked,
  readSubject,
  type SubjectRef,
  writeAsked,
} from './asked.ts';
import type { DashboardQuestion } from './dashboard-api.ts';
import { DashboardSheet } from './dashboard-sheet.tsx';
import { KnownContext, useKnown } from './known.ts';
import { PlaceBar } from './place-bar.tsx';
import { Progress, Skeleton } from './progress.tsx';
import { useDashboard } from './use-dashboard.ts';

function useAsked(): { subject: SubjectRef | null; asked: Asked; ask: (change: Partial<Asked>) => void } {
  const { rest, query } = usePlace();
  const subject = useMemo(() => readSubject(rest), [rest]);
  const text = writeAsked(readAsked(query));
  const asked = useMemo(() => readAsked(text), [text]);
  const ask = useCallback((change: Partial<Asked>) => {
    const now = readPlace(location.hash);
    const at = readSubject(now.rest);
    if (at !== null) location.hash = dashboardAddress(at, { ...readAsked(now.query), ...change });
  }, []);
  return { subject, asked, ask };
}

export function DashboardPage({ onSignedOut }: ViewProps) {
  const words = useWords();
  const said = words.dashboard;
  const { subject, asked, ask } = useAsked();
  const zone = useKnownSite().zone ?? null;
  const question = questionOf(subject, asked, zone);
  const state = useDashboard(question, onSignedOut);
  const { dashboard, stage, problem, isStale } = state;
  const known = useKnown(dashboard, onSignedOut);
  useTopArea(subject === null);
  const isSame =
    dashboard !== undefined && subject?.id === dashboard.subject.id && subject.type === dashboard.subject.type;
  const isWaiting = stage === 'asking' || stage === 'reading';
  return (
    <ViewFrame name="dashboard">
      <KnownContext value={known}>
        <div className="dash-head">
          {isSame && <PlaceBar subject={dashboard.subject} asked={asked} />}
          {subject !== null && zone !== null && (
            <AskBar
              subject={subject}
              name={isSame ? dashboard.subject.name : subject.id}
              asked={asked}
              zone={zone}
              onAsk={ask}
              onSignedOut={onSignedOut}
            />
          )}
        </div>
        <div className="dash-notices">
          {isWaiting && (!isSame || isStale) && <Progress {...state} />}
          {stage === 'cancelled' && (
            <p className="dash-progress">
              <span role="status">{said.cancelled}</span>
              <button type="button" className="button-plain" onClick={state.askAgain}>
                {said.askAgain}
              </button>
            </p>
          )}
          {problem !== undefined && (
            <div className="notice is-problem" role="alert">
              <ProblemText error={problem} />
              <button type="button" className="button-plain" onClick={state.askAgain}>
                {said.askAgain}
              </button>
            </div>
          )}
          {isSame && isStale && <p className="dash-stale">{problem === undefined ? said.stale : said.staleFailed}</p>}
          {subject === null && known.areas?.features.length === 0 && <p>{said.noAreas}</p>}
        </div>
        {isSame && subject !== null ? (
          <DashboardSheet
            dashboard={dashboard}
            subject={subject}
            asked={asked}
            isStale={isStale}
            onSignedOut={onSignedOut}
          />
        ) : (
          isWaiting && <Skeleton />
        )}
      </KnownContext>
    </ViewFrame>
  );
}

function questionOf(subject: SubjectRef | null, asked: Asked, zone: string | null): DashboardQuestion | null {
  if (subject === null || zone === null) return null;
  const period = periodOf(asked.range, zone);
  return { ...subject, ...period, zone, compare: comparedPeriod(asked.compare, period, zone), kind: asked.kind };
}
