/** A new session for a user, in place of the one that the browser may have had: how every way of signing in ends. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Me } from '#models/schema/person-view.ts';
import type { User } from '#models/schema/user.ts';
import type { Context } from '../context.ts';
import { setSessionCookie } from '../rights/enforce.ts';

export type Exchange = { request: FastifyRequest; reply: FastifyReply };

export async function letIn(user: User, exchange: Exchange, { sessions, config }: Context): Promise<Me> {
  const { request, reply } = exchange;
  const former = request.principal?.via === 'session' ? request.principal.tokenKey : undefined;
  if (former !== undefined) await sessions.end((_token, key) => key === former);
  const lifeMs = config.sessionHours * 3600_000;
  const { secret } = await sessions.issue(user.id, { purpose: 'session', name: 'page', lifeMs });
  setSessionCookie(reply, secret, { maxAgeS: lifeMs / 1000, publicUrl: config.publicUrl });
  request.auditNote.user = user.id;
  return {
    user: { id: user.id, name: user.name, roles: user.roles, scope: user.scope },
    figureTimeoutS: config.figureTimeoutS,
  };
}
