/** One table of an area and of those right below it: what was imported, what the registry knows, what was measured. */
import area from '@turf/area';
import { type KindsRow, readAreaKinds } from '#analytics/store/figures/areas.ts';
import { AREA_LEVELS, type Area, type AreaLevel } from '#models/schema/area.ts';
import type { AreaTable, TableCell, TableRow } from '#models/schema/area-table.ts';
import type { Measure } from '#models/schema/heat-map.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import { type TableGroup, TOTAL_FIGURES } from '#models/schema/total-figures.ts';
import { readHistory } from '../cameras/health-history.ts';
import type { Context } from '../context.ts';
import { importedCell } from './imported.ts';
import { keyPlacesIn } from './key-places.ts';

export type TableQuestion = {
  area: Area;
  fromMs: number;
  toMs: number;
  scope: readonly string[];
  /** Which of the areas right below, by name; all of them without. */
  below?: { skip: number; limit: number };
};

export async function readTable(question: TableQuestion, context: Context, signal: AbortSignal): Promise<AreaTable> {
  const { area: own, fromMs, toMs, below = { skip: 0, limit: Number.POSITIVE_INFINITY } } = question;
  const all = context.areas.list();
  const children = all.filter(({ parent }) => parent === own.id).sort((a, b) => a.name.localeCompare(b.name, 'zh'));
  const told = children.slice(below.skip, below.skip + below.limit);
  const areas = [own, ...told];
  const [measured, situation] = await Promise.all([
    measuredRows(areas, question, { context, signal }),
    situationRows(areas, question, { context, signal }),
  ]);
  const rows = [
    ...importedRows(areas, question, context),
    ...placeRows(areas, all, context),
    ...measured.rows,
    ...situation,
  ];
  const order: readonly TableGroup[] = ['people', 'place', 'event', 'thing', 'situation'];
  const names = new Map(all.map(({ id, name }) => [id, name]));
  const above = context.tree().pathOf(own.parent);
  return {
    fromMs,
    toMs,
    areas: areas.map(({ id, name, level }) => ({ id, name, level })),
    below: { skipped: Math.min(below.skip, children.length), told: told.length, all: children.length },
    rows: order.flatMap((group) => rows.filter((row) => row.group === group)),
    path: above.filter((id) => id !== '_').map((id) => ({ id, name: names.get(id) ?? id })),
    ...(measured.missingHours === 0 ? {} : { missingHours: measured.missingHours }),
  };
}

function importedRows(areas: readonly Area[], { fromMs, toMs }: TableQuestion, context: Context): TableRow[] {
  const zone = context.config.timeZone;
  return TOTAL_FIGURES.map((figure) => importedCell(figure, { areas, fromMs, toMs, zone, context }));
}

const plain = (value: number | null): TableCell => ({ value, source: '', asOf: null, observedShare: null });

type Counted = { group: TableGroup; figure: string; unit: string; of: (area: Area) => number };

function placeRows(areas: readonly Area[], all: readonly Area[], context: Context): TableRow[] {
  const tree = context.tree();
  const cameras = context.cameras.list();
  const places = keyPlacesIn(context.keyPlaces.list(), all);
  const below = (ids: readonly (string | null)[], id: string) => ids.filter((each) => tree.isWithin(each, id)).length;
  const grids = all.filter(({ level }) => level === 'grid').map(({ id }) => id);
  const counted: Counted[] = [
    {
      group: 'place',
      figure: 'ground',
      unit: 'm²',
      of: ({ geometry }) => Math.round(area({ type: 'Feature', properties: {}, geometry } as never)),
    },
    { group: 'place', figure: 'grids', unit: 'grids', of: ({ id }) => below(grids, id) },
    { group: 'place', figure: 'key-places', unit: 'places', of: ({ id }) => below(places, id) },
    {
      group: 'thing',
      figure: 'cameras',
      unit: 'cameras',
      of: ({ id }) =>
        below(
          cameras.map((camera) => camera.area),
          id,
        ),
    },
  ];
  return counted.map(({ of, ...row }) => ({ ...row, origin: 'registry', cells: areas.map((each) => plain(of(each))) }));
}

type Reading = { context: Context; signal: AbortSignal };
/** `missingHours`: of the time, those that the store counts anew, and whose part is missing until it has. */
type Measured = { rows: TableRow[]; missingHours: number };

const MEASURED = [
  { kind: KINDS[0], measure: 'presence' },
  ...KINDS.slice(1).map((kind) => ({ kind, measure: 'presence' }) as const),
  { kind: 'person', measure: 'tracks' },
] as const satisfies readonly { kind: Kind; measure: Measure }[];

/** Hours that things of a kind were seen, and how many tracks of people: of each level that the table has. */
async function measuredRows(
  areas: readonly Area[],
  { area: own, fromMs, toMs, scope }: TableQuestion,
  { context, signal }: Reading,
): Promise<Measured> {
  const seen = new Map<string, KindsRow>();
  let missingHours = 0;
  // One after the other: a table shall not take all the lanes of the store.
  for (const level of AREA_LEVELS.filter((each: AreaLevel) => areas.some((area) => area.level === each))) {
    const question = { fromMs, toMs, scope, level, division: 'then', within: own.id, asked: MEASURED } as const;
    const read = await readAreaKinds(context.reader, question, { signal, closedDays: context.closedDays });
    for (const row of read.areas) seen.set(row.area, row);
    missingHours = Math.max(missingHours, read.missingHours);
  }
  const asOf = new Date(toMs).toISOString();
  const rows = MEASURED.map(({ kind, measure }, index): TableRow => {
    const isTime = measure === 'presence';
    return {
      group: kind === 'person' ? 'people' : 'thing',
      figure: `${kind}-${measure}`,
      unit: isTime ? 'h' : 'tracks',
      origin: 'measured',
      cells: areas.map(({ id }) => {
        const value = seen.get(id)?.values[index] ?? null;
        const shown = value === null ? null : isTime ? Math.round((value / 3600) * 100) / 100 : Math.round(value);
        return { value: shown, source: 'cameras', asOf, observedShare: seen.get(id)?.observedShare ?? null };
      }),
    };
  });
  return { rows, missingHours };
}

/** How available the cameras were, and how many are not well at this moment. */
async function situationRows(
  areas: readonly Area[],
  { area: own, fromMs, toMs }: TableQuestion,
  { context, signal }: Reading,
): Promise<TableRow[]> {
  const tree = context.tree();
  const cameras = context.cameras.list().filter((camera) => tree.isWithin(camera.area, own.id));
  const history = await readHistory({ cameras, fromMs, toMs, utcOffsetMin: 0, isDetailed: false }, context, signal);
  const shares = new Map(history.areas.map(({ area, availability }) => [area, availability]));
  const asOf = new Date(toMs).toISOString();
  const cellOf = (value: number | null): TableCell => ({ value, source: 'cameras', asOf, observedShare: null });
  const notWell = cameras.filter(({ id, isEnabled }) => isEnabled && context.states.get(id)?.state !== 'live');
  const down = (id: string) => notWell.filter((camera) => tree.isWithin(camera.area, id)).length;
  const percent = (share: number | null | undefined) => (share == null ? null : Math.round(share * 1000) / 10);
  return [
    {
      group: 'situation',
      figure: 'availability',
      unit: '%',
      origin: 'measured',
      cells: areas.map(({ id }) => cellOf(percent(shares.get(id)))),
    },
    {
      group: 'situation',
      figure: 'cameras-not-well',
      unit: 'cameras',
      origin: 'measured',
      cells: areas.map(({ id }) => ({ ...cellOf(down(id)), asOf: new Date().toISOString() })),
    },
  ];
}
