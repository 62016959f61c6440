/** What colours, hatching and shapes mean. */
import { useWords } from '../words/language.tsx';
import { PlaceGlyph } from './place-glyph.tsx';

export function CoverageLegend({ hasGain }: { hasGain: boolean }) {
  const { coverage } = useWords();
  const { legend } = coverage;
  const keys = ['seen', 'unwatched', 'faint', 'blind', ...(hasGain ? (['gained'] as const) : [])] as const;
  return (
    <section className="coverage-legend" aria-label={legend.title}>
      {keys.map((key) => (
        <span key={key} className="legend-key">
          <i className={`swatch is-cover-${key}`} />
          {legend[key]}
        </span>
      ))}
      <span className="legend-key">
        <PlaceGlyph kind="key-area" state="covered" />
        {coverage.kinds['key-area']}
      </span>
      <span className="legend-key">
        <PlaceGlyph kind="checkpoint" state="blind" />
        {coverage.kinds.checkpoint}: {coverage.states.blind}
      </span>
    </section>
  );
}
