/** What goes along from view to view, in the address of each: the place that is looked at, and the span of time. */
import { hrefOf, type ViewName, type ViewPlace } from './view.ts';

/** `area` null: everywhere. `time` is the part of an address that says it, empty where a view's own span serves. */
export type Kept = { area: string | null; time: string };

export const NOTHING_KEPT: Kept = { area: null, time: '' };

/** Views that show one area, or everything. */
export const AREA_VIEWS = ['map', 'live', 'alerts', 'dashboard', 'table', 'coverage', 'health'] as const;
export type AreaView = (typeof AREA_VIEWS)[number];
/** Views that show a span of time. */
export const TIME_VIEWS = ['map', 'alerts', 'dashboard', 'table'] as const;
export type TimeView = (typeof TIME_VIEWS)[number];

export const isAreaView = (view: ViewName): view is AreaView => AREA_VIEWS.some((each) => each === view);
export const isTimeView = (view: ViewName): view is TimeView => TIME_VIEWS.some((each) => each === view);

const TIME_PARTS = ['range', 'from', 'to'];

/** The area that an address names; undefined where its view knows none, or shows one camera or one rule. */
export function areaIn({ view, rest, query }: ViewPlace): string | null | undefined {
  if (!isAreaView(view)) return undefined;
  if (view === 'table') return rest === '' ? null : rest;
  if (view !== 'dashboard') return new URLSearchParams(query).get('area');
  if (rest === '') return null;
  return rest.startsWith('area/') ? rest.slice('area/'.length) : undefined;
}

const tidy = (query: URLSearchParams): string => query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');

function timeIn({ query }: ViewPlace): string {
  const all = new URLSearchParams(query);
  const kept = new URLSearchParams();
  for (const name of TIME_PARTS) {
    const value = all.get(name);
    if (value !== null) kept.set(name, value);
  }
  return tidy(kept);
}

/** What is kept after an address was opened: what it says itself, else what was kept before. */
export function keptAfter(place: ViewPlace, before: Kept): Kept {
  const area = areaIn(place);
  return {
    area: area === undefined ? before.area : area,
    time: isTimeView(place.view) ? timeIn(place) : before.time,
  };
}

/** A view with the place and the time that are kept. */
export function hrefWith(view: ViewName, { area, time }: Kept): string {
  const span = isTimeView(view) ? time : '';
  if (area === null || !isAreaView(view)) return hrefOf(view, '', span);
  if (view === 'table') return hrefOf(view, area, span);
  if (view === 'dashboard') return `#/dashboard/area/${encodeURIComponent(area)}${span === '' ? '' : `?${span}`}`;
  return hrefOf(view, '', [`area=${encodeURIComponent(area)}`, span].filter((part) => part !== '').join('&'));
}

/** The same address, of another area: what else was chosen there stays, but not what stands open in the old one. */
export function withArea(place: ViewPlace, area: string | null): string {
  const query = new URLSearchParams(place.query);
  for (const part of ['area', 'camera', 'cell', 'at']) query.delete(part);
  if (place.view === 'table') return hrefOf('table', area ?? '', tidy(query));
  if (place.view === 'dashboard') {
    const rest = area === null ? '' : `/area/${encodeURIComponent(area)}`;
    return `#/dashboard${rest}${query.size === 0 ? '' : `?${tidy(query)}`}`;
  }
  if (area !== null) query.set('area', area);
  return hrefOf(place.view, '', tidy(query));
}

/** The same address with another rest, as of the incident that is opened. */
export const withRest = ({ view, query }: ViewPlace, rest: string): string => hrefOf(view, rest, query);
