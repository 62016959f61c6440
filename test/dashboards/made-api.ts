/** A server of the built page and of made-up answers, where only the page is looked at: no store, no broker, no sign-in. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, resolve } from 'node:path';
import type { Dashboard } from '#models/schema/dashboard.ts';
import { ROOT_DIR } from '#system/config.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export type MadeApi = { server: Server; base: string };

export async function serveMade(dashboard: Dashboard): Promise<MadeApi> {
  const api: Record<string, unknown> = {
    me: { user: { id: 'u', name: 'bench', roles: ['administrator'], scope: [] } },
    site: { version: 'bench', hasModel: true, modelName: 'bench', cameras: 1, timeZone: dashboard.zone, sentences: [] },
    cameras: { cameras: [] },
    areas: { type: 'FeatureCollection', features: [] },
    rules: { rules: [] },
    'kept-views': { keptViews: [] },
    [`dashboards/${dashboard.subject.type}/${dashboard.subject.id}`]: dashboard,
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://bench').pathname;
    const answer = api[path.replace('/api/v1/', '')];
    if (answer !== undefined) return response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    const file = resolve(ROOT_DIR, 'dashboards/dist', path === '/' ? 'index.html' : `.${path}`);
    if (!existsSync(file)) return response.writeHead(404).end();
    return response.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain').end(readFileSync(file));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  return { server, base: `http://127.0.0.1:${port}` };
}
