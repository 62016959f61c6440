/** The pipeline as it runs now, for the operator's page. */
import { Operations } from '#models/schema/operations.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { openOperations } from '../operations/operations.ts';
import type { RecentCounts } from '../site/recent-counts.ts';

export function addOperationsRoute(app: App, context: Context, counts: RecentCounts): void {
  const operations = openOperations(context, counts);
  app.get('/operations', {
    config: { action: 'health.read' },
    schema: {
      tags: ['health'],
      operationId: 'readOperations',
      summary:
        'Each stage of the pipeline: rate, lag, backlog, losses, errors with cures; reconciliation, disks, versions',
      description: 'Rates are of the last minute that somebody looked at; who asks again within seconds gets the same.',
      response: { 200: Operations },
    },
    handler: () => operations.read(),
  });
}
