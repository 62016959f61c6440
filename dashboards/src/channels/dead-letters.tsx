/** What a channel gave up: what it was, why, and buttons to send it again or to throw it away. */
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
  const act = (work: Promise<unknown>) => {
    setFailure(undefined);
    void work.then(refresh, setFailure);
  };
  const resend = (events?: string[]) => act(channelsApi.resend(channel, events));
  /** Those that are shown: what came meanwhile nobody has looked at. */
  const shown = data.letters.slice(0, SHOWN_MAX);
  const discardShown = () => {
    if (window.confirm(said.discardSure(shown.length)))
      act(
        channelsApi.discard(
          channel,
          shown.map(({ event }) => event),
        ),
      );
  };
  return (
    <section className="outlet-letters" aria-label={said.letters}>
      <header>
        <h3>
          {said.letters} <span className="muted">{data.count}</span>
        </h3>
        {mayChange && (
          <span className="outlet-letter-work">
            <button type="button" className="button-plain" onClick={() => resend()}>
              {said.resendAll}
            </button>
            <button type="button" className="button-plain" onClick={discardShown}>
              {said.discardShown(shown.length)}
            </button>
          </span>
        )}
      </header>
      <p className="muted">{said.lettersNote}</p>
      <ul>
        {shown.map((letter) => (
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
                <span className="outlet-letter-work">
                  <button type="button" className="button-quiet" onClick={() => resend([letter.event])}>
                    {said.resend}
                  </button>
                  <button
                    type="button"
                    className="button-quiet"
                    onClick={() => act(channelsApi.discard(channel, [letter.event]))}
                  >
                    {said.discard}
                  </button>
                </span>
              )
            )}
          </li>
        ))}
      </ul>
      {failure !== undefined && <ProblemText error={failure} />}
    </section>
  );
}
