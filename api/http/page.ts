/** Serves the built page; every path that is no file is the page itself, which reads the rest of the address. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import { FaultError } from '#models/schema/fault.ts';
import { ROOT_DIR } from '#system/config.ts';
import type { App } from '../app.ts';

const NOT_BUILT =
  'The page is not built yet. Build it with: npm run build:page (or start with ./sharp-eyes up, which does it). ' +
  'The API itself works; it is described at /api/openapi.json.\n';

export async function servePage(app: App, folder = resolve(ROOT_DIR, 'dashboards', 'dist')): Promise<void> {
  await app.register(fastifyStatic, { root: folder, serve: false, suppressWarning: true });
  app.get('/*', { config: { action: 'public' }, schema: { hide: true } }, (request, reply) => {
    const path = decodeURIComponent(request.url.split('?')[0] ?? '/');
    if (path.startsWith('/api/') || path === '/metrics') {
      throw new FaultError('not-found', `there is nothing at ${path}`, {
        cure: 'See /api/openapi.json for what there is.',
      });
    }
    if (!existsSync(resolve(folder, 'index.html'))) return reply.type('text/plain; charset=utf-8').send(NOT_BUILT);
    // Vite puts a hash into the names below assets/, so those may be kept for good; the page itself may not.
    if (/^\/assets\/[\w.-]+$/.test(path)) {
      if (!existsSync(resolve(folder, `.${path}`))) throw new FaultError('not-found', `there is no file ${path}`);
      return reply.sendFile(path.slice(1), { immutable: true, maxAge: '365d' });
    }
    const isFile = /^\/[\w-]+\.[\w.]+$/.test(path) && existsSync(resolve(folder, `.${path}`));
    return reply
      .header('cache-control', 'no-cache')
      .sendFile(isFile ? path.slice(1) : 'index.html', { cacheControl: false });
  });
}
