/** Which view of the page is open: the first part of the address behind `#/`, so that it can be linked to and gone back from. */
import { useSyncExternalStore } from 'react';
import type { Me } from '#models/schema/person-view.ts';

/** In the order of the rail, by what a person wants. A new view: its name here, its words, its icon, a case in the shell. */
export const VIEW_GROUPS = {
  look: ['map', 'live', 'alerts'],
  understand: ['dashboard', 'table', 'coverage'],
  setUp: ['cameras', 'grids', 'rules', 'channels'],
  run: ['health', 'operations'],
} as const;
export type GroupName = keyof typeof VIEW_GROUPS;
export const GROUP_NAMES = Object.keys(VIEW_GROUPS) as GroupName[];

/** Views that the rail does not lead to. */
const ASIDE = ['kit'] as const;

export type ViewName = (typeof VIEW_GROUPS)[GroupName][number] | (typeof ASIDE)[number];
export const VIEWS: readonly ViewName[] = [...GROUP_NAMES.flatMap((group) => VIEW_GROUPS[group]), ...ASIDE];

/** What every view is given. */
export type ViewProps = { me: Me; onSignedOut: () => void };

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

/** An address that names nothing: then a person's start page opens. */
export const isBare = (hash: string): boolean => ['', '#', '#/', '#/start'].includes(hash);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

export const hrefOf = (view: ViewName, rest = '', query = ''): string =>
  `#/${view}${rest === '' ? '' : `/${encodeURIComponent(rest)}`}${query === '' ? '' : `?${query}`}`;

const follow = (onChange: () => void) => {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
};

const hashNow = () => location.hash;

export const useHash = (): string => useSyncExternalStore(follow, hashNow);

export function usePlace(): ViewPlace {
  return readPlace(useHash());
}
