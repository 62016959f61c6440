/** What a channel gave up: what it was, why, and a button to send it again. */
import { useState } from 'react';
import type { DeadLetter } from '#models/schema/channel.ts';
import { usePolled } from '../polled.ts';
import { formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { channelsApi } from './channels-api.ts';

const EVERY_MS = 3000;
const SHOWN_MAX = 50;

type LettersProps = { channel: string; mayChange: boolean; zone: string; onSignedOut: () => void };

/** The words of the alert inside; what has none is named by its id. */
function textOf({ json, event }: DeadLetter): string {
  try {
    const { data } = JSON.parse(json) as { data?: { text?: string } };
    return data?.text ?? event;
  } catch {
    return event;
  }
}

export function DeadLetters({ channel, mayChange, zone, onSignedOut }: LettersProps) {
  const words = useWords();
  const said = words.channels;
  const [failure, setFailure] = useState<unknown>();
  const { data, refresh } = usePolled(`letters ${channel}`, (signal) => channelsApi.readLetters(channel, { signal }), {
    intervalMs: EVERY_MS,
    onSignedOut,
  });
  if (data === undefined || data.count === 0) return null;
  const resend = (events?: string[]) => {
    setFailure(undefined);
    void channelsApi.resend(channel, events).then(refresh, setFailure);
  };
  return (
    <section className="outlet-letters" aria-label={said.letters}>
      <header>
        <h3>
          {said.letters} <span className="muted">{data.count}</span>
        </h3>
        {mayChange && (
          <button type="button" className="button-plain" onClick={() => resend()}>
            {said.resendAll}
          </button>
        )}
      </header>
      <p className="muted">{said.lettersNote}</p>
      <ul>
        {data.letters.slice(0, SHOWN_MAX).map((letter) => (
          <li key={letter.event}>
            <span>
              <b>{textOf(letter)}</b>
              <span className="muted">
                {formatTime(letter.deadAtMs, words, { zone })} · {said.attempts(letter.attempts)}
              </span>
              <span className="outlet-problem">{letter.message}</span>
            </span>
            {letter.isToBeSent === true ? (
              <span className="muted">{said.resending}</span>
            ) : (
              mayChange && (
                <button type="button" className="button-quiet" onClick={() => resend([letter.event])}>
                  {said.resend}
                </button>
              )
            )}
          </li>
        ))}
      </ul>
      {failure !== undefined && <ProblemText error={failure} />}
    </section>
  );
}
