/** What the lines and bars of a chart are: a sample and a name each; pressing one takes its series out. */
import { useCallback, useState } from 'react';
import { useWords } from '../../words/language.tsx';
import type { Look } from './looks.ts';

type Hidden = { hidden: ReadonlySet<string>; toggle: (id: string) => void };

export function useHidden(): Hidden {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string) => setHidden((before) => before.symmetricDifference(new Set([id]))), []);
  return { hidden, toggle };
}

type LegendProps = {
  series: readonly { id: string; name: string; look: Look }[];
  hidden: ReadonlySet<string>;
  onToggle: (id: string) => void;
  /** Names and dashes of lines that are no series of their own: what is normal, the compared period. */
  besides: readonly { name: string; dash: number[] | 'mark' }[];
  hasUnwatched: boolean;
  /** Areas instead of lines: samples bear the hatching. */
  isHatched?: boolean;
};

export function SeriesLegend({ series, hidden, onToggle, besides, hasUnwatched, isHatched = false }: LegendProps) {
  const words = useWords();
  if (series.length < 2 && besides.length === 0 && !hasUnwatched) return null;
  return (
    <ul className="series-legend">
      {series.map(({ id, name, look }) => (
        <li key={id}>
          <button
            type="button"
            aria-pressed={!hidden.has(id)}
            disabled={series.length < 2}
            onClick={() => onToggle(id)}
          >
            {isHatched ? <Patch look={look} /> : <Sample look={look} />}
            {name}
          </button>
        </li>
      ))}
      {besides.map(({ name, dash }) => (
        <li key={name}>
          {dash === 'mark' ? <Mark /> : <Sample look={{ colour: 'var(--ink-2)', dash }} />}
          {name}
        </li>
      ))}
      {hasUnwatched && (
        <li>
          <i className="swatch is-unwatched" />
          {words.dashboard.unwatched}
        </li>
      )}
    </ul>
  );
}

const Sample = ({ look: { colour, dash } }: { look: Pick<Look, 'colour' | 'dash'> }) => (
  <svg width="20" height="8" viewBox="0 0 20 8" aria-hidden="true">
    <path d="M0 4h20" fill="none" stroke={colour} strokeWidth="3" strokeDasharray={dash.join(' ')} />
  </svg>
);

/** As `hatchFill` draws it, by the page's own means. */
function Patch({ look: { colour, hatch } }: { look: Look }) {
  const { angle, gap } = hatch ?? { angle: 0, gap: 0 };
  const lines = `repeating-linear-gradient(${angle + Math.PI / 2}rad, var(--paper) 0 1.4px, ${colour} 1.4px ${gap}px)`;
  return <i className="series-patch" style={{ background: hatch === null ? colour : lines }} />;
}

/** As normal stands across a bar. */
const Mark = () => (
  <svg width="8" height="14" viewBox="0 0 8 14" aria-hidden="true">
    <path d="M4 0v14" stroke="var(--ink)" strokeWidth="2.5" />
  </svg>
);
