/** What the check found: faults by kind with their count; a click shows one on the map. */
import { useState } from 'react';
import type { DivisionFault, DivisionFaultCode, DivisionReport } from '#models/schema/division.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';

const LISTED_MAX = 200;

/** As the API orders them: ground first. */
const ORDER: readonly DivisionFaultCode[] = [
  'polygon-invalid',
  'gap',
  'overlap',
  'sliver',
  'outside-parent',
  'wrong-parent',
  'orphan',
  'undivided',
  'households-few',
  'households-many',
  'households-unknown',
  'no-leader',
  'no-full-time-worker',
  'not-computed',
];

type FaultPanelProps = {
  report: DivisionReport | undefined;
  chosen: DivisionFault | null;
  onChoose: (fault: DivisionFault) => void;
};

export function FaultPanel({ report, chosen, onChoose }: FaultPanelProps) {
  const words = useWords();
  const [open, setOpen] = useState<DivisionFaultCode | null>(null);
  if (report === undefined) return <p className="muted">{words.grids.checking}</p>;
  const found = ORDER.filter((code) => report.counts[code] !== undefined);
  const number = (value: number) => formatNumber(value, words);
  return (
    <div className="grid-faults" data-testid="grid-faults">
      <p className="muted">{words.grids.checked(number(report.areas), (report.tookMs / 1000).toFixed(1))}</p>
      {found.length === 0 && <p className="grid-good">{words.grids.noFault}</p>}
      {!report.isComplete && <p className="grid-warning">{words.grids.notAll}</p>}
      <ul>
        {found.map((code) => (
          <li key={code}>
            <button
              type="button"
              className={`grid-fault-kind is-${code}`}
              aria-expanded={open === code}
              onClick={() => setOpen(open === code ? null : code)}
            >
              <span>{words.grids.faults[code]}</span>
              <span className="grid-count">{number(report.counts[code] ?? 0)}</span>
            </button>
            {open === code && (
              <FaultList
                faults={report.faults.filter((fault) => fault.code === code)}
                chosen={chosen}
                onChoose={onChoose}
              />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

type FaultListProps = Pick<FaultPanelProps, 'chosen' | 'onChoose'> & { faults: readonly DivisionFault[] };

function FaultList({ faults, chosen, onChoose }: FaultListProps) {
  const words = useWords();
  const said = words.locale.startsWith('zh') ? 'zh' : 'en';
  const more = faults.length - LISTED_MAX;
  return (
    <ul className="grid-fault-list">
      {faults.slice(0, LISTED_MAX).map((fault) => (
        <li key={`${fault.code} ${fault.areas.join()} ${fault.at?.join()}`}>
          <button type="button" aria-pressed={fault === chosen} onClick={() => onChoose(fault)}>
            {fault.words[said]}
          </button>
        </li>
      ))}
      {more > 0 && <li className="muted">{words.grids.more(formatNumber(more, words))}</li>}
    </ul>
  );
}
