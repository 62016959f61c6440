/** One line of states per camera or place over the period, its name a way there, and in words how long it was how. */
import { Fragment, useMemo } from 'react';
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import { formatShare, formatSpan } from '../../words/figures.ts';
import { useIsNarrow } from '../../workspace/use-is-narrow.ts';
import type { SubjectRef } from '../asked.ts';
import type { Telling } from '../panel-rows.ts';
import { type Run, sharesOf, stripsOf } from './strip-runs.ts';
import { tickText, timeTicks } from './time-ticks.ts';

type StripsProps = { answer: PanelAnswer; telling: Telling; label: string; hrefTo: (to: SubjectRef) => string };

/** About what is left of a panel beside names and shares. */
const TICKS_WIDTH_PX = { narrow: 180, wide: 460 };

export function StripsChart({ answer, telling, label, hrefTo }: StripsProps) {
  const { words, zone, fromMs, toMs } = telling;
  const isNarrow = useIsNarrow();
  const strips = useMemo(() => stripsOf(answer, telling), [answer, telling]);
  const ticks = timeTicks({ fromMs, toMs }, TICKS_WIDTH_PX[isNarrow ? 'narrow' : 'wide'], zone);
  const placeOf = (atMs: number) => `${((atMs - fromMs) / (toMs - fromMs)) * 100}%`;
  const title = (run: Run) =>
    `${[run.name, run.share === null ? '' : formatShare(run.share, words)].filter(Boolean).join(' ')}\n${formatSpan(run, words, zone)}`;
  return (
    <figure className="strips-chart" aria-label={label}>
      {strips.map((strip) => {
        const [most] = sharesOf(strip);
        const mean = meanShare(strip.runs);
        return (
          <Fragment key={strip.id}>
            {strip.to === null ? (
              <span className="strip-name">{strip.name}</span>
            ) : (
              <a className="strip-name" href={hrefTo(strip.to)}>
                {strip.name}
              </a>
            )}
            <div className="strip-line" aria-hidden="true">
              {strip.runs.map((run) => (
                <i
                  key={run.fromMs}
                  className={
                    run.share === null
                      ? `strip-run is-${run.state}`
                      : `strip-run is-share${run.share === 0 ? ' is-none' : ''}`
                  }
                  style={
                    {
                      left: placeOf(run.fromMs),
                      width: `calc(${placeOf(run.toMs)} - ${placeOf(run.fromMs)})`,
                      ...(run.share === null ? {} : { '--share': `${Math.round(Math.min(run.share, 1) * 100)}%` }),
                    } as React.CSSProperties
                  }
                  title={title(run)}
                />
              ))}
            </div>
            <span className="strip-share">
              {mean !== null
                ? formatShare(mean, words)
                : most === undefined
                  ? ''
                  : `${most.name} ${formatShare(most.share, words)}`}
            </span>
          </Fragment>
        );
      })}
      <span />
      <div className="strip-ticks" aria-hidden="true">
        {ticks.at.map((atMs) => (
          <span key={atMs} style={{ left: placeOf(atMs) }}>
            {tickText(atMs, ticks, telling)}
          </span>
        ))}
      </div>
      <span />
    </figure>
  );
}

/** Over the period, where the line is shaded by a share. */
export function meanShare(runs: readonly Run[]): number | null {
  if (runs.every(({ share }) => share === null)) return null;
  const all = runs.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return runs.reduce((sum, { fromMs, toMs, share }) => sum + (share ?? 0) * (toMs - fromMs), 0) / all;
}
