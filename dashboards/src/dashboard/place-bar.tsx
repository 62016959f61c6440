/** Where one is and where one can go: the way from the city down, what lies right below, and the same place in other views. */
import { useState } from 'react';
import type { DashboardSubject } from '#models/schema/dashboard.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { Menu } from '../workspace/menu.tsx';
import { hrefOf } from '../workspace/view.ts';
import { type Asked, dashboardHref } from './asked.ts';

type PlaceBarProps = { subject: DashboardSubject; asked: Asked };

export function PlaceBar({ subject, asked }: PlaceBarProps) {
  const words = useWords();
  return (
    <div className="place-bar">
      <nav aria-label={words.dashboard.path}>
        <ol className="place-path">
          {subject.above.map(({ id, name, level }) => (
            <li key={id}>
              <a href={dashboardHref({ type: 'area', id }, asked)} title={words.dashboard.levels[level]}>
                {name}
              </a>
            </li>
          ))}
          <li aria-current="page">
            {subject.name}
            <span className="place-level">
              {subject.level === null ? words.dashboard.subjects[subject.type] : words.dashboard.levels[subject.level]}
            </span>
          </li>
        </ol>
      </nav>
      <BelowMenu subject={subject} asked={asked} />
      <Elsewhere subject={subject} />
    </div>
  );
}

/** A list of everything right below, found by typing where it is long. */
const FIND_FROM = 12;

function BelowMenu({ subject, asked }: PlaceBarProps) {
  const words = useWords();
  const said = words.dashboard;
  const { below } = subject;
  if (below.length === 0) return null;
  const number = formatNumber(below.length, words);
  const text = below.every(({ type }) => type === 'camera') ? said.belowCameras(number) : said.belowAreas(number);
  return (
    <Menu label={said.below} value={text} valueText={text}>
      {(close) => <BelowList subject={subject} asked={asked} close={close} />}
    </Menu>
  );
}

function BelowList({ subject, asked, close }: PlaceBarProps & { close: () => void }) {
  const words = useWords();
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const shown = subject.below.filter(({ id, name }) => `${name} ${id}`.toLowerCase().includes(wanted));
  return (
    <>
      {subject.below.length >= FIND_FROM && (
        <input
          type="search"
          className="place-find"
          placeholder={words.dashboard.find}
          aria-label={words.dashboard.find}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      )}
      <div className="menu-list place-below">
        {shown.map(({ type, id, name }) => (
          <a key={`${type} ${id}`} href={dashboardHref({ type, id }, asked)} onClick={close}>
            {name}
            {type !== 'area' && <span className="menu-note">{words.dashboard.subjects[type]}</span>}
          </a>
        ))}
      </div>
    </>
  );
}

function Elsewhere({ subject }: { subject: DashboardSubject }) {
  const { dashboard: said } = useWords();
  const { type, id } = subject;
  const links =
    type === 'area'
      ? [
          { href: `${hrefOf('map')}?area=${encodeURIComponent(id)}`, text: said.onMap },
          { href: hrefOf('table', id), text: said.asTable },
          { href: hrefOf('coverage'), text: said.coverage },
          { href: hrefOf('alerts'), text: said.alerts },
        ]
      : type === 'camera'
        ? [
            { href: `${hrefOf('map')}?camera=${encodeURIComponent(id)}`, text: said.onMap },
            { href: hrefOf('health', id), text: said.live },
            { href: hrefOf('alerts'), text: said.alerts },
          ]
        : [{ href: hrefOf('rules', id), text: said.ruleItself }];
  return (
    <nav className="place-elsewhere" aria-label={said.otherViews}>
      {links.map(({ href, text }) => (
        <a key={href} href={href}>
          {text}
        </a>
      ))}
    </nav>
  );
}
