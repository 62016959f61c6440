/** How much was where: per cell and per area, now, against another time and against what is normal; and as files. */

import { AreaFiguresQuery, HeatMapQuery } from '#models/schema/figure-query.ts';
import { AreaFigures, HeatMap } from '#models/schema/heat-map.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { readAreas } from '../figures/areas.ts';
import { askFigure } from '../figures/ask.ts';
import { readCells } from '../figures/cells.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['figures'];

export function addHeatMapRoutes(app: App, context: Context): void {
  app.get('/heat-map', {
    config: { action: 'figure.read' },
    schema: {
      tags,
      operationId: 'readHeatMap',
      summary: 'How much was where; the last hour unless said otherwise',
      description:
        'A cell that was watched with nothing in it has value 0 (null for speed and dwell); one that nobody watched is not in the answer, or has observedS 0 where a second period knows it. With public=true: of whole days that are over, without cells under smallNumberMin distinct tracks a day and kind, nor others by which those could be worked out.',
      querystring: HeatMapQuery,
      response: { 200: HeatMap },
    },
    handler: async (request, reply) => {
      const { scope } = principalOf(request).user;
      return askFigure({ request, reply, context }, (signal) => readCells(request.query, { context, scope, signal }));
    },
  });

  app.get('/area-figures', {
    config: { action: 'figure.read' },
    schema: {
      tags,
      operationId: 'readAreaFigures',
      summary: 'How much was in each area of one level; the last hour unless said otherwise',
      description:
        'Of what could be placed on the ground. division=then counts by the areas as they were, now by the areas of today, a number by that published division; the latter two by the middle of each cell.',
      querystring: AreaFiguresQuery,
      response: { 200: AreaFigures },
    },
    handler: async (request, reply) => {
      const { scope } = principalOf(request).user;
      return askFigure({ request, reply, context }, (signal) => readAreas(request.query, { context, scope, signal }));
    },
  });
}
