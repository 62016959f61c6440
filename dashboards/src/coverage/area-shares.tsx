/** The areas below the chosen one, each with how much of it is seen. */
import type { AreaCoverage } from '#models/schema/coverage.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import type { Light } from './coverage-api.ts';
import { ShareBar } from './share-bar.tsx';

type AreaSharesProps = {
  areas: readonly AreaCoverage[];
  light: Light;
  onChoose: (area: string) => void;
};

export function AreaShares({ areas, light, onChoose }: AreaSharesProps) {
  const words = useWords();
  return (
    <ol className="coverage-rows">
      {areas.map(({ area, name, seenM2, share }) => (
        <li key={area}>
          <button type="button" className="coverage-row" onClick={() => onChoose(area)}>
            <span className="coverage-name">
              <b>{name}</b>
              <small>{formatNumber(Math.round(seenM2[light]), words)} m²</small>
            </span>
            <ShareBar share={share[light]} label={words.coverage.areaShare} />
          </button>
        </li>
      ))}
    </ol>
  );
}
