/** Which view of the page is open: the first part of the address behind `#/`, so that it can be linked to and gone back from. */
import { useSyncExternalStore } from 'react';
import type { Me } from '#models/schema/person-view.ts';

export const VIEWS = ['map', 'live', 'cameras', 'coverage', 'health'] as const;
export type ViewName = (typeof VIEWS)[number];

/** What every view is given. */
export type ViewProps = { me: Me; signOut: () => void; onSignedOut: () => void };

/** `#/health/gate-3` → `health` and `gate-3`; what is no view of ours is the map. */
export function readPlace(hash: string): { view: ViewName; rest: string } {
  const [name = '', ...rest] = hash.replace(/^#\/?/, '').split('/');
  const view = VIEWS.find((each) => each === name);
  return view === undefined ? { view: 'map', rest: '' } : { view, rest: decode(rest.join('/')) };
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

export function usePlace(): { view: ViewName; rest: string } {
  const hash = useSyncExternalStore(follow, () => location.hash);
  return readPlace(hash);
}
