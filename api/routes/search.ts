/** Search by a few letters, for the page's search by a key. */
import { SearchAnswer, SearchQuery } from '#models/schema/search.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { askFigure } from '../figures/ask.ts';
import { principalOf } from '../rights/enforce.ts';
import { search } from '../search/find.ts';

export function addSearchRoute(app: App, context: Context): void {
  app.get('/search', {
    config: { action: 'search.read' },
    schema: {
      tags: ['figures'],
      operationId: 'search',
      summary: 'Cameras, areas, rules and recent incidents by letters of a name or an id, best first',
      querystring: SearchQuery,
      response: { 200: SearchAnswer },
    },
    handler: (request, reply) =>
      askFigure({ request, reply, context }, (signal) =>
        search(request.query.q, principalOf(request), { context, signal }),
      ),
  });
}
