/** Figures per area for one who asked: of the division they chose, limited to what they may see. */
import { withShares } from '#analytics/store/figures/areas.ts';
import type { Division } from '#analytics/store/figures/question.ts';
import { type AreaTree, buildAreaTree } from '#models/registry/area-tree.ts';
import type { Area } from '#models/schema/area.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { AreaFiguresQuery } from '#models/schema/figure-query.ts';
import type { AreaFigure, AreaFigures } from '#models/schema/heat-map.ts';
import type { Context } from '../context.ts';
import { isInScope } from '../rights/authorize.ts';
import { type Asking, readFor, saidOf } from './cells.ts';
import { readQuestion } from './question.ts';

type Divided = {
  division: Division;
  areaOf: (id: string) => Pick<Area, 'name' | 'parent' | 'level'> | undefined;
  tree: AreaTree;
};

export async function readAreas(query: AreaFiguresQuery, asking: Asking): Promise<AreaFigures> {
  const { context, scope, signal } = asking;
  const { level, within, division: name = 'then' } = query;
  const { division, areaOf, tree } = await divisionOf(name, context);
  if (within !== undefined && (areaOf(within) === undefined || !isInScope(scope, { area: within, tree })))
    throw new FaultError('not-found', `there is no area "${within}"`, { about: { area: within } });
  const where = { level, division, within };
  const question = { ...readQuestion(query, context, scope), where };
  const figures = await readFor(query, question, asking);
  const { spans, normal, missingHours } = figures;
  const rows = await withShares(context.reader, figures, { question, signal });
  // A track may have left its trace in an area of before that is gone, or that another may not see.
  const areas = rows
    .filter(({ area }) => isInScope(scope, { area, tree }))
    .map(({ area, ...row }): AreaFigure => {
      const { name: areaName = area, parent = null } = areaOf(area) ?? {};
      return { area, name: areaName, parent, ...row };
    });
  const { kind, measure, weekHours, compare } = question;
  return {
    fromMs: spans.fromMs,
    toMs: spans.toMs,
    kind,
    measure,
    ...(weekHours === undefined ? {} : { weekHours: [...weekHours] }),
    ...(compare === undefined ? {} : { compare }),
    ...(normal === undefined ? {} : { normal }),
    ...(missingHours === 0 ? {} : { missingHours }),
    ...saidOf(query, context),
    level,
    division: name,
    areas,
  };
}

/** Throws FaultError `not-found` for a version that was never published. */
export async function divisionOf(name: string, context: Context): Promise<Divided> {
  const today = { areaOf: (id: string) => context.areas.get(id), tree: context.tree() };
  if (name === 'then') return { division: 'then', ...today };
  if (name === 'now') return { division: 0, ...today };
  const published = await context.published.areasOf(Number(name));
  if (published === undefined)
    throw new FaultError('not-found', `there is no published version ${name} of the division`);
  const byId = new Map(published.map((area) => [area.id, area]));
  return { division: Number(name), areaOf: (id) => byId.get(id), tree: buildAreaTree(published) };
}
