/** Figures: how much was where (heat map), and how much in all and over time (summary). */
import Type from 'typebox';
import { readHeatMap, readSummary } from '#analytics/store/queries.ts';
import { FaultError } from '#models/schema/fault.ts';
import { HeatMap, Measure } from '#models/schema/heat-map.ts';
import { Id } from '#models/schema/id.ts';
import { Kind } from '#models/schema/kind.ts';
import { Summary } from '#models/schema/summary.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { askFigure } from '../figures/ask.ts';
import { readBbox, readPeriod } from '../figures/period.ts';
import { authorize } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['figures'];
const RESOLUTION_DEFAULT = 12;
/** What a browser still draws, and some 20 MB of answer. */
const CELLS_MAX = 250_000;

const Time = Type.String({ maxLength: 40, description: 'ISO 8601, or UTC milliseconds' });
const period = { from: Type.Optional(Time), to: Type.Optional(Time) };

const HeatMapQuery = Type.Object(
  {
    ...period,
    kind: Type.Optional(Kind),
    resolution: Type.Optional(
      Type.Integer({ minimum: 9, maximum: 13, default: RESOLUTION_DEFAULT, description: 'H3 resolution' }),
    ),
    bbox: Type.Optional(Type.String({ maxLength: 200, description: 'west,south,east,north in degrees' })),
    measure: Type.Optional(Measure),
  },
  { additionalProperties: false },
);
const SummaryQuery = Type.Object({ ...period, area: Type.Optional(Id) }, { additionalProperties: false });

export function addFigureRoutes(app: App, context: Context): void {
  addHeatMap(app, context);
  addSummary(app, context);
}

function addHeatMap(app: App, context: Context): void {
  const { reader } = context;

  app.get('/heat-map', {
    config: { action: 'figure.read' },
    schema: {
      tags,
      operationId: 'readHeatMap',
      summary: 'How much was where; the last hour unless said otherwise',
      description:
        'A cell that was watched with nothing in it has value 0; one that nobody watched is not in the answer.',
      querystring: HeatMapQuery,
      response: { 200: HeatMap },
    },
    handler: async (request, reply) => {
      const { kind = null, resolution = RESOLUTION_DEFAULT, measure = 'presence' } = request.query;
      const bbox = readBbox(request.query.bbox);
      const { scope } = principalOf(request).user;
      const question = {
        ...readPeriod(request.query),
        kind,
        resolution,
        measure,
        scope,
        ...(bbox === undefined ? {} : { bbox }),
      };
      const heatMap = await askFigure({ request, reply, context }, (signal) =>
        readHeatMap(reader, question, { signal }),
      );
      if (heatMap.cells.length > CELLS_MAX) {
        throw new FaultError(
          'invalid-value',
          `the heat map has ${heatMap.cells.length} cells, more than ${CELLS_MAX}`,
          {
            cure: 'Ask for a smaller bbox or a lower resolution.',
          },
        );
      }
      return heatMap;
    },
  });
}

function addSummary(app: App, context: Context): void {
  const { reader } = context;

  app.get('/summary', {
    config: { action: 'figure.read' },
    schema: {
      tags,
      operationId: 'readSummary',
      summary: 'Presence and tracks per kind, in all and over time; of one area or everything',
      querystring: SummaryQuery,
      response: { 200: Summary },
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { area } = request.query;
      if (area !== undefined) {
        if (context.areas.get(area) === undefined) throw new FaultError('not-found', `there is no area "${area}"`);
        authorize(principal, 'figure.read', { area, tree: context.tree() });
      }
      const { scope } = principal.user;
      const question = { ...readPeriod(request.query), area: area ?? null, scope };
      return askFigure({ request, reply, context }, (signal) => readSummary(reader, question, { signal }));
    },
  });
}
