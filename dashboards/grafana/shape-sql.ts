/** Puts the SQL of a panel into the shape that Grafana's chart reads: names for ids, titles for columns, a week as a table. */
import type { PanelColumn, PanelSpec } from '#models/schema/panel.ts';
import type { Say } from './choices.ts';

/** A column as Grafana sees it: under its title. */
export type Shown = { column: PanelColumn; title: string };

const named = (title: string) => `"${title.replaceAll('"', '”')}"`;

/** Titles that are told apart: what is normal is called after the value before it. */
export function shownColumns({ columns }: Pick<PanelSpec, 'columns'>, say: Say): Shown[] {
  let value = '';
  const taken = new Set<string>();
  return columns.map((column) => {
    const own = say(column.title);
    if (column.part === 'value') value = own;
    const isBeside = column.part === 'normal' || column.part === 'spread' || column.part === 'compare';
    const wished = isBeside && value !== '' ? `${value} · ${own}` : own;
    const title = taken.has(wished) ? `${wished} (${column.name})` : wished;
    taken.add(title);
    return { column, title };
  });
}

const partOf = (shown: readonly Shown[], ...parts: PanelColumn['part'][]) =>
  shown.filter(({ column }) => parts.includes(column.part));

export const figuresOf = (shown: readonly Shown[]): Shown[] =>
  partOf(shown, 'value', 'normal', 'compare', 'observed-share');

/** Lines over time. With several series only the first value: Grafana's labels tell series apart, not values. */
export function seriesSql(sql: string, shown: readonly Shown[]): string {
  const [time] = partOf(shown, 'time');
  const [series] = partOf(shown, 'series', 'label');
  const figures = partOf(shown, 'value', 'normal');
  const kept = series === undefined ? figures : figures.slice(0, 1);
  const columns = [
    `${time?.column.name} AS time`,
    ...(series === undefined ? [] : [`${answered(series)} AS ${series.column.name}`]),
    ...kept.map(({ column, title }) => `answer.${column.name} AS ${named(title)}`),
  ];
  return `SELECT ${columns.join(', ')}\n${fromAnswer(sql, series === undefined ? [] : [series])}\nORDER BY time`;
}

/** How much of each step was watched, beside the lines. */
export function observedSql(sql: string, shown: readonly Shown[]): string | undefined {
  const [time] = partOf(shown, 'time');
  const [share] = partOf(shown, 'observed-share');
  if (time === undefined || share === undefined) return undefined;
  return `SELECT ${time.column.name} AS time, max(${share.column.name}) AS ${named(share.title)}\nFROM (\n${sql}\n)\nGROUP BY time\nORDER BY time`;
}

/** Rows as they are, under their titles; spreads are left out. */
export function tableSql(sql: string, shown: readonly Shown[], limit?: number): string {
  const kept = shown.filter(({ column }) => column.part !== 'spread');
  const columns = kept.map((one) => `${answered(one)} AS ${named(one.title)}`);
  const end = limit === undefined ? '' : `\nLIMIT ${limit}`;
  return `SELECT ${columns.join(', ')}\n${fromAnswer(sql, kept)}\nORDER BY answer.place_in_order${end}`;
}

/** Label by label the states over time; Grafana splits them by the label. */
export function statesSql(sql: string, shown: readonly Shown[]): string {
  const [time] = partOf(shown, 'time');
  const [label] = partOf(shown, 'label', 'series');
  const [state] = partOf(shown, 'state', 'observed-share', 'value');
  const columns = [
    `answer.${time?.column.name} AS time`,
    ...(label === undefined ? [] : [`${answered(label)} AS label`]),
    ...(state === undefined ? [] : [`answer.${state.column.name} AS ${named(state.title)}`]),
  ];
  return `SELECT ${columns.join(', ')}\n${fromAnswer(sql, label === undefined ? [] : [label])}\nORDER BY ${label === undefined ? '' : 'label, '}time`;
}

const DAYS = {
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
};

/** A row per day of the week, a column per hour. */
export function carpetSql(sql: string, shown: readonly Shown[], say: Say): string {
  const [hour] = partOf(shown, 'hour-of-week');
  const [value] = partOf(shown, 'value');
  const hours = Array.from({ length: 24 }, (_, at) => {
    const column = `maxOrNullIf(toFloat64(${value?.column.name}), ${hour?.column.name} % 24 = ${at})`;
    return `${column} AS "${String(at).padStart(2, '0')}"`;
  });
  const days = DAYS.en.map((en, at) => `'${say({ en, zh: DAYS.zh[at]! })}'`);
  const day = `intDiv(${hour?.column.name}, 24)`;
  return `SELECT [${days.join(', ')}][${day} + 1] AS ${named(say({ en: 'Day', zh: '星期' }))}, ${hours.join(', ')}\nFROM (\n${sql}\n)\nGROUP BY ${day}\nORDER BY ${day}`;
}

const NAMES: Partial<Record<NonNullable<PanelColumn['names']>, string>> = {
  area: 'SELECT id, name FROM areas',
  camera: 'SELECT id, name FROM cameras',
};
const namesOf = ({ column }: Shown) => (column.names === undefined ? undefined : NAMES[column.names]);
const joined = ({ column }: Shown) => `names_of_${column.name}`;

const answered = (shown: Shown) =>
  namesOf(shown) === undefined
    ? `answer.${shown.column.name}`
    : `ifNull(nullIf(${joined(shown)}.name, ''), answer.${shown.column.name})`;

/** The answer, in its order, beside the names of areas and cameras in it. */
function fromAnswer(sql: string, shown: readonly Shown[]): string {
  const joins = shown.flatMap((one) => {
    const names = namesOf(one);
    return names === undefined
      ? []
      : [`LEFT JOIN (${names}) AS ${joined(one)} ON ${joined(one)}.id = answer.${one.column.name}`];
  });
  return [`FROM (SELECT *, rowNumberInAllBlocks() AS place_in_order FROM (\n${sql}\n)) AS answer`, ...joins].join('\n');
}
