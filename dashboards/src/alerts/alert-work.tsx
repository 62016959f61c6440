/** What a person does with an incident: acknowledge, mark, note, close; and what was done so far. */
import { useState } from 'react';
import type { Mark } from '#models/schema/alert.ts';
import type { IncidentView } from '#models/schema/alert-view.ts';
import { formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { MARKS, type WorkChange } from './alerts-api.ts';
import { stateOf } from './queue.ts';

type WorkProps = {
  view: IncidentView;
  zone: string;
  failure: unknown;
  onWork: (change: WorkChange) => void;
  noteField: React.RefObject<HTMLInputElement | null>;
};

export function AlertWork({ view, zone, failure, onWork, noteField }: WorkProps) {
  const words = useWords();
  const said = words.alerts;
  const state = stateOf(view);
  return (
    <div className="alert-work">
      <div className="alert-buttons">
        {state === 'open' && (
          <button type="button" className="button-primary" onClick={() => onWork({ state: 'acknowledged' })}>
            {said.acknowledge}
          </button>
        )}
        {state !== 'closed' && (
          <button type="button" className="button-plain" onClick={() => onWork({ state: 'closed' })}>
            {said.closeIt}
          </button>
        )}
        {state !== 'open' && (
          <button type="button" className="button-plain" onClick={() => onWork({ state: 'open' })}>
            {said.reopen}
          </button>
        )}
        <Marks mark={view.work?.mark} onMark={(mark) => onWork({ mark })} />
      </div>
      {failure !== undefined && (
        <div role="alert">
          <ProblemText error={failure} />
        </div>
      )}
      <Note field={noteField} onNote={(note) => onWork({ note })} />
      {view.work !== null && (
        <ul className="alert-notes" aria-label={said.notes}>
          <li>
            <span>{said.states[view.work.state]}</span>
            <span className="muted">
              {said.by(view.work.changedBy, formatTime(view.work.changedAtMs, words, { zone }))}
            </span>
          </li>
          {view.work.notes.toReversed().map(({ atMs, by, text }) => (
            <li key={`${atMs} ${by}`}>
              <span>{text}</span>
              <span className="muted">{said.by(by, formatTime(atMs, words, { zone }))}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Marks({ mark, onMark }: { mark: Mark | undefined; onMark: (mark: Mark) => void }) {
  const { alerts } = useWords();
  return (
    <fieldset className="choice alert-marks">
      <legend className="unseen">{alerts.mark}</legend>
      {MARKS.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === mark}
          title={alerts.markNotes[each]}
          onClick={() => onMark(each)}
        >
          {alerts.marks[each]}
        </button>
      ))}
    </fieldset>
  );
}

function Note({ field, onNote }: { field: React.RefObject<HTMLInputElement | null>; onNote: (note: string) => void }) {
  const { alerts } = useWords();
  const [text, setText] = useState('');
  const add = (event: React.FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    onNote(text.trim());
    setText('');
  };
  return (
    <form className="alert-note" onSubmit={add}>
      <input
        ref={field}
        aria-label={alerts.note}
        placeholder={alerts.note}
        maxLength={2000}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <button type="submit" className="button-plain" disabled={text.trim() === ''}>
        {alerts.addNote}
      </button>
    </form>
  );
}
