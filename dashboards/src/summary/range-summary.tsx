/** The chosen time range in figures: a small time line, and each kind's presence and tracks. */
import { Fragment } from 'react';
import type { Summary } from '#models/schema/summary.ts';
import { KINDS_SHOWN } from '../kinds.ts';
import type { Polled } from '../polled.ts';
import { formatCompact, formatDuration } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { KindIcon } from '../workspace/icons.tsx';
import { TimeLine } from './time-line.tsx';

export function RangeSummary({ summary, zone }: { summary: Polled<Summary>; zone: string }) {
  const words = useWords();
  const { data } = summary;
  return (
    <section className="range-summary" aria-label={words.summary.title} data-stale={summary.isStale}>
      <header className="section-head">
        <h2>{words.summary.title}</h2>
        {data !== undefined && data.observedS > 0 && (
          <span>{words.summary.observed(formatDuration(data.observedS, words))}</span>
        )}
      </header>
      {data === undefined ? (
        <div className="placeholders is-chart" role="status" aria-label={words.loading} />
      ) : (
        <Figures data={data} zone={zone} />
      )}
    </section>
  );
}

function Figures({ data, zone }: { data: Summary; zone: string }) {
  const words = useWords();
  const byKind = new Map(data.kinds.map((each) => [each.kind, each]));
  const most = Math.max(...data.kinds.map(({ presenceS }) => presenceS), 1);
  const seen = KINDS_SHOWN.filter(
    (kind) => (byKind.get(kind)?.tracks ?? 0) > 0 || (byKind.get(kind)?.presenceS ?? 0) > 0,
  );
  return (
    <>
      <TimeLine summary={data} zone={zone} />
      {data.observedS === 0 && <p className="muted range-empty">{words.summary.unobserved}</p>}
      {seen.length > 0 && (
        <div className="kind-table">
          <span className="kind-table-head" />
          <span className="kind-table-head">{words.summary.presence}</span>
          <span className="kind-table-head">{words.summary.tracks}</span>
          {seen.map((kind) => {
            const { presenceS = 0, tracks = 0 } = byKind.get(kind) ?? {};
            return (
              <Fragment key={kind}>
                <span className="kind-name">
                  <KindIcon kind={kind} />
                  {words.kinds[kind]}
                </span>
                <span className="kind-value">
                  <i style={{ width: `${(presenceS / most) * 100}%` }} />
                  {formatDuration(presenceS, words)}
                </span>
                <span className="kind-value">{formatCompact(tracks, words)}</span>
              </Fragment>
            );
          })}
        </div>
      )}
    </>
  );
}
