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
  /** The name of the thin line, where there is one. */
  normal: string | null;
  hasUnwatched: boolean;
};

export function SeriesLegend({ series, hidden, onToggle, normal, hasUnwatched }: LegendProps) {
  const words = useWords();
  if (series.length < 2 && normal === null && !hasUnwatched) return null;
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
            <Sample look={look} />
            {name}
          </button>
        </li>
      ))}
      {normal !== null && (
        <li>
          <Sample look={{ colour: 'var(--ink-3)', dash: [4, 3] }} />
          {normal}
        </li>
      )}
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
