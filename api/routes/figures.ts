/** How much there was in all, and over time. */
import Type from 'typebox';
import { readSummary } from '#analytics/store/queries.ts';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import { Summary } from '#models/schema/summary.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { askFigure } from '../figures/ask.ts';
import { readPeriod } from '../figures/period.ts';
import { authorize } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['figures'];

const Time = Type.String({ maxLength: 40, description: 'ISO 8601, or UTC milliseconds' });
const period = { from: Type.Optional(Time), to: Type.Optional(Time) };

const SummaryQuery = Type.Object({ ...period, area: Type.Optional(Id) }, { additionalProperties: false });

export function addFigureRoutes(app: App, context: Context): void {
  const { reader, closedDays } = context;

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
      return askFigure({ request, reply, context }, (signal) => readSummary(reader, question, { signal, closedDays }));
    },
  });
}
