/** What a person has chosen to see on the map, and how it stands in the address: `#/map?measure=speed&hours=7-9`. */
import type { AreaLevel } from '#models/schema/area.ts';
import type { Measure } from '#models/schema/heat-map.ts';
import type { Kind } from '#models/schema/kind.ts';
import { KINDS_SHOWN } from '../kinds.ts';
import { MEASURE_NAMES } from '../map/measure.ts';
import { FIRST_RANGE, putRange, readRange, readSpan, writeTime } from './address-time.ts';
import type { Span, TimeRange } from './time-range.ts';
import { hrefOf } from './view.ts';
import { readHours, writeHours } from './week-hours.ts';

export const LEVELS = ['cell', 'grid', 'village', 'street', 'district'] as const satisfies readonly (
  | 'cell'
  | AreaLevel
)[];
export type Level = (typeof LEVELS)[number];

/** The span just before, the same span a week or four before, one of its own, or what is normal for the hour of the week. */
export const COMPARE_NAMES = ['off', 'before', 'week', 'custom', 'normal'] as const;
export type CompareName = (typeof COMPARE_NAMES)[number];
export type Compare = { name: Exclude<CompareName, 'custom'> } | ({ name: 'custom' } & Span);

export const STEPS = ['ten', 'hour', 'day'] as const;
export type Step = (typeof STEPS)[number];

export type Chosen = { what: 'camera' | 'cell' | 'area'; id: string };

export type Choices = {
  range: TimeRange;
  kind: Kind | null;
  measure: Measure;
  /** Hours of the week, sorted; none means all. */
  hours: readonly number[];
  compare: Compare;
  level: Level;
  /** Areas as they were when things were seen, or as they are today. */
  division: 'then' | 'now';
  chosen: Chosen | null;
  /** The step of the playing through time; null while the range stands still. */
  step: Step | null;
};

export const FIRST_CHOICES: Choices = {
  range: { name: FIRST_RANGE.map },
  kind: null,
  measure: 'presence',
  hours: [],
  compare: { name: 'off' },
  level: 'cell',
  division: 'then',
  chosen: null,
  step: null,
};

const oneOf = <Name extends string>(names: readonly Name[], text: string | null): Name | undefined =>
  names.find((name) => name === text);

const CHOSEN = ['camera', 'cell', 'area'] as const;
const CELL = /^8[0-9a-f]{14}$/;

function readChosen(query: URLSearchParams): Chosen | null {
  for (const what of CHOSEN) {
    const id = query.get(what);
    if (id !== null && id !== '' && (what !== 'cell' || CELL.test(id))) return { what, id };
  }
  return null;
}

/** What is missing or cannot be read is what the page opens with. */
export function readChoices(text: string): Choices {
  const query = new URLSearchParams(text);
  const before = readSpan(query, 'cfrom', 'cto');
  const compare = oneOf(COMPARE_NAMES, query.get('compare')) ?? 'off';
  return {
    range: readRange(query) ?? FIRST_CHOICES.range,
    kind: oneOf(KINDS_SHOWN, query.get('kind')) ?? null,
    measure: oneOf(MEASURE_NAMES, query.get('measure')) ?? 'presence',
    hours: readHours(query.get('hours') ?? ''),
    compare:
      compare !== 'custom' ? { name: compare } : before === undefined ? { name: 'off' } : { name: 'custom', ...before },
    level: oneOf(LEVELS, query.get('level')) ?? 'cell',
    division: query.get('division') === 'now' ? 'now' : 'then',
    chosen: readChosen(query),
    step: oneOf(STEPS, query.get('play')) ?? null,
  };
}

/** The shortest query that reads back the same: what the page opens with is not written. */
export function writeChoices(choices: Choices): string {
  const { range, compare, chosen } = choices;
  const query = new URLSearchParams();
  const put = (name: string, value: string | null, first: string | null) => {
    if (value !== null && value !== first) query.set(name, value);
  };
  put('measure', choices.measure, FIRST_CHOICES.measure);
  put('kind', choices.kind, null);
  putRange(query, range, FIRST_RANGE.map);
  put('hours', writeHours(choices.hours), '');
  put('compare', compare.name, 'off');
  if (compare.name === 'custom') {
    query.set('cfrom', writeTime(compare.fromMs));
    query.set('cto', writeTime(compare.toMs));
  }
  put('level', choices.level, 'cell');
  put('division', choices.division, 'then');
  put('play', choices.step, null);
  if (chosen !== null) query.set(chosen.what, chosen.id);
  return query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
}

/** `at` is where the map stands, kept beside the choices: "lon,lat,zoom". */
export function choicesHref(choices: Choices, at: string | null): string {
  const query = [writeChoices(choices), at === null ? '' : `at=${at}`].filter((part) => part !== '').join('&');
  return `${hrefOf('map')}${query === '' ? '' : `?${query}`}`;
}

const DAY_MS = 24 * 3_600_000;

/** The span that is compared with; null where there is none. */
export function comparedSpan(compare: Compare, { fromMs, toMs }: Span): Span | null {
  const earlier = (byMs: number) => ({ fromMs: fromMs - byMs, toMs: toMs - byMs });
  switch (compare.name) {
    case 'before':
      return earlier(toMs - fromMs);
    case 'week':
      return earlier(Math.ceil((toMs - fromMs) / (7 * DAY_MS)) * 7 * DAY_MS);
    case 'custom':
      return { fromMs: compare.fromMs, toMs: compare.toMs };
    default:
      return null;
  }
}
