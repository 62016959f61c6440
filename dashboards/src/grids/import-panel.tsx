/** Import of a file: it is looked at first, and only what would be imported without a problem can be. */
import { useState } from 'react';
import type { AreaImportAnswer, AreaImportProblem } from '#models/schema/area-import.ts';
import type { CrsName } from '#models/schema/division.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { gridsApi } from './grids-api.ts';

const FILE_MAX_BYTES = 64 * 1024 * 1024;
const CRS: readonly CrsName[] = ['wgs84', 'gcj02', 'bd09'];
const PROBLEMS_SHOWN = 50;

/** States: no file → looking → looked (good or with problems) → importing → imported; each choice looks anew. */
type Work =
  | { step: 'none' }
  | { step: 'looking' | 'importing' }
  | { step: 'looked' | 'imported'; answer: AreaImportAnswer }
  | { step: 'failed'; error: unknown };

type File_ = { name: string; text: string };
type Options = { crs: CrsName | ''; swap: boolean };

type ImportPanelProps = { onImported: () => void; onShow: (at: [number, number]) => void };

export function ImportPanel({ onImported, onShow }: ImportPanelProps) {
  const words = useWords();
  const [file, setFile] = useState<File_ | null>(null);
  const [options, setOptions] = useState<Options>({ crs: '', swap: false });
  const [work, setWork] = useState<Work>({ step: 'none' });

  const send = async (sent: File_, { crs, swap }: Options, dryRun: boolean) => {
    setWork({ step: dryRun ? 'looking' : 'importing' });
    try {
      const answer = await gridsApi.importFile(sent.text, { ...(crs === '' ? {} : { crs }), swap, dryRun });
      setWork({ step: dryRun ? 'looked' : 'imported', answer });
      if (!dryRun) onImported();
    } catch (error) {
      setWork({ step: 'failed', error });
    }
  };
  const read = async (chosen: File | undefined) => {
    if (chosen === undefined) return;
    if (chosen.size > FILE_MAX_BYTES) return setWork({ step: 'failed', error: new Error(words.grids.tooLarge) });
    const text = await chosen.text();
    try {
      JSON.parse(text);
    } catch (error) {
      return setWork({ step: 'failed', error: new Error(words.grids.noJson((error as Error).message)) });
    }
    const next = { name: chosen.name, text };
    setFile(next);
    await send(next, options, true);
  };
  const change = (next: Options) => {
    setOptions(next);
    if (file !== null) void send(file, next, true);
  };
  const isBusy = work.step === 'looking' || work.step === 'importing';
  return (
    <div className="grid-import">
      <p>{words.grids.importLead}</p>
      <label className={`grid-file${isBusy ? ' is-busy' : ''}`}>
        <input
          type="file"
          accept=".geojson,.json,application/geo+json,application/json"
          disabled={isBusy}
          onChange={(event) => {
            void read(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <span>{file === null ? words.grids.choose : words.grids.chooseOther}</span>
        {file !== null && <strong>{file.name}</strong>}
      </label>
      <div className="grid-options">
        <label>
          {words.grids.coordinates}
          <select
            value={options.crs}
            disabled={isBusy}
            onChange={(event) => change({ ...options, crs: event.target.value as CrsName | '' })}
          >
            <option value="">{words.grids.notSaid}</option>
            {CRS.map((crs) => (
              <option key={crs} value={crs}>
                {words.grids.crs[crs]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={options.swap}
            disabled={isBusy}
            onChange={(event) => change({ ...options, swap: event.target.checked })}
          />
          {words.grids.swap}
        </label>
      </div>
      <Outcome work={work} onShow={onShow} />
      {work.step === 'looked' && work.answer.problemCount === 0 && file !== null && (
        <button type="button" className="button-primary" onClick={() => void send(file, options, false)}>
          {words.grids.doImport}
        </button>
      )}
      <p className="muted">{words.grids.importOthers}</p>
    </div>
  );
}

function Outcome({ work, onShow }: { work: Work; onShow: ImportPanelProps['onShow'] }) {
  const words = useWords();
  const said = words.locale.startsWith('zh') ? 'zh' : 'en';
  const number = (value: number) => formatNumber(value, words);
  if (work.step === 'none') return null;
  if (work.step === 'failed')
    return (
      <div className="grid-problem" role="alert">
        <ProblemText error={work.error} />
      </div>
    );
  if (!('answer' in work))
    return <p role="status">{work.step === 'looking' ? words.grids.reading : words.grids.importing}</p>;
  const { imported, added, changed, unchanged, problems, problemCount, warnings } = work.answer;
  return (
    <div className="grid-outcome" role="status" data-testid="grid-import-outcome">
      {warnings.map((warning) => (
        <p key={warning.code} className="grid-warning">
          {warning.words[said]}
        </p>
      ))}
      {work.step === 'imported' ? (
        <p className="grid-good">{words.grids.imported(number(imported))}</p>
      ) : problemCount === 0 ? (
        <p className="grid-good">{words.grids.wouldImport(number(added), number(changed), number(unchanged))}</p>
      ) : (
        <p className="grid-warning">{words.grids.cannotImport(number(problemCount))}</p>
      )}
      <ul className="grid-fault-list">
        {problems.slice(0, PROBLEMS_SHOWN).map((problem) => (
          <li key={`${problem.feature} ${problem.id} ${problem.message}`}>
            <ImportProblem problem={problem} onShow={onShow} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function ImportProblem({ problem, onShow }: { problem: AreaImportProblem; onShow: ImportPanelProps['onShow'] }) {
  const words = useWords();
  const { feature, id, code, message, at } = problem;
  // The API speaks English; where another language has words for the code, those come first.
  const title = words.faults?.[code]?.title;
  const where = feature === 0 ? id : `${words.grids.featureAt(feature)}, ${id}`;
  const text = (
    <>
      <strong>{where}</strong> {title === undefined ? '' : `${title} `}
      <span className={title === undefined ? '' : 'muted'}>{message}</span>
    </>
  );
  if (at === undefined) return <p>{text}</p>;
  return (
    <button type="button" onClick={() => onShow(at)}>
      {text}
    </button>
  );
}
