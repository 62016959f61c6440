/** What is looked at: the light, the area, the period of the ledger; and the same as GeoJSON. */
import type { AreaCollection } from '../map/areas.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { MoonIcon, SunIcon } from '../workspace/icons.tsx';
import { coverageApi, type Light, PERIODS, type PeriodName } from './coverage-api.ts';

type CoverageChoicesProps = {
  areas: AreaCollection | undefined;
  choices: { light: Light; area: string | null; period: PeriodName };
  onLight: (light: Light) => void;
  onArea: (area: string | null) => void;
  onPeriod: (period: PeriodName) => void;
};

/** How far an area is set in below those above it. */
const DEPTH = { city: 0, district: 1, street: 2, village: 3, grid: 4 } as const;

export function CoverageChoices({ areas, choices, onLight, onArea, onPeriod }: CoverageChoicesProps) {
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
        <span>{coverage.area}</span>
        <select value={area ?? ''} onChange={(event) => onArea(event.target.value === '' ? null : event.target.value)}>
          <option value="">{coverage.everything}</option>
          {ordered(areas).map(({ id, name, level }) => (
            <option key={id} value={id}>
              {'\u2003'.repeat(DEPTH[level])}
              {name}
            </option>
          ))}
        </select>
      </label>
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

type Listed = AreaCollection['features'][number]['properties'];

/** Down to villages, each below its parent: grids are found on the map and in the list of areas. */
function ordered(areas: AreaCollection | undefined): Listed[] {
  const all = (areas?.features ?? []).map(({ properties }) => properties).filter(({ level }) => level !== 'grid');
  const known = new Set(all.map(({ id }) => id));
  const below = (parent: string | null): Listed[] =>
    all
      .filter((each) => each.parent === parent || (parent === null && each.parent !== null && !known.has(each.parent)))
      .flatMap((each) => [each, ...below(each.id)]);
  return below(null);
}
