/** Which view of the page is open: the first part of the address behind `#/`, so that it can be linked to and gone back from. */
import { useSyncExternalStore } from 'react';
import type { Me } from '#models/schema/person-view.ts';

export const VIEWS = [
  'map',
  'dashboard',
  'alerts',
  'rules',
  'live',
  'cameras',
  'coverage',
  'grids',
  'table',
  'health',
  'operations',
] as const;
export type ViewName = (typeof VIEWS)[number];

/** What every view is given. */
export type ViewProps = { me: Me; signOut: () => void; onSignedOut: () => void };

/** `query` is what stands behind a question mark, as it is: the map keeps its choices there. */
export type ViewPlace = { view: ViewName; rest: string; query: string };

/** `#/health/gate-3` → `health` and `gate-3`; what is no view of ours is the map. */
export function readPlace(hash: string): ViewPlace {
  const [path = '', ...queries] = hash.replace(/^#\/?/, '').split('?');
  const [name = '', ...rest] = path.split('/');
  const view = VIEWS.find((each) => each === name);
  if (view === undefined) return { view: 'map', rest: '', query: '' };
  return { view, rest: decode(rest.join('/')), query: queries.join('?') };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

export const hrefOf = (view: ViewName, rest = ''): string =>
  `#/${view}${rest === '' ? '' : `/${encodeURIComponent(rest)}`}`;

const follow = (onChange: () => void) => {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
};

export function usePlace(): ViewPlace {
  const hash = useSyncExternalStore(follow, () => location.hash);
  return readPlace(hash);
}
