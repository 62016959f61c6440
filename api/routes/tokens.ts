/** Tokens: secrets for programs, and the sessions of the page; each person's own, an administrator's all. */
import Type from 'typebox';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import { TokenInput, TokenMade } from '#models/schema/person-view.ts';
import { Token } from '#models/schema/user.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { isOwner } from '../people/first-start.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['people'];
const TokenList = Type.Object({ tokens: Type.Array(Token) });
const DAY_MS = 24 * 3600_000;
const DAYS_DEFAULT = 90;
const TOKENS_MAX = 100;

export function addTokenRoutes(app: App, { sessions, users }: Context): void {
  const isVisible = (token: Token, asker: string) => isSeenBy(token, asker, users);

  app.get('/tokens', {
    config: { action: 'self.read' },
    schema: {
      tags,
      operationId: 'listTokens',
      summary: 'Tokens and sessions, without their secrets',
      response: { 200: TokenList },
    },
    handler: async (request) => {
      const { user } = principalOf(request);
      return { tokens: sessions.list().filter((token) => isVisible(token, user.id) && token.expiresAtMs > Date.now()) };
    },
  });

  app.post('/tokens', {
    config: { action: 'self.change' },
    schema: {
      tags,
      operationId: 'addToken',
      summary: 'Make a token with my own rights; its secret is told this once',
      body: TokenInput,
      response: { 201: TokenMade },
    },
    handler: async (request, reply) => {
      const { user } = principalOf(request);
      if (sessions.list().filter((token) => token.user === user.id && token.purpose === 'api').length >= TOKENS_MAX) {
        throw new FaultError('invalid-value', `${user.id} has ${TOKENS_MAX} tokens, which is the most`, {
          cure: 'Remove one that is no longer needed.',
        });
      }
      const { name, days = DAYS_DEFAULT } = request.body;
      const { secret, token } = await sessions.issue(user.id, { purpose: 'api', name, lifeMs: days * DAY_MS });
      request.auditNote = { about: token.id, name, days };
      return reply.code(201).send({ token: secret, details: token });
    },
  });

  app.delete('/tokens/:id', {
    config: { action: 'self.change' },
    schema: {
      tags,
      operationId: 'removeToken',
      summary: 'End a token or a session',
      params: Type.Object({ id: Id }),
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { user } = principalOf(request);
      const { id } = request.params;
      const ended = await sessions.end((token) => token.id === id && isVisible(token, user.id));
      if (ended === 0) throw new FaultError('not-found', `there is no token "${id}"`, { about: { token: id } });
      return reply.code(204).send(null);
    },
  });
}

/** Whose token it may be: one's own, and everybody's for an administrator of everything. */
function isSeenBy(token: Token, asker: string, users: Context['users']): boolean {
  return token.purpose !== 'sign-in-link' && (token.user === asker || isOwner(users.get(asker)));
}
