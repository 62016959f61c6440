/** The choice of a time range: four that move with the clock and one with two ends of your own. */
import { type FormEvent, useId, useRef, useState } from 'react';
import { useWords } from '../words/language.tsx';
import { Choice } from './choice.tsx';
import { fromLocalInput, RANGE_NAMES, type RangeName, spanOf, type TimeRange, toLocalInput } from './time-range.ts';

type RangeChoiceProps = { range: TimeRange; onRange: (range: TimeRange) => void };

export function RangeChoice({ range, onRange }: RangeChoiceProps) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const choose = (name: RangeName) => {
    if (name === 'custom') dialog.current?.showModal();
    else onRange({ name });
  };
  return (
    <>
      <Choice
        label={words.range.title}
        options={RANGE_NAMES.map((name) => ({ value: name, text: words.range[name] }))}
        value={range.name}
        onChoose={choose}
      />
      <dialog ref={dialog} className="dialog" aria-label={words.range.custom}>
        <CustomRange
          range={range}
          onRange={(chosen) => {
            dialog.current?.close();
            onRange(chosen);
          }}
          onClose={() => dialog.current?.close()}
        />
      </dialog>
    </>
  );
}

function CustomRange({ range, onRange, onClose }: RangeChoiceProps & { onClose: () => void }) {
  const words = useWords();
  const [isWrong, setIsWrong] = useState(false);
  const [fromId, toId] = [useId(), useId()];
  const { fromMs, toMs } = spanOf(range);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const chosen = { fromMs: fromLocalInput(String(form.get('from'))), toMs: fromLocalInput(String(form.get('to'))) };
    const isRight = chosen.toMs > chosen.fromMs;
    setIsWrong(!isRight);
    if (isRight) onRange({ name: 'custom', ...chosen });
  };
  return (
    <form className="range-form" onSubmit={submit} key={range.name}>
      <h2>{words.range.title}</h2>
      <label htmlFor={fromId}>{words.range.from}</label>
      <input id={fromId} name="from" type="datetime-local" defaultValue={toLocalInput(fromMs)} required />
      <label htmlFor={toId}>{words.range.to}</label>
      <input id={toId} name="to" type="datetime-local" defaultValue={toLocalInput(toMs)} required />
      <p role="alert" className="range-wrong">
        {isWrong ? words.range.wrong : ''}
      </p>
      <div className="range-actions">
        <button type="button" className="button-plain" onClick={onClose}>
          {words.close}
        </button>
        <button type="submit" className="button-primary">
          {words.range.apply}
        </button>
      </div>
    </form>
  );
}
