/** Where the view looks: the way from the top of the tree to its area, and what lies below, each a link to the same view there. */
import { useMemo, useState } from 'react';
import type { AreaProperties } from '../map/areas.ts';
import { useWords } from '../words/language.tsx';
import { areaIn, withArea } from './kept.ts';
import { useKnownSite } from './known.tsx';
import { Menu } from './menu.tsx';
import { usePlace, type ViewPlace } from './view.ts';

const FOUND_MAX = 60;

/** From the top down to the area itself; empty for everywhere, or for an area that is not known. */
export function pathTo(area: string | null, byId: ReadonlyMap<string, AreaProperties>): AreaProperties[] {
  const path: AreaProperties[] = [];
  for (let at = area === null ? undefined : byId.get(area); at !== undefined && !path.includes(at); ) {
    path.unshift(at);
    at = at.parent === null ? undefined : byId.get(at.parent);
  }
  return path;
}

export function PlaceTrail() {
  const words = useWords();
  const place = usePlace();
  const { areas } = useKnownSite();
  const byId = useMemo(
    () => new Map(areas.data?.features.map(({ properties }) => [properties.id, properties])),
    [areas.data],
  );
  const area = areaIn(place);
  const path = pathTo(area ?? null, byId);
  // Of one tree with one top, that is everywhere.
  const above = path.slice(0, -1);
  // A camera's dashboard tells its own way.
  if (byId.size === 0 || area === undefined) return null;
  return (
    <nav className="trail" aria-label={words.shell.place}>
      <ol>
        {place.view !== 'table' && place.view !== 'dashboard' && path.length > 0 && (
          <li>
            <a href={withArea(place, null)}>{words.shell.everywhere}</a>
          </li>
        )}
        {above.map(({ id, name }) => (
          <li key={id}>
            <a href={withArea(place, id)}>{name}</a>
          </li>
        ))}
        <li aria-current="location">
          <Menu
            label={words.shell.place}
            value={path.at(-1)?.name ?? words.shell.everywhere}
            valueText={path.at(-1)?.name ?? words.shell.everywhere}
          >
            {(close) => <AreaList place={place} path={path} byId={byId} close={close} />}
          </Menu>
        </li>
      </ol>
    </nav>
  );
}

type ListProps = {
  place: ViewPlace;
  path: AreaProperties[];
  byId: ReadonlyMap<string, AreaProperties>;
  close: () => void;
};

/** What lies right below; by a few letters any area. */
function AreaList({ place, path, byId, close }: ListProps) {
  const words = useWords();
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const here = path.at(-1);
  const all = [...byId.values()];
  const isBelow = ({ parent }: AreaProperties) =>
    here === undefined ? parent === null || !byId.has(parent) : parent === here.id;
  const isFound = ({ name, id }: AreaProperties) => `${name} ${id}`.toLowerCase().includes(wanted);
  const shown = all.filter(wanted === '' ? isBelow : isFound).slice(0, FOUND_MAX);
  return (
    <div className="trail-menu">
      <input
        type="search"
        placeholder={words.shell.find}
        aria-label={words.shell.find}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <div className="menu-list">
        {wanted === '' && path.length > 0 && (
          <a href={withArea(place, path.at(-2)?.id ?? null)} onClick={close}>
            ↑ {path.at(-2)?.name ?? words.shell.everywhere}
          </a>
        )}
        {shown.map(({ id, name, parent }) => (
          <a key={id} href={withArea(place, id)} onClick={close}>
            <span className="menu-text">
              <span>{name}</span>
              {wanted !== '' && parent !== null && (
                <span className="menu-note">{byId.get(parent)?.name ?? parent}</span>
              )}
            </span>
          </a>
        ))}
      </div>
    </div>
  );
}
