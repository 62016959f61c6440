/** Removal of an area that nobody needs any more; what was counted there stays in the store. */
import Type from 'typebox';
import { AreaRemoval, AreaRemovalQuery } from '#models/schema/area-removal.ts';
import { Id } from '#models/schema/id.ts';
import type { App } from '../app.ts';
import { planRemoval, removeAreas } from '../areas/remove.ts';
import type { Context } from '../context.ts';

export function addAreaRemovalRoutes(app: App, context: Context): void {
  app.delete('/areas/:id', {
    config: { action: 'area.change' },
    schema: {
      tags: ['areas'],
      operationId: 'removeArea',
      summary: 'Remove an area; refused while areas below it, cameras, scopes or the division in force need it',
      params: Type.Object({ id: Id }),
      querystring: AreaRemovalQuery,
      response: { 200: AreaRemoval },
    },
    handler: async (request) => {
      const { id } = request.params;
      const isDryRun = request.query.dryRun === true;
      request.auditNote = { area: id, isTrial: isDryRun };
      const gone = await planRemoval(id, request.query, context);
      const removed = gone.map((area) => area.id);
      request.auditNote = { ...request.auditNote, removed };
      const totals = isDryRun ? countTotals(removed, context) : await removeAreas(gone, context);
      return { isDryRun, removed, totals };
    },
  });
}

const countTotals = (ids: readonly string[], { totals }: Context) =>
  ids.reduce((sum, id) => sum + (totals.get(id)?.totals.length ?? 0), 0);
