/** Figures per area of one level, by the division that was asked for, with which part of their ground was watched. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { AreaLevel } from '#models/schema/area.ts';
import type { Measure } from '#models/schema/heat-map.ts';
import type { Kind } from '#models/schema/kind.ts';
import { hasZero } from './normal.ts';
import { readShares, type Share } from './observed.ts';
import type { Division, ReadOptions } from './question.ts';
import { type Figure, type Figures, type FiguresQuestion, readFigures } from './read.ts';
import { readValues } from './values.ts';

export type AreaQuestion = Omit<FiguresQuestion, 'where'> & {
  level: AreaLevel;
  division: Division;
  /** Only areas below this one. */
  within?: string | undefined;
};

export type AreaRow = Figure & Share & { area: string };

export async function readAreaFigures(
  client: ClickHouseClient,
  { level, division, within, ...rest }: AreaQuestion,
  options: ReadOptions = {},
): Promise<Figures & { areas: AreaRow[] }> {
  const question = { ...rest, where: { level, division, within } };
  const figures = await readFigures(client, question, options);
  return { ...figures, areas: await withShares(client, figures, { question, ...options }) };
}

type Asked = { kind: Kind; measure: Measure };
type KindsQuestion = Pick<AreaQuestion, 'fromMs' | 'toMs' | 'scope' | 'level' | 'division' | 'within'> & {
  asked: readonly [Asked, ...Asked[]];
};
/** `values` in the order of what was asked. */
export type KindsRow = Share & { area: string; values: (number | null)[] };

/** The figures of several kinds, one after the other; what was watched, and of which ground, is asked once for all of them. */
export async function readAreaKinds(
  client: ClickHouseClient,
  { asked: [first, ...others], ...rest }: KindsQuestion,
  options: ReadOptions = {},
): Promise<{ missingHours: number; areas: KindsRow[] }> {
  const { spans, areas, missingHours } = await readAreaFigures(client, { ...rest, ...first }, options);
  const rows = new Map(areas.map((row) => [row.area, { ...row, values: [row.value] }]));
  const { level, division, within, scope } = rest;
  for (const [index, { kind, measure }] of others.entries()) {
    const question = { where: { level, division, within }, scope, kind, measure };
    const values = (await readValues(client, { spans }, { question, ...options })).get(0) ?? new Map();
    for (const area of values.keys()) {
      const unseen = {
        area,
        values: Array.from({ length: index + 1 }, () => null),
        coveredCells: 0,
        observedShare: null,
      };
      if (!rows.has(area)) rows.set(area, { ...unseen, observedS: 0, value: null, errorM: null });
    }
    for (const [area, { observedS, values: own }] of rows)
      own.push(values.get(area)?.value ?? (observedS > 0 && hasZero(measure) ? 0 : null));
  }
  return {
    missingHours,
    areas: [...rows.values()].map(({ area, values, coveredCells, observedShare }) => ({
      ...{ area, values, coveredCells, observedShare },
    })),
  };
}

/** The areas of figures, with ground of cameras that were all down: it has a share, of nothing, and no figure. */
export async function withShares(
  client: ClickHouseClient,
  { spans, elapsedMs, places }: Figures,
  options: ReadOptions & { question: FiguresQuestion },
): Promise<AreaRow[]> {
  const shares = await readShares(client, { spans }, { elapsedMs, ...options });
  const areas = [...new Set([...places.keys(), ...shares.keys()])].sort();
  const none = { coveredCells: 0, observedShare: null };
  const unknown = { value: null, observedS: 0, errorM: null };
  return areas.map((area) => ({ area, ...(places.get(area) ?? unknown), ...(shares.get(area) ?? none) }));
}
