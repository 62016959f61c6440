/** Headline figures in large, each with what is normal for it and, where two periods are compared, the change. */
import { Fragment } from 'react';
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import { formatShare } from '../../words/figures.ts';
import type { Telling } from '../panel-rows.ts';
import { unitText } from '../value-text.ts';
import { departureOf, type HeadlineFigure, headlineFigures } from './headline-figures.ts';

type HeadlineProps = { answer: PanelAnswer; telling: Telling };

const ARROWS = { '-1': '▼', '0': '', '1': '▲' } as const;

export function HeadlineFigures({ answer, telling }: HeadlineProps) {
  return (
    <dl className="headline-figures">
      {headlineFigures(answer, telling).map((figure) => {
        const departure = departureOf(figure);
        return (
          <div key={figure.column.name} className={`is-departure-${departure}`}>
            <dt>{figure.title}</dt>
            <dd data-figure={figure.column.name}>
              {figure.value === null
                ? telling.words.dashboard.notKnown
                : unitText(figure.value, figure.column.unit, telling.words)}
              {departure !== 0 && <span className="headline-arrow">{ARROWS[departure]}</span>}
            </dd>
            {notesOf(figure, telling).map((note) => (
              <Fragment key={note}>
                <dd className="headline-about">{note}</dd>
              </Fragment>
            ))}
          </div>
        );
      })}
    </dl>
  );
}

function notesOf({ value, before, normal, spread, share, column }: HeadlineFigure, { words }: Telling): string[] {
  const said = words.dashboard;
  const text = (each: number) => unitText(each, column.unit, words);
  const change = value === null || before === null || before === 0 ? null : value / before - 1;
  return [
    normal === null
      ? null
      : spread === null || spread === 0
        ? said.ofNormal(text(normal))
        : said.ofNormalSpread(text(normal), text(spread)),
    before === null
      ? null
      : said.was(text(before)) +
        (change === null ? '' : ` (${change < 0 ? '−' : '+'}${formatShare(Math.abs(change), words)})`),
    share === null ? null : said.observed(formatShare(share, words)),
  ].filter((note) => note !== null);
}
