/** What would help: asked for, told as it comes, and stopped when nobody waits any more. */
import { useEffect, useRef, useState } from 'react';
import type { Suggestion, SuggestionLine } from '#models/schema/coverage.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { coverageApi, type Light } from './coverage-api.ts';
import { formatShare } from './share-text.ts';

type Progress = Extract<SuggestionLine, { done: number }>;
type End = Extract<SuggestionLine, { poles: number }>;
type Fault = Extract<SuggestionLine, { code: string }>;

type Search = {
  found: Suggestion[];
  progress: Progress | null;
  end: End | null;
  problem: unknown;
  isRunning: boolean;
};

const IDLE: Search = { found: [], progress: null, end: null, problem: null, isRunning: false };
const COUNTS = [1, 3, 5, 10];

type SuggestionsProps = {
  area: string | null;
  light: Light;
  chosen: Suggestion | null;
  onChoose: (suggestion: Suggestion | null) => void;
};

/** Another area or light makes what was found untrue: use it as a key. */
export function Suggestions({ area, light, chosen, onChoose }: SuggestionsProps) {
  const words = useWords();
  const { coverage } = words;
  const [count, setCount] = useState(3);
  const [search, setSearch] = useState(IDLE);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function start(): Promise<void> {
    const controller = new AbortController();
    running.current = controller;
    onChoose(null);
    setSearch({ ...IDLE, isRunning: true });
    try {
      const wanted = { area, at: light, cameras: count };
      for await (const line of coverageApi.suggest(wanted, { signal: controller.signal }))
        setSearch((now) => after(now, line));
    } catch (problem) {
      if (!controller.signal.aborted) setSearch((now) => ({ ...now, problem }));
    }
    setSearch((now) => ({ ...now, isRunning: false, progress: null }));
  }

  return (
    <>
      <div className="suggest-bar">
        <label>
          {coverage.suggestCount}
          <select value={count} onChange={(event) => setCount(Number(event.target.value))}>
            {COUNTS.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        {search.isRunning ? (
          <button type="button" className="button-plain" onClick={() => running.current?.abort()}>
            {coverage.suggestStop}
          </button>
        ) : (
          <button type="button" className="button-primary" onClick={() => void start()}>
            {coverage.suggestGo}
          </button>
        )}
        {search.progress !== null && (
          <span className="suggest-progress" role="status">
            {coverage.suggestSteps[search.progress.step]}
            <progress value={search.progress.done} max={1} />
          </span>
        )}
      </div>
      {search.problem !== null && <ProblemText error={search.problem} />}
      <ol className="coverage-rows" data-testid="suggestions">
        {search.found.map((suggestion, index) => (
          <SuggestionRow
            // biome-ignore lint/suspicious/noArrayIndexKey: they are found in this order and never moved
            key={index}
            suggestion={suggestion}
            isChosen={suggestion === chosen}
            onChoose={() => onChoose(suggestion === chosen ? null : suggestion)}
          />
        ))}
      </ol>
      {search.end !== null && (
        <p className="coverage-note">
          {search.found.length === 0
            ? coverage.suggestNone
            : coverage.suggestNote(formatShare(search.end.guarantee, words))}{' '}
          {search.end.isThinned && coverage.thinned}
        </p>
      )}
    </>
  );
}

function after(now: Search, line: SuggestionLine): Search {
  if ('suggestion' in line) return { ...now, found: [...now.found, line.suggestion] };
  if ('done' in line) return { ...now, progress: line };
  if ('code' in line) return { ...now, problem: faultOf(line) };
  return { ...now, end: line };
}

const faultOf = ({ message }: Fault) => new Error(message);

type RowProps = { suggestion: Suggestion; isChosen: boolean; onChoose: () => void };

function SuggestionRow({ suggestion, isChosen, onChoose }: RowProps) {
  const words = useWords();
  const { coverage } = words;
  const { kind, camera, turnDeg = 0, headingDeg, gainedM2, lostM2, places } = suggestion;
  const area = (m2: number) => formatNumber(Math.round(m2), words);
  return (
    <li>
      <button type="button" className="coverage-row" aria-pressed={isChosen} title={coverage.onMap} onClick={onChoose}>
        <span className="coverage-name">
          <b>
            {kind === 'add' ? coverage.add : coverage.turn(camera?.name ?? '')}
            {kind === 'turn' && `, ${coverage.turnBy(turnDeg)}`}
          </b>
          <small>
            {[
              coverage.heading(Math.round(headingDeg)),
              ...places.map(({ name, before, after: then }) =>
                coverage.placeGain(name, formatShare(before, words), formatShare(then, words)),
              ),
            ].join(' · ')}
          </small>
        </span>
        <span className="suggest-gain">
          <b>{coverage.gains(area(gainedM2))}</b>
          {lostM2 > 0 && <small>{coverage.loses(area(lostM2))}</small>}
        </span>
      </button>
    </li>
  );
}
