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
): Promise<Figures & { areas: AreaRow[] }> {
  const question = { ...rest, where: { level, division, within } };
  const figures = await readFigures(client, question, options);
  return { ...figures, areas: await withShares(client, figures, { question, ...options }) };
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
