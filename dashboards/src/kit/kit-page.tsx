/** The kit: every part that pages are made of, with all its states, on one page; to look at, and for tests to walk over. */
import { useState } from 'react';
import { SeverityGlyph } from '../alerts/severity-glyph.tsx';
import { StateGlyph } from '../cameras/state-glyph.tsx';
import { KINDS_SHOWN } from '../kinds.ts';
import type { StateName } from '../words/english.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { KindIcon, SaveIcon } from '../workspace/icons.tsx';
import { Menu, MenuList } from '../workspace/menu.tsx';
import { SearchField } from '../workspace/search-field.tsx';
import { ViewFrame } from '../workspace/view-frame.tsx';
import { ColourSwatches, TypeSamples } from './token-samples.tsx';

const STATES: readonly StateName[] = ['live', 'degraded', 'down', 'connecting', 'waiting', 'disabled'];
const SEVERITIES = ['critical', 'major', 'minor', 'info'] as const;

export function KitPage() {
  const words = useWords();
  const said = words.shell.kit;
  return (
    <ViewFrame name="kit">
      <p className="kit-lead">{said.lead}</p>
      <Part title={said.colours}>
        <ColourSwatches />
      </Part>
      <Part title={said.spaces}>
        <TypeSamples text={said.usual} />
      </Part>
      <Part title={said.buttons}>
        <Buttons />
      </Part>
      <Part title={said.fields}>
        <Fields />
      </Part>
      <Part title={said.badges}>
        <Badges />
      </Part>
      <Part title={said.tables}>
        <Table />
      </Part>
      <Part title={said.messages}>
        <Messages />
      </Part>
    </ViewFrame>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="kit-part">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Buttons() {
  const { shell } = useWords();
  const said = shell.kit;
  return (
    <div className="kit-row">
      {(['button-primary', 'button-plain', 'menu-button'] as const).map((name) => (
        <div key={name} className="kit-row">
          <button type="button" className={name}>
            {said.usual}
          </button>
          <button type="button" className={name} aria-pressed="true">
            {said.pressed}
          </button>
          <button type="button" className={name} disabled>
            {said.off}
          </button>
        </div>
      ))}
      <button type="button" className="button-quiet" aria-label={said.usual}>
        <SaveIcon />
      </button>
      <button type="button" className="button-quiet" aria-label={said.off} disabled>
        <SaveIcon />
      </button>
    </div>
  );
}

function Fields() {
  const words = useWords();
  const said = words.shell.kit;
  const [chosen, setChosen] = useState('one');
  const [text, setText] = useState<string | null>(null);
  const options = [
    { value: 'one', text: said.one },
    { value: 'two', text: said.two },
  ];
  return (
    <div className="kit-row">
      <Choice label={said.fields} options={options} value={chosen} onChoose={setChosen} />
      <Menu label={said.fields} value={said.chosen} valueText={said.chosen} isSet>
        {(close) => (
          <MenuList
            label={said.fields}
            options={options}
            value={chosen}
            onChoose={(value) => {
              setChosen(value);
              close();
            }}
          />
        )}
      </Menu>
      <SearchField label={words.shell.find} className="field" value={text} onSearch={setText} />
      <input className="field" aria-label={said.filled} defaultValue={said.filled} />
      <input className="field" aria-label={said.wrongField} aria-invalid="true" defaultValue={said.wrongField} />
      <input className="field" aria-label={said.off} defaultValue={said.off} disabled />
      <select className="field" aria-label={said.chosen} defaultValue="one">
        {options.map(({ value, text: label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <label className="kit-check">
        <input type="checkbox" defaultChecked /> {said.chosen}
      </label>
    </div>
  );
}

function Badges() {
  const words = useWords();
  return (
    <>
      <ul className="kit-row">
        {STATES.map((state) => (
          <li key={state} className="kit-badge">
            <StateGlyph state={state} /> {words.states[state]}
          </li>
        ))}
      </ul>
      <ul className="kit-row">
        {SEVERITIES.map((severity) => (
          <li key={severity} className="kit-badge">
            <SeverityGlyph severity={severity} /> {words.alerts.severities[severity]}
          </li>
        ))}
      </ul>
      <ul className="kit-row">
        {KINDS_SHOWN.map((kind) => (
          <li key={kind} className="kit-badge">
            <i className="kit-dot" style={{ background: `var(--kind-${kind})` }} />
            <KindIcon kind={kind} /> {words.kinds[kind]}
          </li>
        ))}
      </ul>
    </>
  );
}

const SAMPLE = { person: 12_345, bicycle: 678, car: 90 } as const;

function Table() {
  const words = useWords();
  return (
    <table className="one-table kit-table">
      <thead>
        <tr>
          <th scope="col">{words.kind}</th>
          <th scope="col" className="is-number">
            {words.table.value}
          </th>
        </tr>
      </thead>
      <tbody>
        {(['person', 'bicycle', 'car'] as const).map((kind) => (
          <tr key={kind}>
            <th scope="row">{words.kinds[kind]}</th>
            <td className="is-number">{formatNumber(SAMPLE[kind], words)}</td>
          </tr>
        ))}
        <tr className="is-unknown">
          <th scope="row">{words.kinds.bus}</th>
          <td className="is-number">{words.table.unknown}</td>
        </tr>
      </tbody>
    </table>
  );
}

function Messages() {
  const words = useWords();
  const said = words.shell.kit;
  return (
    <div className="kit-row is-top">
      <div className="empty">
        <p className="empty-title">{said.emptyTitle}</p>
        <p>{said.emptyCure}</p>
      </div>
      <p className="kit-badge">
        <span className="spinner" aria-hidden="true" /> {words.loading}
      </p>
      <div className="placeholders" aria-hidden="true">
        <i />
        <i />
        <i />
      </div>
      <div className="notice is-problem">
        <div className="problem">
          <p className="problem-title">{said.wrongTitle}</p>
          <p>{said.wrongDetail}</p>
          <p className="problem-cure">{said.wrongCure}</p>
        </div>
      </div>
      <div className="notice is-lost">
        <span className="spinner" aria-hidden="true" />
        <p>{words.connection.lost}</p>
      </div>
    </div>
  );
}
