/**
 * From a panel's SQL to SQL that runs: what stands in `{{…}}` is replaced, by literal values for the API (`toSql`; the text
 * runs as it is with `./sharp-eyes sql`) or by Grafana’s macros and variables (`grafana-sql.ts`).
 *
 * | hole | is |
 * | --- | --- |
 * | `{{place}}` | condition: rows of the subject, and of what the asker may see. Each view that is read needs it; columns `area_path`, `camera` or `rule` must be there |
 * | `{{flow}}` | the rows of the subject, read like a view without `{{place}}`: hour, kind, presence_us, presence_s, moved_m, timed_s, error_m (the mean over placed_s), tracks_state |
 * | `{{presence}}` | the same of its presence beside how long it was watched: hour, kind, presence_us, observed_ms. A row without a kind tells the latter, so that it is `sumIf(presence_us, {{kind}})` |
 * | `{{presence_below}}` | as `{{presence}}`, by the `area` one level below; only with `needs: [children]` |
 * | `{{kind}}` | condition on `kind`: the kind that was asked for, or true |
 * | `{{from}}`, `{{to}}` | begin and end of the period, whole hours, DateTime64(3, UTC) |
 * | `{{compare_from}}`, `{{compare_to}}` | the same of the period that it is compared with |
 * | `{{history}}` | eight weeks before the period |
 * | `{{zone}}` | name of the time zone, a text |
 * | `{{step}}` | seconds of a step fit for the period; `{{bucket}}` is the begin of the step in which `hour` lies, by the clock of the zone |
 * | `{{hour_of_week}}` | of the column `hour` in the zone, 0 is Monday 00–01 |
 * | `{{subject}}` | id of the subject, a text; `{{level}}` its level, a text |
 * | `{{below}}` | column with the areas one level below (`village` …); only with `needs: [children]` |
 * | `{{cameras}}` | number of cameras in the subject that are switched on |
 * | `{{holidays}}` | days that are not normal, array of texts YYYY-MM-DD |
 * | `{{parts}}` | array of the parts in which the column `hour` lies: 0 the period, -1 the compared one, above 0 an earlier week's same hours, as what is normal is made of; `{{in_parts}}` whether it lies in any |
 * | `{{elapsed}}` | seconds of the column `part` |
 */
import { AREA_LEVELS, type AreaLevel } from '#models/schema/area.ts';
import type { SubjectType } from '#models/schema/panel.ts';
import { readsOf } from './statement.ts';

export type Period = { fromMs: number; toMs: number };

export type PanelValues = Period & {
  subject: { type: SubjectType; id: string; level: AreaLevel | null; below: AreaLevel | null };
  /** Areas that the asker is limited to, where the subject does not say it already; empty: none. */
  scope: readonly string[];
  compare: Period;
  historyFromMs: number;
  zone: string;
  kind: string | null;
  cameras: number;
  holidays: readonly string[];
  /** Earlier weeks' same hours, without holidays; the number of a sample is its begin in whole seconds. */
  samples: { beginMs: number; ranges: readonly (readonly [number, number])[]; elapsedMs: number }[];
  /** Every closed hour has its totals of areas, so that nobody need look for those that lack them. */
  hasTotals: boolean;
};

/** Steps: hours up to eight days, six hours up to six weeks, then days. */
const DAY_S = 86_400;
export const stepOf = ({ fromMs, toMs }: Period): number => {
  const days = (toMs - fromMs) / 1000 / DAY_S;
  if (days <= 8) return 3600;
  return days <= 42 ? 6 * 3600 : DAY_S;
};

export const text = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const time = (ms: number) => `toDateTime64('${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}', 3, 'UTC')`;
const array = (values: readonly string[]) =>
  values.length === 0 ? `CAST([], 'Array(String)')` : `[${values.join(', ')}]`;
const within = (from: string, to: string) => `(hour >= ${from} AND hour < ${to})`;

/** The hour on the clock of the zone, cut to the step. An hour that daylight saving repeats is two steps of an hour, one of more. */
export function bucketSql(stepS: number, zone: string): string {
  if (stepS <= 3600) return 'hour';
  const local = `toTimeZone(hour, ${zone})`;
  const hours = Math.round(stepS / 3600);
  const hour = hours >= 24 ? '0' : `intDiv(toHour(${local}), ${hours}) * ${hours}`;
  return `makeDateTime(toYear(${local}), toMonth(${local}), toDayOfMonth(${local}), ${hour}, 0, 0, ${zone})`;
}

const hourOfWeekSql = (zone: string) =>
  `((toDayOfWeek(toTimeZone(hour, ${zone})) - 1) * 24 + toHour(toTimeZone(hour, ${zone})))`;

/** Conditions on `area_path`, `camera` or `rule`. Ids have no signs that need escaping; `text` does it all the same. */
export function placeSql({ subject, scope }: Pick<PanelValues, 'subject' | 'scope'>): string {
  const path = "splitByChar('.', area_path)";
  const limits = scope.length === 0 ? [] : [`hasAny(${path}, ${array(scope.map(text))})`];
  if (subject.type === 'area') return [`has(${path}, ${text(subject.id)})`, ...limits].join(' AND ');
  return [`${subject.type} = ${text(subject.id)}`, ...limits].join(' AND ');
}

type SourcesOf = {
  type: SubjectType;
  /** An expression: its id, a text. */
  subject: string;
  /** Condition on the rows of cameras. */
  place: string;
  below: AreaLevel | null;
  hasTotals?: boolean;
};

/**
 * What is read of the subject. Of areas there are totals by the hour: a week of a city is a thousand rows of them, where its
 * hundred cameras have a hundred times as many, each with a sketch of tracks to merge.
 */
export function sourcesOf({ type, subject, place, below, hasTotals = false }: SourcesOf) {
  const totals = hasTotals ? 'totals_by_hour' : 'whole_totals_by_hour';
  const flow = 'hour, kind, presence_us, presence_s, moved_m, timed_s, error_m';
  const presence = 'hour, kind, presence_us, observed_ms';
  const isBelow = `level = ${text(below ?? '')} AND has(splitByChar('.', area_path), ${subject})`;
  const presenceBelow = `(SELECT area, ${presence} FROM ${totals} WHERE ${isBelow})`;
  if (type === 'area')
    return {
      flow: `(SELECT ${flow}, placed_s, tracks_state FROM ${totals} WHERE area = ${subject} AND kind != '')`,
      presence: `(SELECT ${presence} FROM ${totals} WHERE area = ${subject})`,
      presence_below: presenceBelow,
    };
  return {
    flow: `(SELECT ${flow}, if(isNull(error_m), 0, presence_s) AS placed_s, tracks_state FROM flow_by_hour WHERE ${place})`,
    presence: `(SELECT hour, kind, presence_us, 0 AS observed_ms FROM flow_by_hour WHERE ${place}
      UNION ALL SELECT hour, '' AS kind, 0 AS presence_us, observed_ms FROM watched_by_hour WHERE ${place})`,
    presence_below: presenceBelow,
  };
}

/** A stretch of time of a part: what is normal is made of several, with holes where holidays were. */
type Stretch = { part: number; fromMs: number; toMs: number };

function stretchesOf({ fromMs, toMs, compare, samples }: PanelValues): Stretch[] {
  const sampled = samples.flatMap(({ beginMs, ranges }) =>
    ranges.map(([begin, end]) => ({ part: Math.floor(beginMs / 1000), fromMs: begin, toMs: end })),
  );
  return [{ part: 0, fromMs, toMs }, { part: -1, ...compare }, ...sampled];
}

const ints = (values: readonly number[], type: string) => `CAST([${values.join(', ')}], 'Array(${type})')`;
const seconds = (values: readonly number[]) =>
  ints(
    values.map((ms) => Math.floor(ms / 1000)),
    'UInt32',
  );

/**
 * Arrays and a lambda instead of a condition per part: the engine spent 140 ms on reading and ordering the conditions of ten
 * parts before it read the first row.
 */
function partHoles(values: PanelValues): { in_parts: string; parts: string; elapsed: string } {
  const all = stretchesOf(values);
  const [begins, ends] = [seconds(all.map(({ fromMs }) => fromMs)), seconds(all.map(({ toMs }) => toMs))];
  const earliest = time(Math.min(...all.map(({ fromMs }) => fromMs)));
  const latest = time(Math.max(...all.map(({ toMs }) => toMs)));
  const isIn = 'toUnixTimestamp(hour) >= begin AND toUnixTimestamp(hour) < end';
  const elapsed = new Map<number, number>();
  for (const { part, fromMs, toMs } of all) elapsed.set(part, (elapsed.get(part) ?? 0) + (toMs - fromMs) / 1000);
  return {
    in_parts: `(${within(earliest, latest)} AND arrayExists((begin, end) -> ${isIn}, ${begins}, ${ends}))`,
    parts: `arrayFilter((part_number, begin, end) -> ${isIn}, ${ints(
      all.map(({ part }) => part),
      'Int64',
    )}, ${begins}, ${ends})`,
    elapsed: `transform(part, ${ints([...elapsed.keys()], 'Int64')}, ${ints([...elapsed.values()], 'Float64')}, toFloat64(0))`,
  };
}

function holes(values: PanelValues): Record<string, string> {
  const { fromMs, toMs, compare, subject } = values;
  const zone = text(values.zone);
  return {
    place: `(${placeSql(values)})`,
    kind: values.kind === null ? 'true' : `kind = ${text(values.kind)}`,
    from: time(fromMs),
    to: time(toMs),
    compare_from: time(compare.fromMs),
    compare_to: time(compare.toMs),
    history: time(values.historyFromMs),
    zone,
    step: `${stepOf(values)}`,
    bucket: bucketSql(stepOf(values), zone),
    hour_of_week: hourOfWeekSql(zone),
    subject: text(subject.id),
    level: text(subject.level ?? ''),
    below: subject.below ?? AREA_LEVELS.at(-1)!,
    cameras: `${values.cameras}`,
    holidays: array(values.holidays.map(text)),
    ...partHoles(values),
    ...sourcesOf({ ...subject, subject: text(subject.id), place: placeSql(values), hasTotals: values.hasTotals }),
  };
}

export const HOLES = [
  ...['place', 'kind', 'from', 'to', 'compare_from', 'compare_to', 'history', 'zone', 'step', 'bucket', 'hour_of_week'],
  ...['subject', 'level', 'below', 'cameras', 'holidays', 'in_parts', 'parts', 'elapsed'],
  ...['flow', 'presence', 'presence_below'],
] as const;

const fill = (sql: string, values: Record<string, string>) =>
  sql.replaceAll(/\{\{([a-z_]+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`{{${name}}} is not known, though the panel was read`);
    return value;
  });

/** `isGuarded`: a person's own panel, each of whose views is limited here as well, whatever its SQL does with `{{place}}`. */
export function toSql(sql: string, values: PanelValues, { isGuarded = false } = {}): string {
  return fill(isGuarded ? guarded(sql) : sql, holes(values)).trim();
}

/** Every view `v` that is read becomes `(SELECT * FROM v WHERE {{place}}) AS v`; of cameras and areas by their own columns. */
export function guarded(sql: string): string {
  let made = '';
  let done = 0;
  for (const { view, at, end } of readsOf(sql)) {
    const source = sql.slice(at, end);
    const isAliased = /^\s+as\s+[a-z_]/i.test(sql.slice(end));
    made += `${sql.slice(done, at)}(SELECT * FROM (SELECT *${ADDED[view] ?? ''} FROM ${source}) WHERE {{place}})${isAliased ? '' : ` AS ${view}`}`;
    done = end;
  }
  return made + sql.slice(done);
}

/** What `{{place}}` asks for and a view has by another name. */
const ADDED: Record<string, string> = {
  cameras: ', id AS camera',
  visits: ', last_area_path AS area_path',
  incident_log:
    ", arrayJoin(if(empty(rules), [''], rules)) AS rule, arrayJoin(if(empty(cameras), [''], cameras)) AS camera",
};
