/** One panel: its question, what is drawn, why it is there, and what can be done with it. */
import { type CSSProperties, memo, type RefObject, useRef, useState } from 'react';
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import { useWords } from '../words/language.tsx';
import type { Asked, SubjectRef } from './asked.ts';
import { PanelBody } from './panel-body.tsx';
import { PanelEmpty } from './panel-empty.tsx';
import { PanelMenu } from './panel-menu.tsx';
import { languageOf, partsOf, type Telling, titleOf } from './panel-rows.ts';
import { RowsTable } from './rows-table.tsx';
import { SqlText } from './sql-text.tsx';

/** Draws a panel's picture where the panel can do it better than a copy of its elements. */
export type PictureMaker = RefObject<(() => Promise<Blob>) | null>;

/** Of six columns, by the width of the window. */
export type PanelSpans = { desk: number; small: number; wall: number };

export type PanelProps = {
  answer: PanelAnswer;
  subject: SubjectRef;
  /** Its name, and the period in words: what a picture needs to be understood alone. */
  about: string;
  asked: Asked;
  telling: Telling;
  csvHref: string;
  hrefTo: (to: SubjectRef) => string;
  onSignedOut: () => void;
  picture: PictureMaker;
};

const WITHOUT_TABLE: readonly PanelAnswer['chart'][] = ['table', 'heat-map'];

export const panelElementId = (id: string): string => `panel-${id}`;

export const PanelCard = memo(function PanelCard({
  spans: { desk, small, wall },
  ...props
}: Omit<PanelProps, 'picture'> & { spans: PanelSpans }) {
  const { answer, subject, asked, telling, hrefTo } = props;
  const words = useWords();
  const card = useRef<HTMLElement>(null);
  const picture: PictureMaker = useRef(null);
  const [isTable, setIsTable] = useState(false);
  const [isSql, setIsSql] = useState(false);
  const language = languageOf(words);
  const title = answer.title[language];
  const [value] = partsOf(answer, 'value');
  const isOne = answer.chart !== 'headline' && answer.chart !== 'table';
  const what = isOne && value !== undefined ? titleOf(value, words) : '';
  const isEmpty = answer.empty !== null;
  return (
    <section
      ref={card}
      id={panelElementId(answer.id)}
      className={`dash-panel is-${answer.chart}${isEmpty ? ' is-empty' : ''}`}
      style={{ '--desk': desk, '--small': small, '--wall': wall } as CSSProperties}
      aria-label={title}
      data-panel={answer.id}
      tabIndex={-1}
    >
      <header>
        <div>
          <h3>{answer.question[language]}</h3>
          <p className="muted">{[title, what].filter(Boolean).join(' · ')}</p>
        </div>
        <PanelMenu
          answer={answer}
          title={title}
          about={props.about}
          telling={telling}
          csvHref={props.csvHref}
          card={card}
          picture={picture}
          isTable={isTable}
          isSql={isSql}
          onTable={isEmpty || WITHOUT_TABLE.includes(answer.chart) ? null : () => setIsTable(!isTable)}
          onSql={() => setIsSql(!isSql)}
        />
      </header>
      {answer.empty !== null ? (
        <PanelEmpty reason={answer.empty} subject={subject} asked={asked} />
      ) : isTable ? (
        <RowsTable answer={answer} telling={telling} label={title} hrefTo={hrefTo} />
      ) : (
        <PanelBody {...props} picture={picture} />
      )}
      {isSql && <SqlText sql={answer.sql} />}
      {!isEmpty && <p className="panel-because">{answer.shownBecause[language]}</p>}
    </section>
  );
});
