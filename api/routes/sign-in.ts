/** Signing in by password or one-time link, out, who I am, and a new password of one's own. */
import Type from 'typebox';
import { FaultError } from '#models/schema/fault.ts';
import { isId } from '#models/schema/id.ts';
import { Me, PasswordChange, SignInsEnded } from '#models/schema/person-view.ts';
import type { User } from '#models/schema/user.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { endSignIns } from '../people/end-sign-ins.ts';
import { letIn } from '../people/let-in.ts';
import { hashPassword, isOutdated, isPassword } from '../people/password.ts';
import { principalOf, SESSION_COOKIE } from '../rights/enforce.ts';

const SignIn = Type.Object(
  { user: Type.String({ minLength: 1, maxLength: 200 }), password: Type.String({ minLength: 1, maxLength: 500 }) },
  { additionalProperties: false },
);
const SignInLink = Type.Object(
  { code: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
);

const tags = ['people'];

export function addSignInRoutes(app: App, context: Context): void {
  addSigningIn(app, context);
  addSelf(app, context);
  addPasswordChange(app, context);
}

/** What was hashed at the cost of former days is hashed anew while the password is at hand; whoever is faster wins. */
async function renewHash(user: User, password: string, { users, logger }: Context): Promise<void> {
  const entry = users.entry(user.id);
  if (entry?.value.passwordHash === undefined || !isOutdated(entry.value.passwordHash)) return;
  const renewed = { ...entry.value, passwordHash: await hashPassword(password) };
  await users.put(user.id, renewed, entry.revision).catch((error: Error) => {
    logger.warn({ user: user.id, error: error.message }, 'hash of a password not renewed');
  });
}

function addSigningIn(app: App, context: Context): void {
  const { sessions, attempts, users } = context;

  app.post('/sign-in', {
    config: { action: 'sign-in' },
    schema: {
      tags,
      operationId: 'signIn',
      summary: 'Sign in with user and password',
      body: SignIn,
      response: { 200: Me },
    },
    handler: async (request, reply) => {
      const { user: id, password } = request.body;
      // Some type their password into the field of the user: only what can be an id is noted.
      request.auditNote.triedUser = isId(id) ? id : '(no id)';
      const succeed = await attempts.begin(id, request.ip);
      const user = users.get(id);
      const isRight = await isPassword(password, user?.passwordHash);
      if (!isRight || user?.isEnabled !== true) {
        throw new FaultError('unauthenticated', 'the user or the password is wrong', {
          cure: 'Type both again; an administrator can set a new password.',
        });
      }
      succeed();
      await renewHash(user, password, context);
      return letIn(user, { request, reply }, context);
    },
  });

  app.post('/sign-in/link', {
    config: { action: 'sign-in' },
    schema: {
      tags,
      operationId: 'signInByLink',
      summary: 'Sign in with the one-time code that a start prints',
      body: SignInLink,
      response: { 200: Me },
    },
    handler: async (request, reply) => {
      // Per address only: nobody guesses 256 bits, and one stranger shall not use up everybody's attempts.
      const succeed = await attempts.begin(`(link) ${request.ip}`, request.ip);
      const user = await sessions.redeem(request.body.code);
      succeed();
      return letIn(user, { request, reply }, context);
    },
  });
}

function addSelf(app: App, { sessions, config }: Context): void {
  app.post('/sign-out', {
    config: { action: 'self.change' },
    schema: { tags, operationId: 'signOut', summary: 'End this session', response: { 204: Type.Null() } },
    handler: async (request, reply) => {
      const { tokenKey } = principalOf(request);
      await sessions.end((_token, key) => key === tokenKey);
      return reply.clearCookie(SESSION_COOKIE, { path: '/' }).code(204).send(null);
    },
  });

  app.get('/me', {
    config: { action: 'self.read' },
    schema: { tags, operationId: 'readMe', summary: 'Who I am and what I may', response: { 200: Me } },
    handler: async (request) => ({ user: principalOf(request).user, figureTimeoutS: config.figureTimeoutS }),
  });
}

function addPasswordChange(app: App, context: Context): void {
  const { users, attempts } = context;
  app.put('/me/password', {
    config: { action: 'self.change' },
    schema: {
      tags,
      operationId: 'changeMyPassword',
      summary: 'Change my password; my other sessions and all my tokens end',
      body: PasswordChange,
      response: { 200: SignInsEnded },
    },
    handler: async (request) => {
      const { user, tokenKey } = principalOf(request);
      const entry = users.entry(user.id);
      if (entry?.value.provider !== undefined) {
        throw new FaultError('forbidden', `you sign in at ${entry.value.provider.issuer}: there is no password here`, {
          cure: 'Change your password there.',
        });
      }
      const succeed = await attempts.begin(user.id, request.ip);
      if (entry === undefined || !(await isPassword(request.body.oldPassword, entry.value.passwordHash))) {
        throw new FaultError('forbidden', 'body.oldPassword is not your password', { cure: 'Type it again.' });
      }
      succeed();
      const passwordHash = await hashPassword(request.body.newPassword);
      await users.put(user.id, { ...entry.value, passwordHash }, entry.revision);
      return endSignIns(user.id, context, tokenKey);
    },
  });
}
