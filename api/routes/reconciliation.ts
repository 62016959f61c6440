/** Published, stored and rolled up, compared: zero lost and zero doubled is shown, not promised. */
import Type from 'typebox';
import { reconcileStore } from '#analytics/store/reconcile.ts';
import { floorTo, HOUR_MS, MINUTE_MS } from '#analytics/store/time-ranges.ts';
import { Reconciliation } from '#models/schema/reconciliation.ts';
import { ANALYTICS_CONSUMER, DETECTIONS_STREAM } from '#models/wire/streams.ts';
import type { Broker } from '#system/broker.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { askFigure } from '../figures/ask.ts';
import { readPeriod } from '../figures/period.ts';

/** What is younger may still be on its way from a worker. */
const SETTLED_MS = 2 * MINUTE_MS;

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
      const broker = await countPublished(context.broker);
      const store = await askFigure({ request, reply, context }, (signal) =>
        reconcileStore(context.reader, { fromMs, toMs }, { signal }),
      );
      const isWhole = store.discrepancies.length === 0 && broker.dropped === 0;
      return { fromMs, toMs, isWhole, broker, ...store };
    },
  });
}

/** What went before the consumer's floor was stored, or dropped by the stream's limits before it was consumed. */
async function countPublished({ manager }: Broker): Promise<Reconciliation['broker']> {
  const [{ state }, consumer] = await Promise.all([
    manager.streams.info(DETECTIONS_STREAM.name),
    manager.consumers.info(DETECTIONS_STREAM.name, ANALYTICS_CONSUMER),
  ]);
  const published = state.last_seq;
  const waiting = consumer.num_pending + consumer.num_ack_pending;
  const dropped = Math.max(0, state.first_seq - 1 - consumer.delivered.stream_seq);
  return { published, waiting, dropped, acknowledged: Math.max(0, published - waiting - dropped) };
}
