/** Remembered logins of devices: add, list, change, remove; their passwords come in and never go out. */
import Type from 'typebox';
import { seal } from '#models/registry/seal.ts';
import { type DeviceLogin, DeviceLoginInput, DeviceLoginPatch, DeviceLoginView } from '#models/schema/device-login.ts';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import type { App } from '../app.ts';
import { checkHosts, findLogin, sealOwnerOf } from '../cameras/logins.ts';
import type { Context } from '../context.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['cameras'];
const Params = Type.Object({ id: Id });
const LoginList = Type.Object({ logins: Type.Array(DeviceLoginView) });

export function addDeviceLoginRoutes(app: App, context: Context): void {
  const { logins, sealKey } = context;
  addChanging(app, context);

  app.get('/logins', {
    config: { action: 'login.read' },
    schema: { tags, operationId: 'listLogins', summary: 'Remembered logins of devices', response: { 200: LoginList } },
    handler: async (request) => {
      const { scope } = principalOf(request).user;
      const tree = context.tree();
      const seen = logins.list().filter(({ area = null }) => isInScope(scope, { area, tree }));
      return { logins: seen.map(viewLogin) };
    },
  });

  app.post('/logins', {
    config: { action: 'login.change' },
    schema: {
      tags,
      operationId: 'addLogin',
      summary: 'Remember a login, which probe, add and import then take by its id',
      body: DeviceLoginInput,
      response: { 201: DeviceLoginView },
    },
    handler: async (request, reply) => {
      const { password, ...fields } = request.body;
      checkPlace(fields, principalOf(request), context);
      const nowMs = Date.now();
      const sealedPassword = seal(password, sealKey, sealOwnerOf(fields.id));
      const login: DeviceLogin = { ...fields, sealedPassword, createdAtMs: nowMs, updatedAtMs: nowMs };
      request.auditNote = { login: fields.id };
      await logins.create(fields.id, login);
      return reply.code(201).send(viewLogin(login));
    },
  });
}

function addChanging(app: App, context: Context): void {
  const { logins, sealKey } = context;

  app.patch('/logins/:id', {
    config: { action: 'login.change' },
    schema: {
      tags,
      operationId: 'editLogin',
      summary: 'Change a remembered login; cameras that took it keep what they have',
      params: Params,
      body: DeviceLoginPatch,
      response: { 200: DeviceLoginView },
    },
    handler: async (request) => {
      const principal = principalOf(request);
      const login = findLogin(request.params.id, principal, context);
      const { password, ...fields } = request.body;
      if (fields.hosts !== undefined && password === undefined) {
        // Otherwise whoever may change a login could have its password sent to a host of theirs.
        throw new FaultError(
          'invalid-value',
          'body.hosts changes where the password may go: body.password is expected',
        );
      }
      const sealed = password === undefined ? {} : { sealedPassword: seal(password, sealKey, sealOwnerOf(login.id)) };
      const edited: DeviceLogin = { ...login, ...fields, ...sealed, updatedAtMs: Date.now() };
      checkPlace(edited, principal, context);
      request.auditNote = { login: login.id };
      await logins.put(login.id, edited, logins.entry(login.id)?.revision);
      return viewLogin(edited);
    },
  });

  app.delete('/logins/:id', {
    config: { action: 'login.change' },
    schema: {
      tags,
      operationId: 'removeLogin',
      summary: 'Forget a login; cameras that took it keep what they have',
      params: Params,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { id } = findLogin(request.params.id, principalOf(request), context);
      request.auditNote = { login: id };
      await logins.remove(id);
      return reply.code(204).send(null);
    },
  });
}

function viewLogin({ sealedPassword: _sealed, ...view }: DeviceLogin): DeviceLoginView {
  return view;
}

/** Its area is one that they see: a login that they could not use themselves would be lost to them. */
function checkPlace({ area = null, hosts }: Partial<DeviceLogin>, { user }: Principal, context: Context): void {
  checkHosts(hosts);
  const isKnown = area === null || context.areas.get(area) !== undefined;
  if (isKnown && isInScope(user.scope, { area, tree: context.tree() })) return;
  throw new FaultError(
    'invalid-value',
    area === null ? 'body.area is expected' : `body.area: there is no area "${area}"`,
  );
}
