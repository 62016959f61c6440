/** People: who may sign in, with which roles and for which areas. */
import Type from 'typebox';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import { UserEdited, UserInput, UserMade, UserPatch, UserView } from '#models/schema/person-view.ts';
import type { User } from '#models/schema/user.ts';
import { nearest } from '#system/config.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { endSignIns } from '../people/end-sign-ins.ts';
import { isOwner } from '../people/first-start.ts';
import { hashPassword, makePassword } from '../people/password.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['people'];
const Params = Type.Object({ id: Id });
const UserList = Type.Object({ users: Type.Array(UserView) });

export function addUserRoutes(app: App, context: Context): void {
  const { users } = context;
  addChanging(app, context);

  app.get('/users', {
    config: { action: 'user.read' },
    schema: { tags, operationId: 'listUsers', summary: 'Everybody who may sign in', response: { 200: UserList } },
    handler: async () => ({ users: users.list().map(viewUser) }),
  });

  app.post('/users', {
    config: { action: 'user.change' },
    schema: {
      tags,
      operationId: 'addUser',
      summary: 'Add a user; without a password a random one is made and told this once',
      body: UserInput,
      response: { 201: UserMade },
    },
    handler: async (request, reply) => {
      const { id, name = id, roles, scope = [], password } = request.body;
      refuseUnknownAreas(scope, context);
      const made = password === undefined ? makePassword() : undefined;
      const passwordHash = await hashPassword(password ?? made ?? '');
      const user: User = { id, name, roles, scope, passwordHash, isEnabled: true, createdAtMs: Date.now() };
      request.auditNote = { about: id, roles, scope };
      await users.create(id, user);
      return reply.code(201).send({ user: viewUser(user), ...(made === undefined ? {} : { password: made }) });
    },
  });
}

function addChanging(app: App, context: Context): void {
  const { users, sessions } = context;

  app.patch('/users/:id', {
    config: { action: 'user.change' },
    schema: {
      tags,
      operationId: 'editUser',
      summary: 'Change a user; a new password or switching off ends their sessions and tokens',
      params: Params,
      body: UserPatch,
      response: { 200: UserEdited },
    },
    handler: async (request) => {
      const { user, revision } = findUser(request.params.id, context);
      const { password, ...fields } = request.body;
      refuseForeignFields(user, request.body);
      refuseUnknownAreas(fields.scope ?? [], context);
      const edited: User = { ...user, ...fields };
      if (password !== undefined) edited.passwordHash = await hashPassword(password);
      refuseLastOwner(user, edited, context);
      request.auditNote = { about: user.id, ...fields };
      await users.put(user.id, edited, revision);
      if (password === undefined && edited.isEnabled) return viewUser(edited);
      const ended = await endSignIns(user.id, context, principalOf(request).tokenKey);
      return { ...viewUser(edited), ...ended };
    },
  });

  app.delete('/users/:id', {
    config: { action: 'user.change' },
    schema: {
      tags,
      operationId: 'removeUser',
      summary: 'Remove a user and end their sessions and tokens',
      params: Params,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { user } = findUser(request.params.id, context);
      refuseLastOwner(user, undefined, context);
      await users.remove(user.id);
      await sessions.end((token) => token.user === user.id);
      return reply.code(204).send(null);
    },
  });
}

function viewUser({ passwordHash: _hash, ...view }: User): UserView {
  return view;
}

function findUser(id: string, { users }: Context): { user: User; revision: number } {
  const entry = users.entry(id);
  if (entry === undefined) throw new FaultError('not-found', `there is no user "${id}"`, { about: { user: id } });
  return { user: entry.value, revision: entry.revision };
}

/** Whatever the provider says at each sign-in would be undone by it; a password would be a second way in, past it. */
function refuseForeignFields(user: User, { isEnabled: _ours, ...theirs }: UserPatch): void {
  const field = Object.keys(theirs)[0];
  if (user.provider === undefined || field === undefined) return;
  throw new FaultError(
    'forbidden',
    `body.${field}: ${user.id} signs in at ${user.provider.issuer}, which decides that`,
    {
      cure: 'Change it there, or in oidcGroups; here the user can be switched off, or removed.',
    },
  );
}

/** A scope that names no area would silently be nothing. */
function refuseUnknownAreas(scope: readonly string[], { areas }: Context): void {
  const known = areas.list().map(({ id }) => id);
  const unknown = scope.find((area) => !known.includes(area));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  throw new FaultError('invalid-value', `body.scope: there is no area "${unknown}"`, {
    cure: near === undefined ? 'Import the areas first: ./sharp-eyes grid import <file>.' : `Did you mean "${near}"?`,
  });
}

/** Without an administrator of everything nobody could let anybody in. */
function refuseLastOwner(user: User, edited: User | undefined, { users }: Context): void {
  if (!isOwner(user) || isOwner(edited)) return;
  if (users.list().some((other) => other.id !== user.id && isOwner(other))) return;
  throw new FaultError('forbidden', `${user.id} is the last administrator of everything`, {
    cure: 'Make another administrator first.',
  });
}
