/** How many requests, how they ended, and how long they took; per route, never per address or person. */
import type { Metrics } from '#system/metrics.ts';
import type { App } from '../app.ts';

const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function measureRequests(app: App, metrics: Metrics): void {
  const seconds = metrics.histogram(
    'sharp_eyes_http_request_seconds',
    'Time from a request to the end of its answer; a stream counts until it ends',
    BUCKETS_S,
    ['method', 'route', 'status'],
  );
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    seconds.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  });
}
