/** An imported figure of the table: the newest that stood at the period's end, or the sum of its days; else of the areas below. */
import type { Area } from '#models/schema/area.ts';
import type { TableCell, TableRow } from '#models/schema/area-table.ts';
import type { Total } from '#models/schema/total.ts';
import { factsOfTotal, type TotalFigure } from '#models/schema/total-figures.ts';
import type { Context } from '../context.ts';

type Wanted = { areas: readonly Area[]; fromMs: number; toMs: number; zone: string; context: Context };

const NOTHING: TableCell = { value: null, source: '', asOf: null, observedShare: null };

export function importedCell(figure: TotalFigure, { areas, fromMs, toMs, zone, context }: Wanted): TableRow {
  const { group, unit, isDaily = false } = factsOfTotal(figure);
  const [first, last] = [dayAt(fromMs, zone), dayAt(toMs - 1, zone)];
  const childrenOf = childrenBy(context.areas.list());
  const ofOne = (id: string): TableCell | undefined => {
    const known = (context.totals.get(id)?.totals ?? []).filter(
      (total) => total.figure === figure && total.asOf <= last,
    );
    return isDaily ? sumOfDays(known.filter(({ asOf }) => asOf >= first)) : newest(known);
  };
  const known = new Map<string, TableCell>();
  const cellOf = (id: string): TableCell => {
    const held = known.get(id);
    if (held !== undefined) return held;
    const cell =
      ofOne(id) ?? fromRegistry(figure, context.areas.get(id)) ?? sumOfAreas((childrenOf.get(id) ?? []).map(cellOf));
    known.set(id, cell);
    return cell;
  };
  return { group, figure, unit, origin: 'imported', cells: areas.map(({ id }) => cellOf(id)) };
}

/** YYYY-MM-DD where the city is. */
export const dayAt = (ms: number, zone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(ms);

function newest(totals: readonly Total[]): TableCell | undefined {
  const last = totals.toSorted((a, b) => (a.asOf < b.asOf ? -1 : 1)).at(-1);
  return last === undefined
    ? undefined
    : { value: last.value, source: last.source, asOf: last.asOf, observedShare: null };
}

function sumOfDays(totals: readonly Total[]): TableCell | undefined {
  const last = newest(totals);
  if (last === undefined) return undefined;
  return { ...last, value: totals.reduce((sum, { value }) => sum + value, 0) };
}

const FACTS = {
  households: 'households',
  leaders: 'leaders',
  'full-time-workers': 'fullTimeWorkers',
  'part-time-workers': 'partTimeWorkers',
} as const satisfies Partial<Record<TotalFigure, keyof Area>>;

/** What the file of areas says of it, where no sheet does. */
function fromRegistry(figure: TotalFigure, area: Area | undefined): TableCell | undefined {
  const fact = (FACTS as Partial<Record<TotalFigure, (typeof FACTS)[keyof typeof FACTS]>>)[figure];
  const value = fact === undefined ? undefined : area?.[fact];
  return value === undefined ? undefined : { ...NOTHING, value, source: 'areas' };
}

/** As old as the oldest of its parts; how many of them are known is said. */
function sumOfAreas(cells: readonly TableCell[]): TableCell {
  const known = cells.filter(({ value }) => value !== null);
  if (known.length === 0) return NOTHING;
  const days = known.flatMap(({ asOf }) => (asOf === null ? [] : [asOf])).sort();
  const sources = [...new Set(known.map(({ source }) => source).filter((source) => source !== ''))];
  return {
    value: known.reduce((sum, { value }) => sum + (value ?? 0), 0),
    source: sources.join(', ').slice(0, 200),
    asOf: days[0] ?? null,
    observedShare: null,
    parts: { known: known.length, all: cells.length },
  };
}

function childrenBy(areas: readonly Area[]): Map<string, string[]> {
  const children = new Map<string, string[]>();
  for (const { id, parent } of areas) if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), id]);
  return children;
}
