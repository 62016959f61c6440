/** One stage in full: what it does, its figures, what is wrong with it and the cure, and its processes. */
import { useEffect, useRef } from 'react';
import type { StageNow } from '#models/schema/operations.ts';
import { type Fact, FactList } from '../cameras/fact-list.tsx';
import { formatCompact, formatDuration, formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { useIsNarrow } from '../workspace/use-is-narrow.ts';
import { hrefOf } from '../workspace/view.ts';
import { Findings } from './findings.tsx';
import { figureText, rateText } from './stage-figures.ts';
import { StageGlyph } from './stage-glyph.tsx';

export function StageDetail({ now, zone, windowS }: { now: StageNow; zone: string; windowS: number | null }) {
  const words = useWords();
  const said = words.operations;
  const heading = useRef<HTMLHeadingElement>(null);
  const isNarrow = useIsNarrow();
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    // On a phone it opens far below the stage that was touched.
    if (isNarrow) heading.current?.closest('section')?.scrollIntoView({ block: 'start' });
  }, [isNarrow]);
  const { name, does } = said.stages[now.stage];
  const counted = (value: number | null) => (value === null ? undefined : formatNumber(value, words));
  const facts: Fact[] = [
    [said.rate, `${rateText(now, { words, windowS })}${now.ratePerS === null ? '' : ` ${said.passed[now.passed]}`}`],
    [said.lag[now.stage], now.lagS === null ? undefined : formatDuration(now.lagS, words)],
    [said.backlog, now.backlog === null ? undefined : formatCompact(now.backlog, words)],
    [said.dropped, counted(now.dropped)],
    [said.errors, counted(now.errors)],
    ...now.figures.map((figure): Fact => [said.figures[figure.name], figureText(figure, words, zone)]),
  ];
  return (
    <section className="operations-card stage-detail" aria-labelledby="stage-name">
      <header>
        <StageGlyph state={now.state} />
        <h2 id="stage-name" ref={heading} tabIndex={-1}>
          {name}
        </h2>
        <span className="muted">{said.states[now.state]}</span>
        <a className="button-plain" href={hrefOf('operations')}>
          {said.close}
        </a>
      </header>
      <p className="muted">{does}</p>
      <div className="stage-columns">
        <FactList facts={facts} />
        <div>
          <Findings findings={now.findings} none={now.state === 'well' ? said.stageWell : said.stagePasses} />
          {now.stage === 'cameras' && <a href={hrefOf('health')}>{said.walls}</a>}
        </div>
      </div>
    </section>
  );
}
