/** Published versions: publish a new one with a note, and see what changed since an older one. */
import { useEffect, useState } from 'react';
import type { AreaChange, Division, DivisionDifference } from '#models/schema/division.ts';
import { formatNumber, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { gridsApi } from './grids-api.ts';

type VersionsPanelProps = {
  versions: readonly Division[];
  mayPublish: boolean;
  /** Gaps, overlaps and wrong parents that there are now. */
  hardFaults: number;
  onPublished: () => void;
  onShow: (area: string) => void;
};

export function VersionsPanel({ versions, mayPublish, hardFaults, onPublished, onShow }: VersionsPanelProps) {
  const words = useWords();
  const [since, setSince] = useState<number | null>(null);
  return (
    <div className="grid-versions">
      {mayPublish && <PublishForm hardFaults={hardFaults} onPublished={onPublished} />}
      {versions.length === 0 && <p className="muted">{words.grids.noVersions}</p>}
      <ul>
        {versions.map((division) => (
          <li key={division.version} className="grid-version">
            <VersionHead division={division} />
            <button
              type="button"
              className="button-plain"
              aria-expanded={since === division.version}
              onClick={() => setSince(since === division.version ? null : division.version)}
            >
              {words.grids.compare}
            </button>
            {since === division.version && <Changes key={division.version} from={division.version} onShow={onShow} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function PublishForm({ hardFaults, onPublished }: Pick<VersionsPanelProps, 'hardFaults' | 'onPublished'>) {
  const words = useWords();
  const [note, setNote] = useState('');
  const [insists, setInsists] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ version: number } | { error: unknown } | null>(null);
  const publish = async () => {
    setIsBusy(true);
    try {
      const { version } = await gridsApi.publish(note, insists);
      setOutcome({ version });
      setNote('');
      onPublished();
    } catch (error) {
      setOutcome({ error });
    }
    setIsBusy(false);
  };
  return (
    <form
      className="grid-publish"
      onSubmit={(event) => {
        event.preventDefault();
        void publish();
      }}
    >
      <p>{words.grids.publishLead}</p>
      <label>
        {words.grids.note}
        <input
          value={note}
          maxLength={500}
          placeholder={words.grids.notePlaceholder}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      {hardFaults > 0 && (
        <label className="grid-check">
          <input type="checkbox" checked={insists} onChange={(event) => setInsists(event.target.checked)} />
          {words.grids.withFaults}
        </label>
      )}
      <button type="submit" className="button-primary" disabled={isBusy}>
        {isBusy ? words.grids.publishing : words.grids.publish}
      </button>
      {outcome !== null && 'version' in outcome && (
        <p className="grid-good" role="status">
          {words.grids.published(outcome.version)}
        </p>
      )}
      {outcome !== null && 'error' in outcome && (
        <div className="grid-problem" role="alert">
          <ProblemText error={outcome.error} />
        </div>
      )}
    </form>
  );
}

function VersionHead({ division }: { division: Division }) {
  const words = useWords();
  const { version, note, publishedAtMs, by, areas, faults } = division;
  const faultCount = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const grids = `${formatNumber(areas.grid ?? 0, words)} ${words.grids.levels.grid}`;
  return (
    <div>
      <p>
        <strong>{words.grids.version(version)}</strong> {note}
      </p>
      <p className="muted">
        {words.grids.by(formatTime(publishedAtMs, words), by)} · {grids}
        {faultCount > 0 && ` · ${words.grids.faultsAt(formatNumber(faultCount, words))}`}
      </p>
    </div>
  );
}

function Changes({ from, onShow }: { from: number; onShow: (area: string) => void }) {
  const words = useWords();
  const [found, setFound] = useState<DivisionDifference | { error: unknown } | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    gridsApi
      .compare(from, 0, { signal: leaving.signal })
      .then(setFound)
      .catch((error: unknown) => {
        if (!leaving.signal.aborted) setFound({ error });
      });
    return () => leaving.abort();
  }, [from]);
  if (found === null) return <p role="status">{words.grids.comparing}</p>;
  if ('error' in found)
    return (
      <div className="grid-problem" role="alert">
        <ProblemText error={found.error} />
      </div>
    );
  return (
    <div className="grid-changes" data-testid="grid-changes">
      <ul className="grid-fault-list">
        {found.changes.map((change) => (
          <li key={`${change.change} ${change.area}`}>
            <button type="button" onClick={() => onShow(change.to[0] ?? change.area)}>
              <ChangeText change={change} />
            </button>
          </li>
        ))}
      </ul>
      <p className="muted">{words.grids.unchanged(formatNumber(found.unchanged, words))}</p>
    </div>
  );
}

function ChangeText({ change: { change, name, from, to, gainedM2, lostM2, said } }: { change: AreaChange }) {
  const words = useWords();
  const { households, leaders, fullTime: fullTimeWorkers, partTime: partTimeWorkers, form, forms } = words.grids;
  const names: Record<string, string> = { households, leaders, fullTimeWorkers, partTimeWorkers, form, ...forms };
  const inWords = (text: string) => text.replaceAll(/[a-zA-Z][\w-]*/g, (name) => names[name] ?? name);
  const facts = [
    from.length > 0 ? `${from.join(' + ')} → ${to.join(' + ')}` : '',
    gainedM2 > 0 ? words.grids.gained(formatNumber(gainedM2, words)) : '',
    lostM2 > 0 ? words.grids.lost(formatNumber(lostM2, words)) : '',
    from.length > 0 ? '' : change === 'figures' ? inWords(said) : said,
  ].filter((fact) => fact !== '');
  return (
    <>
      <strong>{words.grids.changes[change]}</strong> {name}
      {facts.length > 0 && <span className="muted"> {facts.join(' · ')}</span>}
    </>
  );
}
