/** Where one can go: what lies right below, the same place in other views; of a camera or a rule the way from the city down too. */
import { useState } from 'react';
import type { DashboardSubject } from '#models/schema/dashboard.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { hrefWith, keptAfter, NOTHING_KEPT } from '../workspace/kept.ts';
import { Menu } from '../workspace/menu.tsx';
import { hrefOf, usePlace } from '../workspace/view.ts';
import { type Asked, dashboardHref } from './asked.ts';

type PlaceBarProps = { subject: DashboardSubject; asked: Asked };

export function PlaceBar({ subject, asked }: PlaceBarProps) {
  return (
    <div className="place-bar">
      {subject.type !== 'area' && <Path subject={subject} asked={asked} />}
      <BelowMenu subject={subject} asked={asked} />
      <Elsewhere subject={subject} />
    </div>
  );
}

/** The header tells the way to an area. */
function Path({ subject, asked }: PlaceBarProps) {
  const words = useWords();
  return (
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
          <span className="place-level">{words.dashboard.subjects[subject.type]}</span>
        </li>
      </ol>
    </nav>
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
  const kept = keptAfter(usePlace(), NOTHING_KEPT);
  const links =
    type === 'area'
      ? [
          { href: hrefWith('map', kept), text: said.onMap },
          { href: hrefWith('table', kept), text: said.asTable },
          { href: hrefWith('coverage', kept), text: said.coverage },
          { href: hrefWith('alerts', kept), text: said.alerts },
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
