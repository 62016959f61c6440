/** Prometheus reads the whole site here, with a token of an operator. */
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { collectMetrics } from '../site/metrics-text.ts';

export function addMetricsRoute(app: App, context: Context): void {
  app.get('/metrics', {
    config: { action: 'metrics.read' },
    schema: {
      tags: ['health'],
      operationId: 'readMetrics',
      summary: 'Metrics of every process, Prometheus text',
      produces: ['text/plain'],
    },
    handler: async (_request, reply) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(await collectMetrics(context)),
  });
}
