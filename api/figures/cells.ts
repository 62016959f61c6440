/** The heat map for one who asked: everything of the query understood, limited to what they may see. */
import { readPublicFigures } from '#analytics/store/figures/public.ts';
import { type FiguresQuestion, readFigures } from '#analytics/store/figures/read.ts';
import { heatMapOf } from '#analytics/store/queries.ts';
import type { Zone } from '#analytics/store/zones.ts';
import { FaultError } from '#models/schema/fault.ts';
import { FIGURE_RESOLUTION, type HeatMapQuery } from '#models/schema/figure-query.ts';
import type { HeatMap } from '#models/schema/heat-map.ts';
import type { Context } from '../context.ts';
import { readBbox } from './period.ts';
import { type Asked, readQuestion, readZone } from './question.ts';

/** What a browser still draws, and some 20 MB of answer. */
const CELLS_MAX = 250_000;

export type Asking = { context: Context; scope: readonly string[]; signal: AbortSignal };

export async function readCells(query: HeatMapQuery, asking: Asking): Promise<HeatMap> {
  const { context, scope } = asking;
  const { resolution = FIGURE_RESOLUTION.usual } = query;
  const where = { resolution, bbox: readBbox(query.bbox) };
  const question = { ...readQuestion(query, context, scope), where };
  const heatMap = heatMapOf(await readFor(query, question, asking), question);
  if (heatMap.cells.length > CELLS_MAX) {
    throw new FaultError('invalid-value', `the heat map has ${heatMap.cells.length} cells, more than ${CELLS_MAX}`, {
      cure: 'Ask for a smaller bbox or a lower resolution.',
    });
  }
  return { ...heatMap, ...saidOf(query, context) };
}

type Question = FiguresQuestion & { zone: Zone };

/** With `public=true` what everybody may know, else all. */
export function readFor({ public: isPublic }: Asked, question: Question, { context, signal }: Asking) {
  const { reader, config, closedDays } = context;
  if (isPublic === true) return readPublicFigures(reader, question, { min: config.smallNumberMin, signal });
  return readFigures(reader, question, { signal, closedDays });
}

/** What of the configuration an answer rests on. */
export function saidOf(query: Asked, context: Context): { zone?: string; smallNumberMin?: number } {
  const isZoned = query.weekHours !== undefined || query.versus !== undefined || query.public === true;
  return {
    ...(isZoned ? { zone: readZone(query, context) } : {}),
    ...(query.public === true ? { smallNumberMin: context.config.smallNumberMin } : {}),
  };
}
