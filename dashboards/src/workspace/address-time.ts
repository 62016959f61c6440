/** A span of time as every view writes it in its address: `range=last-week`, or `from=` and `to=` in UTC; `cfrom`, `cto` compared. */
import type { TimeView } from './kept.ts';
import { RANGE_NAMES, type RangeName, type Span, type TimeRange } from './time-range.ts';
import type { ViewPlace } from './view.ts';
import { shiftDays } from './zone-time.ts';

/** What a view shows where its address says nothing. */
export const FIRST_RANGE = { map: 'hour', alerts: 'week', dashboard: 'week', table: 'day' } as const satisfies Record<
  TimeView,
  RangeName
>;

const MINUTES: readonly RangeName[] = ['quarter', 'hour'];

/** What a view offers: roll-ups are by the hour, so only the map and the alerts know shorter spans. */
export const rangesOf = (view: TimeView): readonly RangeName[] =>
  view === 'map' || view === 'alerts' ? RANGE_NAMES : RANGE_NAMES.filter((name) => !MINUTES.includes(name));

/** Minutes are enough for people; UTC, since addresses are sent to other places. */
export const writeTime = (atMs: number): string => new Date(atMs).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');

/** ISO times, or milliseconds as other programs write them. */
const readTime = (text: string | null): number =>
  text !== null && /^\d{10,}$/.test(text) ? Number(text) : Date.parse(text ?? '');

export function readSpan(query: URLSearchParams, from: string, to: string): Span | undefined {
  const span = { fromMs: readTime(query.get(from)), toMs: readTime(query.get(to)) };
  return span.toMs > span.fromMs ? span : undefined;
}

/** Undefined where it says nothing that can be read. */
export function readRange(query: URLSearchParams): TimeRange | undefined {
  const own = readSpan(query, 'from', 'to');
  if (own !== undefined) return { name: 'custom', ...own };
  const name = RANGE_NAMES.find((each) => each === query.get('range'));
  return name === undefined || name === 'custom' ? undefined : { name };
}

/** Nothing for `first`, the span that is meant where nothing is said. */
export function putRange(query: URLSearchParams, range: TimeRange, first: RangeName): void {
  if (range.name === 'custom') {
    query.set('from', writeTime(range.fromMs));
    query.set('to', writeTime(range.toMs));
  } else if (range.name !== first) query.set('range', range.name);
}

/** The same address with another span. */
export function withRange({ view, rest, query }: ViewPlace, range: TimeRange, first: RangeName): string {
  const all = new URLSearchParams(query);
  for (const part of ['range', 'from', 'to']) all.delete(part);
  putRange(all, range, first);
  const text = all.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
  const path = rest === '' ? '' : `/${rest.split('/').map(encodeURIComponent).join('/')}`;
  return `#/${view}${path}${text === '' ? '' : `?${text}`}`;
}

const DAY_MS = 24 * 3_600_000;

/** The span just before, or just after: whole days by the calendar of the zone, so that they stay whole. */
export function movedSpan({ fromMs, toMs }: Span, direction: -1 | 1, zone: string): Span {
  const days = Math.round((toMs - fromMs) / DAY_MS);
  const isDays = days >= 1 && shiftDays(fromMs, days, zone) === toMs;
  const move = (atMs: number) =>
    isDays ? shiftDays(atMs, direction * days, zone) : atMs + direction * (toMs - fromMs);
  return { fromMs: move(fromMs), toMs: move(toMs) };
}
