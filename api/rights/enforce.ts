/** Makes rights structural: a route without a declared action cannot be registered, and none runs before its check. */
import cookie from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import type { Sessions } from '../people/sessions.ts';
import { type Action, isAction } from './actions.ts';
import { authorize, type Principal } from './authorize.ts';
import { refuseForeignOrigin } from './same-origin.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a request to this route does; checked by authorize() before anything else. */
    action?: Action;
  }
  interface FastifyRequest {
    principal: Principal | null;
  }
  interface FastifyInstance {
    /** Every route there is, for the test that walks them. */
    declaredRoutes: readonly DeclaredRoute[];
  }
}

export type DeclaredRoute = { method: string; url: string; action: Action };

export const SESSION_COOKIE = 'sharp_eyes_session';

export async function enforceRights(app: App, options: { sessions: Sessions; publicUrl: string }): Promise<void> {
  await app.register(cookie);
  const declared: DeclaredRoute[] = [];
  app.decorate('declaredRoutes', declared);
  app.decorateRequest('principal', null);
  app.addHook('onRoute', (route) => {
    const action = route.config?.action;
    if (!isAction(action)) throw new Error(`${route.method} ${route.url} declares no action: set config.action`);
    for (const method of [route.method].flat()) declared.push({ method, url: route.url, action });
  });
  app.addHook('onRequest', async (request) => {
    // A path that no route has answers 404 to everybody: there is nothing to protect.
    const action = request.routeOptions.config.action;
    if (action === undefined) return;
    request.principal = findPrincipal(request, options.sessions);
    authorize(request.principal, action);
    refuseForeignOrigin(request, options.publicUrl);
  });
}

/** A bearer token wins over a cookie, which a browser sends without being asked. */
function findPrincipal(request: FastifyRequest, sessions: Sessions): Principal | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return sessions.find(bearer, 'api');
  const cookie = request.cookies[SESSION_COOKIE];
  return cookie === undefined ? null : sessions.find(cookie, 'session');
}

/** Who asks, in a route whose action is not open: the hook has seen to it that there is somebody. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new Error(`${request.url} runs without anybody signed in`);
  return request.principal;
}

export function setSessionCookie(reply: FastifyReply, secret: string, options: { maxAgeS: number; publicUrl: string }) {
  reply.setCookie(SESSION_COOKIE, secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: options.publicUrl.startsWith('https:'),
    maxAge: options.maxAgeS,
  });
}
