/** One area: its name, level, form, households and people who serve. */
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { CloseIcon } from '../workspace/icons.tsx';
import type { DivisionProperties } from './division.ts';

export function AreaCard({ area, onClose }: { area: DivisionProperties; onClose: () => void }) {
  const words = useWords();
  const number = (value: number | undefined) =>
    value === undefined ? words.grids.unknown : formatNumber(value, words);
  const facts: [string, string][] = [
    [words.grids.form, area.form === undefined ? words.grids.unknown : words.grids.forms[area.form]],
    [words.grids.households, number(area.households)],
    [words.grids.leaders, number(area.leaders)],
    [words.grids.fullTime, number(area.fullTimeWorkers)],
    [words.grids.partTime, number(area.partTimeWorkers)],
  ];
  return (
    <section className="grid-card" data-testid="grid-card">
      <header>
        <div>
          <h3>{area.name}</h3>
          <p className="muted">
            {words.grids.levels[area.level]} · {area.id}
          </p>
        </div>
        <button type="button" className="button-quiet" aria-label={words.close} title={words.close} onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      {area.level === 'grid' && (
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
