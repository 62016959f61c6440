/** Two ends of a span, typed as the site's wall clock. */
import { type FormEvent, useId, useState } from 'react';
import { useWords } from '../words/language.tsx';
import type { Span } from './time-range.ts';
import { fromZoneInput, toZoneInput } from './zone-time.ts';

type SpanFormProps = { span: Span; zone: string; onSpan: (span: Span) => void };

export function SpanForm({ span, zone, onSpan }: SpanFormProps) {
  const words = useWords();
  const [isWrong, setIsWrong] = useState(false);
  const [fromId, toId] = [useId(), useId()];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const read = (name: string) => fromZoneInput(String(form.get(name)), zone);
    const chosen = { fromMs: read('from'), toMs: read('to') };
    const isRight = chosen.toMs > chosen.fromMs;
    setIsWrong(!isRight);
    if (isRight) onSpan(chosen);
  };
  return (
    <form className="span-form" onSubmit={submit}>
      <label htmlFor={fromId}>{words.range.from}</label>
      <input id={fromId} name="from" type="datetime-local" defaultValue={toZoneInput(span.fromMs, zone)} required />
      <label htmlFor={toId}>{words.range.to}</label>
      <input id={toId} name="to" type="datetime-local" defaultValue={toZoneInput(span.toMs, zone)} required />
      <button type="submit" className="button-primary">
        {words.range.apply}
      </button>
      {isWrong && (
        <p role="alert" className="span-wrong">
          {words.range.wrong}
        </p>
      )}
    </form>
  );
}
