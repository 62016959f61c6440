/** Published, stored and rolled up, compared: zero lost and zero doubled is shown, not promised. */
import Type from 'typebox';
import { floorTo, HOUR_MS, MINUTE_MS } from '#analytics/store/time-ranges.ts';
import { Reconciliation } from '#models/schema/reconciliation.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { askFigure } from '../figures/ask.ts';
import { readPeriod } from '../figures/period.ts';
import { reconcileTime, SETTLED_MS } from '../site/reconcile.ts';

const Time = Type.String({ maxLength: 40, description: 'ISO 8601, or UTC milliseconds' });
const Query = Type.Object({ from: Type.Optional(Time), to: Type.Optional(Time) }, { additionalProperties: false });

export function addReconciliationRoute(app: App, context: Context): void {
  app.get('/reconciliation', {
    config: { action: 'health.read' },
    schema: {
      tags: ['health'],
      operationId: 'reconcile',
      summary: 'What was published, stored and rolled up, compared; the last hour unless said otherwise',
      description:
        'Reads every row of the time: ask for hours, not for months. What came in the last two minutes is left out.',
      querystring: Query,
      response: { 200: Reconciliation },
    },
    handler: async (request, reply) => {
      const asked = readPeriod(request.query);
      const toMs = floorTo(Math.min(asked.toMs, Date.now() - SETTLED_MS), MINUTE_MS);
      const fromMs = Math.min(floorTo(asked.fromMs, HOUR_MS), toMs);
      return askFigure({ request, reply, context }, (signal) => reconcileTime(context, { fromMs, toMs, signal }));
    },
  });
}
