/** Figures per area of one level, by the division that was asked for, with which part of their ground was watched. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { AreaLevel } from '#models/schema/area.ts';
import { readShares, type Share } from './observed.ts';
import type { Division, ReadOptions } from './question.ts';
import { type Figure, type Figures, type FiguresQuestion, readFigures } from './read.ts';

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
): Promise<Omit<Figures, 'places'> & { areas: AreaRow[] }> {
  const question = { ...rest, where: { level, division, within } };
  const { places, ...figures } = await readFigures(client, question, options);
  const { spans, elapsedMs } = figures;
  const shares = await readShares(client, { spans }, { question, elapsedMs, ...options });
  // Ground of cameras that were all down has a share, of nothing, and no figure.
  for (const area of shares.keys())
    if (!places.has(area)) places.set(area, { value: null, observedS: 0, errorM: null });
  const none = { coveredCells: 0, observedShare: null };
  const areas = [...places].map(([area, figure]) => ({ area, ...figure, ...(shares.get(area) ?? none) }));
  return { ...figures, areas: areas.sort((a, b) => (a.area < b.area ? -1 : 1)) };
}
