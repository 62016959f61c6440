/** What a rule would have done: alerts a day, when in the week, against the saved version, examples drawn, a proposed limit. */
import { useRef, useState } from 'react';
import type { RuleDraft } from '#models/schema/rule.ts';
import type { RuleTry, TriedRule } from '#models/schema/rule-try.ts';
import { alertSentence } from '../alerts/alert-words.ts';
import { WeekCarpet } from '../map/week-carpet.tsx';
import { formatNumber, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { rulesApi } from './rules-api.ts';

const SPANS = { day: 1, week: 7, month: 30 } as const;
type SpanName = keyof typeof SPANS;
const DAY_MS = 86_400_000;

type TryProps = {
  draft: RuleDraft;
  saved: RuleDraft | undefined;
  zone: string;
  onSample: (sample: TriedRule['samples'][number] | null) => void;
  onProposal: (path: string, value: number) => void;
};

function useTry() {
  const [progress, setProgress] = useState<number>();
  const [answer, setAnswer] = useState<{ result: RuleTry; days: number }>();
  const [failure, setFailure] = useState<unknown>();
  const running = useRef<AbortController>(undefined);
  const cancel = () => running.current?.abort();
  const start = async (draft: RuleDraft, against: RuleDraft | undefined, asked: { days: number; atMost?: number }) => {
    cancel();
    const own = new AbortController();
    running.current = own;
    setProgress(0);
    setFailure(undefined);
    const toMs = Date.now();
    try {
      const result = await rulesApi.tryRule(
        {
          rule: draft,
          ...(against === undefined ? {} : { against }),
          fromMs: toMs - asked.days * DAY_MS,
          toMs,
          ...(asked.atMost === undefined ? {} : { atMostPerDay: asked.atMost }),
        },
        { signal: own.signal, onProgress: setProgress },
      );
      setAnswer({ result, days: asked.days });
    } catch (problem) {
      if (!own.signal.aborted) setFailure(problem);
    } finally {
      if (running.current === own) setProgress(undefined);
    }
  };
  return { progress, answer, failure, start, cancel };
}

export function TryPanel({ draft, saved, zone, onSample, onProposal }: TryProps) {
  const words = useWords();
  const said = words.rules;
  const [span, setSpan] = useState<SpanName>('week');
  const [atMost, setAtMost] = useState('');
  const { progress, answer, failure, start, cancel } = useTry();
  const isChanged = saved !== undefined && JSON.stringify(saved) !== JSON.stringify(draft);
  const go = () =>
    void start(draft, isChanged ? saved : undefined, {
      days: SPANS[span],
      ...(Number(atMost) > 0 ? { atMost: Number(atMost) } : {}),
    });
  return (
    <section className="rule-try">
      <div className="rule-try-bar">
        <Choice
          label={said.try}
          options={(Object.keys(SPANS) as SpanName[]).map((value) => ({ value, text: said.trySpans[value] }))}
          value={span}
          onChoose={setSpan}
        />
        <label>
          {said.atMost}{' '}
          <input type="number" min={0.1} step="any" value={atMost} onChange={({ target }) => setAtMost(target.value)} />
        </label>
        {progress === undefined ? (
          <button type="button" className="button-primary" onClick={go}>
            {said.try}
          </button>
        ) : (
          <>
            <progress
              value={progress}
              max={1}
              aria-label={said.trying(formatNumber(Math.round(progress * 100), words))}
            />
            <button type="button" className="button-plain" onClick={cancel}>
              {said.cancel}
            </button>
          </>
        )}
      </div>
      {failure !== undefined && (
        <div role="alert" className="step-problem">
          <ProblemText error={failure} />
        </div>
      )}
      {answer !== undefined && (
        <Tried answer={answer.result} days={answer.days} zone={zone} onSample={onSample} onProposal={onProposal} />
      )}
    </section>
  );
}

type TriedProps = { answer: RuleTry; days: number; zone: string } & Pick<TryProps, 'onSample' | 'onProposal'>;

function Tried({ answer, days, zone, onSample, onProposal }: TriedProps) {
  const words = useWords();
  const said = words.rules;
  const { tried, differences, proposal } = answer;
  const number = (value: number) => formatNumber(value, words);
  const watched = answer.wantedS === 0 ? 0 : (answer.observedS / answer.wantedS) * 100;
  const fieldName = (path: string) => {
    const name = path.split('.').at(-1) ?? path;
    return name in said.fields ? said.fields[name as keyof typeof said.fields] : name;
  };
  return (
    <div className="rule-tried" data-testid="rule-tried">
      <p className="rule-tried-head">
        <b>{said.tried(number(tried.alerts), number(days))}</b>
        {tried.alerts > 0 && <span>{said.perDay(number(tried.alerts / days))}</span>}
      </p>
      <p className="muted">
        {[tried.held > 0 ? said.triedHeld(number(tried.held)) : '', said.triedWatched(number(watched))]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {differences !== null && (
        <p className="muted">
          {said.compared(number(differences.onlyRule), number(differences.onlyAgainst), number(differences.both))}
        </p>
      )}
      {proposal !== null && (
        <p className="rule-proposal">
          {said.proposal(fieldName(proposal.path), number(proposal.value), number(proposal.alertsPerDay))}{' '}
          <button type="button" className="button-plain" onClick={() => onProposal(proposal.path, proposal.value)}>
            {said.useProposal}
          </button>
        </p>
      )}
      {tried.alerts === 0 ? <p>{said.triedNothing}</p> : <Days tried={tried} />}
      {tried.alerts > 0 && (
        <WeekCarpet
          label={said.daysLabel}
          carpet={tried.perWeekHour}
          scale={{ end: Math.max(1, ...tried.perWeekHour), isDiverging: false, isRoot: true }}
        />
      )}
      {tried.samples.length > 0 && (
        <>
          <h3>{said.samples}</h3>
          <ul className="rule-samples">
            {tried.samples.map((sample) => (
              <li key={sample.alert.id}>
                <button
                  type="button"
                  onPointerEnter={() => onSample(sample)}
                  onPointerLeave={() => onSample(null)}
                  onFocus={() => onSample(sample)}
                  onBlur={() => onSample(null)}
                >
                  <time>{formatTime(sample.alert.atMs, words, { withSeconds: true, withDay: true, zone })}</time>
                  <span>{alertSentence(sample.alert, words)}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** One bar a day. */
function Days({ tried }: { tried: TriedRule }) {
  const words = useWords();
  const most = Math.max(1, ...tried.perDay.map(({ alerts }) => alerts));
  return (
    <figure className="rule-days" aria-label={words.rules.daysLabel}>
      <div>
        {tried.perDay.map(({ day, alerts }) => (
          <i
            key={day}
            style={{ height: `${(alerts / most) * 100}%` }}
            title={`${day}: ${formatNumber(alerts, words)}`}
          />
        ))}
      </div>
      <figcaption>
        <span>{tried.perDay[0]?.day}</span>
        <span>{words.rules.daysLabel}</span>
        <span>{tried.perDay.at(-1)?.day}</span>
      </figcaption>
    </figure>
  );
}
