/** Spans without alerts that run or are to come: maintenance windows and snoozes, each ended with one click. */
import { useState } from 'react';
import type { Quiet } from '#models/schema/rule.ts';
import { usePolled } from '../polled.ts';
import { formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { rulesApi } from './rules-api.ts';

const EVERY_MS = 10_000;

type QuietsProps = { mayChange: boolean; zone: string; onSignedOut: () => void };

export function QuietList({ mayChange, zone, onSignedOut }: QuietsProps) {
  const words = useWords();
  const said = words.rules;
  const [failure, setFailure] = useState<unknown>();
  const quiets = usePolled('quiets', (signal) => rulesApi.readQuiets({ signal }), {
    intervalMs: EVERY_MS,
    onSignedOut,
  });
  const current = (quiets.data ?? []).filter(({ toMs }) => toMs > Date.now());
  if (current.length === 0) return null;
  const end = (quiet: Quiet) =>
    rulesApi.endQuiet(quiet.id).then(quiets.refresh, (problem: unknown) => setFailure(problem));
  return (
    <div className="rule-quiets">
      <h3>{said.quiets}</h3>
      <ul>
        {current.map((quiet) => (
          <li key={quiet.id}>
            <span>
              <b>{said.quietKinds[quiet.kind]}</b>{' '}
              {[quiet.rule, quiet.camera, quiet.area].filter((each) => each !== undefined).join(' · ')}
            </span>
            <span className="muted">
              {quiet.fromMs > Date.now() && `${formatTime(quiet.fromMs, words, { zone })} – `}
              {said.until(formatTime(quiet.toMs, words, { zone }))} · {quiet.by}: {quiet.reason}
            </span>
            {mayChange && (
              <button type="button" className="button-quiet" onClick={() => void end(quiet)}>
                {said.endQuiet}
              </button>
            )}
          </li>
        ))}
      </ul>
      {failure !== undefined && <ProblemText error={failure} />}
    </div>
  );
}
