/** What a dashboard is asked for, and how it stands in the address: `#/dashboard/area/lixia?range=last-week&compare=before`. */
import type { Kind } from '#models/schema/kind.ts';
import type { SubjectType } from '#models/schema/panel.ts';
import { KINDS_SHOWN } from '../kinds.ts';
import { FIRST_RANGE, movedSpan, putRange, readRange, readSpan, writeTime } from '../workspace/address-time.ts';
import { type Span, spanOf, type TimeRange } from '../workspace/time-range.ts';
import { shiftDays } from '../workspace/zone-time.ts';

export type SubjectRef = { type: SubjectType; id: string };

/** The span just before, the same days of the week 52 weeks before, or a span of one's own. */
export const COMPARES = ['off', 'before', 'year', 'custom'] as const;
export type CompareWith = { name: Exclude<(typeof COMPARES)[number], 'custom'> } | ({ name: 'custom' } & Span);

export type Asked = { range: TimeRange; compare: CompareWith; kind: Kind | null };

export const FIRST_ASKED: Asked = { range: { name: FIRST_RANGE.dashboard }, compare: { name: 'off' }, kind: null };

const SUBJECTS = ['area', 'camera', 'rule'] as const satisfies readonly SubjectType[];
const HOUR_MS = 3_600_000;

/** `area/lixia` → its type and id; null where the address names nothing. */
export function readSubject(rest: string): SubjectRef | null {
  const [name, ...more] = rest.split('/');
  const type = SUBJECTS.find((each) => each === name);
  const id = more.join('/');
  return type === undefined || id === '' ? null : { type, id };
}

const oneOf = <Name extends string>(names: readonly Name[], text: string | null): Name | undefined =>
  names.find((name) => name === text);

/** What cannot be read is what the page opens with. */
export function readAsked(text: string): Asked {
  const query = new URLSearchParams(text);
  const other = readSpan(query, 'cfrom', 'cto');
  const compare = oneOf(COMPARES, query.get('compare'));
  return {
    range: readRange(query) ?? FIRST_ASKED.range,
    compare:
      other !== undefined
        ? { name: 'custom', ...other }
        : { name: compare === undefined || compare === 'custom' ? 'off' : compare },
    kind: oneOf(KINDS_SHOWN, query.get('kind')) ?? null,
  };
}

/** The shortest query that reads back the same. */
export function writeAsked({ range, compare, kind }: Asked): string {
  const query = new URLSearchParams();
  putRange(query, range, FIRST_RANGE.dashboard);
  if (compare.name === 'custom') {
    query.set('cfrom', writeTime(compare.fromMs));
    query.set('cto', writeTime(compare.toMs));
  } else if (compare.name !== 'off') query.set('compare', compare.name);
  if (kind !== null) query.set('kind', kind);
  return query.toString().replaceAll('%3A', ':');
}

/** The part of the address behind `#`. */
export function dashboardAddress({ type, id }: SubjectRef, asked: Asked = FIRST_ASKED): string {
  const query = writeAsked(asked);
  return `/dashboard/${type}/${encodeURIComponent(id)}${query === '' ? '' : `?${query}`}`;
}

export const dashboardHref = (subject: SubjectRef, asked?: Asked): string => `#${dashboardAddress(subject, asked)}`;

/** Spans that move with the clock move by full hours, so that many people ask the same question. */
export function periodOf(range: TimeRange, zone: string, nowMs = Date.now()): Span {
  const span = spanOf(range, zone, nowMs);
  if (range.name === 'custom' || span.toMs - span.fromMs < 2 * HOUR_MS) return span;
  return { fromMs: Math.floor(span.fromMs / HOUR_MS) * HOUR_MS, toMs: Math.floor(span.toMs / HOUR_MS) * HOUR_MS };
}

export function comparedPeriod(compare: CompareWith, { fromMs, toMs }: Span, zone: string): Span | null {
  const earlier = (days: number) => ({ fromMs: shiftDays(fromMs, -days, zone), toMs: shiftDays(toMs, -days, zone) });
  switch (compare.name) {
    case 'off':
      return null;
    case 'custom':
      return { fromMs: compare.fromMs, toMs: compare.toMs };
    case 'year':
      return earlier(364);
    case 'before':
      return movedSpan({ fromMs, toMs }, -1, zone);
  }
}
