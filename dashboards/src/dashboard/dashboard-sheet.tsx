/** The composed dashboard: what it is of, what stands out, and its panels in the order in which the API laid them out. */
import { useMemo } from 'react';
import type { Dashboard } from '#models/schema/dashboard.ts';
import { formatNumber, formatShare, formatSpan, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { offsetText } from '../workspace/zone-time.ts';
import { type Asked, dashboardHref, type SubjectRef } from './asked.ts';
import { dashboardApi } from './dashboard-api.ts';
import { useKnownHere } from './known.ts';
import { PanelCard, type PanelSpans } from './panel-card.tsx';
import type { Telling } from './panel-rows.ts';
import { DESK, rowSpans, SMALL, WALL } from './row-spans.ts';
import { Sentences } from './sentences.tsx';

type SheetProps = {
  dashboard: Dashboard;
  subject: SubjectRef;
  asked: Asked;
  isStale: boolean;
  onSignedOut: () => void;
};

export function DashboardSheet({ dashboard, subject, asked, isStale, onSignedOut }: SheetProps) {
  const words = useWords();
  const { names } = useKnownHere();
  const { fromMs, toMs, zone, panels, sentences } = dashboard;
  const isCompared = asked.compare.name !== 'off';
  const telling = useMemo<Telling>(
    () => ({ words, names, zone, fromMs, toMs, isCompared }),
    [words, names, zone, fromMs, toMs, isCompared],
  );
  const spans = useMemo(() => spansOf(panels), [panels]);
  const hrefTo = useMemo(() => (to: SubjectRef) => dashboardHref(to, asked), [asked]);
  const question = { ...subject, fromMs, toMs, zone, compare: dashboard.compare, kind: asked.kind };
  const about = `${dashboard.subject.name} · ${formatSpan(dashboard, words, zone)}`;
  return (
    <article
      className={`dash-sheet${isStale ? ' is-stale' : ''}`}
      aria-busy={isStale}
      data-testid="dashboard"
      data-version={dashboard.version}
    >
      <SheetHead dashboard={dashboard} asked={asked} />
      <Sentences sentences={sentences} panels={new Set(panels.map(({ id }) => id))} />
      <div className="dash-grid">
        {panels.map((answer, index) => (
          <PanelCard
            key={answer.id}
            answer={answer}
            spans={spans[index]!}
            subject={subject}
            about={about}
            asked={asked}
            telling={telling}
            csvHref={dashboardApi.csvUrl(question, answer.id)}
            hrefTo={hrefTo}
            onSignedOut={onSignedOut}
          />
        ))}
      </div>
    </article>
  );
}

/** What has no figures takes little room, whatever it would have drawn. */
function spansOf(panels: Dashboard['panels']): PanelSpans[] {
  const sizes = panels.map(({ size, empty }) => (empty === null ? size : 'third'));
  const [desk, small, wall] = [rowSpans(sizes, DESK), rowSpans(sizes, SMALL), rowSpans(sizes, WALL)];
  return sizes.map((_, index) => ({ desk: desk[index]!, small: small[index]!, wall: wall[index]! }));
}

/** What the figures are of, which a reader needs on the screen as well as on paper. */
function SheetHead({ dashboard, asked }: { dashboard: Dashboard; asked: Asked }) {
  const words = useWords();
  const said = words.dashboard;
  const { subject, zone, compare, observedShare, cameras, composedAtMs } = dashboard;
  const number = (value: number) => formatNumber(value, words);
  const facts = [
    asked.kind === null ? null : words.kinds[asked.kind],
    compare === null || asked.compare.name === 'off' ? null : said.compared(formatSpan(compare, words, zone)),
    observedShare === null ? null : said.watched(formatShare(observedShare, words)),
    subject.type === 'area' ? said.cameras(number(cameras.all), number(cameras.calibrated)) : null,
    said.composed(formatTime(composedAtMs, words, { zone, withSeconds: true })),
  ].filter((fact) => fact !== null);
  return (
    <header className="dash-of">
      <p className="dash-printed">{[...subject.above.map(({ name }) => name), ''].join(' › ')}</p>
      <h2>{said.ofPlace(subject.name)}</h2>
      <p className="dash-period">
        {formatSpan(dashboard, words, zone)}
        <span className="muted">
          {zone}, {offsetText(dashboard.fromMs, zone)}
        </span>
      </p>
      <p className="muted">{facts.join(' · ')}</p>
      {dashboard.isSimulated && <p className="dash-simulated">{said.simulated}</p>}
      <p className="dash-printed">
        {location.href.replace(/#sign-in=.*/, '')}
        <br />
        {said.printed(formatTime(Date.now(), words, { zone, withDay: true, withSeconds: true }))}, {zone}
      </p>
    </header>
  );
}
