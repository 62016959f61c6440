/** An answer that lasts: its place among the open ones, and the end of it when the client, the sign-in or we go. */
import type { FastifyReply } from 'fastify';
import type { Context } from '../context.ts';
import type { Principal } from '../rights/authorize.ts';
import { ClientWentError } from './client-went.ts';
import type { StreamKind } from './stream-limits.ts';

/** Throws FaultError `too-many-streams` or `too-many-queries`. The signal's reason says in words why the stream ended. */
export function openStream(
  kind: StreamKind,
  reply: FastifyReply,
  from: { principal: Principal; context: Context },
): AbortSignal {
  const { principal, context } = from;
  const place = context.streams.take(kind, principal.user.id);
  const life = context.sessions.lifeOf(principal);
  const client = new AbortController();
  reply.raw.once('close', () => {
    place[Symbol.dispose]();
    life[Symbol.dispose]();
    client.abort(new ClientWentError());
  });
  return AbortSignal.any([context.signal, life, client.signal]);
}
