/** What is looked at: the light, the period of the ledger; and the same as GeoJSON. The area stands in the header. */
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { MoonIcon, SunIcon } from '../workspace/icons.tsx';
import { coverageApi, type Light, PERIODS, type PeriodName } from './coverage-api.ts';

type CoverageChoicesProps = {
  choices: { light: Light; area: string | null; period: PeriodName };
  onLight: (light: Light) => void;
  onPeriod: (period: PeriodName) => void;
};

export function CoverageChoices({ choices, onLight, onPeriod }: CoverageChoicesProps) {
  const { coverage } = useWords();
  const { light, area, period } = choices;
  const href = (shape: 'cells' | 'union') => coverageApi.exportHref({ area, period }, shape, light);
  return (
    <div className="coverage-choices">
      <Choice
        label={coverage.light}
        options={[
          { value: 'day', text: coverage.lights.day, icon: <SunIcon /> },
          { value: 'night', text: coverage.lights.night, icon: <MoonIcon /> },
        ]}
        value={light}
        onChoose={onLight}
      />
      <label className="coverage-select">
        <span>{coverage.period}</span>
        <select value={period} onChange={(event) => onPeriod(event.target.value as PeriodName)}>
          {PERIODS.map((each) => (
            <option key={each} value={each}>
              {coverage.periods[each]}
            </option>
          ))}
        </select>
      </label>
      <span className="coverage-export">
        <a className="button-plain" href={href('cells')} download title={coverage.exportTitle}>
          {coverage.export}
        </a>
        <a className="button-plain" href={href('union')} download>
          {coverage.exportUnion}
        </a>
      </span>
    </div>
  );
}
