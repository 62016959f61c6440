/** What the colours of grids mean, and how many grids have each. */
import { useMemo } from 'react';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { type Colouring, type DivisionAreas, TONES, toneCounts } from './division.ts';

export function ToneLegend({ areas, colouring }: { areas: DivisionAreas | undefined; colouring: Colouring }) {
  const words = useWords();
  const counts = useMemo(() => toneCounts(areas, colouring), [areas, colouring]);
  if (colouring === 'plain') return null;
  return (
    <ul className="grid-legend" aria-label={words.grids.colourings[colouring]}>
      {TONES.filter((tone) => counts[tone] > 0).map((tone) => (
        <li key={tone}>
          <span className={`grid-tone is-${tone}`} aria-hidden="true" />
          {words.grids.tones[colouring][tone]}
          <span className="grid-count">{formatNumber(counts[tone], words)}</span>
        </li>
      ))}
    </ul>
  );
}
