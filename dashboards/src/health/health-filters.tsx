/** What the wall shows: totals as buttons, choices of make and tag, a search, the span of the strips. */
import type { ReactNode } from 'react';
import type { CameraHealthList } from '#models/schema/camera-health.ts';
import { StateGlyph } from '../cameras/state-glyph.tsx';
import type { StateName } from '../words/english.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { faultWords } from '../workspace/problem-text.tsx';
import { SearchField } from '../workspace/search-field.tsx';
import { browserZone } from '../workspace/zone-time.ts';
import { type HealthFilter, healthApi, SPANS, type SpanName } from './health-api.ts';

type FiltersProps = {
  list: CameraHealthList | undefined;
  filter: HealthFilter;
  span: SpanName;
  onFilter: (filter: HealthFilter) => void;
  onSpan: (span: SpanName) => void;
};

const STATES: StateName[] = ['down', 'degraded', 'connecting', 'waiting', 'live', 'disabled'];

export function HealthFilters({ list, filter, span, onFilter, onSpan }: FiltersProps) {
  const words = useWords();
  const said = words.health;
  return (
    <div className="health-filters">
      <div className="health-line">
        <SearchField
          label={said.search}
          className="health-search"
          value={filter.text}
          onSearch={(text) => onFilter({ ...filter, text })}
        />
        <Select
          label={said.make}
          values={list?.makes ?? []}
          value={filter.make}
          onChoose={(make) => onFilter({ ...filter, make })}
        />
        <Select
          label={said.tag}
          values={list?.tags ?? []}
          value={filter.tag}
          onChoose={(tag) => onFilter({ ...filter, tag })}
        />
        <span className="health-count" role="status">
          {list === undefined ? '' : said.count(list.matching, list.totals.cameras)}
        </span>
        <Choice
          label={said.span}
          options={SPANS.map((value) => ({ value, text: said.spans[value] }))}
          value={span}
          onChoose={onSpan}
        />
        <a className="button-plain" href={healthApi.wallCsv(filter)} title={said.csvTitle} download>
          {said.csv}
        </a>
        <a
          className="button-plain"
          href={healthApi.historyCsv(filter.area, span, words.zone ?? browserZone())}
          title={said.historyCsvTitle}
          download
        >
          {said.historyCsv}
        </a>
      </div>
      {list !== undefined && <Totals list={list} filter={filter} onFilter={onFilter} />}
    </div>
  );
}

type SelectProps = {
  label: string;
  values: readonly string[];
  value: string | null;
  onChoose: (value: string | null) => void;
};

function Select({ label, values, value, onChoose }: SelectProps) {
  const words = useWords();
  if (values.length === 0) return null;
  return (
    <label className="health-select">
      <span>{label}</span>
      <select value={value ?? ''} onChange={({ target }) => onChoose(target.value === '' ? null : target.value)}>
        <option value="">{words.health.any}</option>
        {values.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  );
}

/** "12 down: 8 wrong password, 4 unreachable", each a button that filters. */
function Totals({ list, filter, onFilter }: Pick<FiltersProps, 'filter' | 'onFilter'> & { list: CameraHealthList }) {
  const words = useWords();
  const { states, reasons } = list.totals;
  const toggle = (state: string, reason: string | null) => {
    const isOn = filter.state === state && filter.reason === reason;
    onFilter({ ...filter, state: isOn ? null : state, reason: isOn ? null : reason });
  };
  return (
    <ul className="health-totals">
      {STATES.filter((state) => (states[state] ?? 0) > 0).map((state) => (
        <li key={state}>
          <Total isOn={filter.state === state && filter.reason === null} onClick={() => toggle(state, null)}>
            <StateGlyph state={state} size={14} />
            <b>{states[state]}</b> {words.states[state]}
          </Total>
          {reasons
            .filter((total) => total.state === state)
            .map(({ reason, title, cameras }) => (
              <Total
                key={reason}
                isOn={filter.state === state && filter.reason === reason}
                onClick={() => toggle(state, reason)}
              >
                <b>{cameras}</b> {faultWords({ code: reason, title }, words).title}
              </Total>
            ))}
        </li>
      ))}
    </ul>
  );
}

function Total({ isOn, onClick, children }: { isOn: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className="health-total" aria-pressed={isOn} onClick={onClick}>
      {children}
    </button>
  );
}
