/** A login that is remembered, so that the devices of a site are registered without typing it again; told to nobody. */
import Type, { type Static } from 'typebox';
import { Id, TimeMs } from './id.ts';

/** `host`, `10.0.0.0/22` or `*.cameras.example`. */
const HostPattern = Type.String({ minLength: 1, maxLength: 253, pattern: '^[^\\s@]+$' });

const fields = {
  site: Type.Optional(Id),
  area: Type.Optional(Type.Union([Id, Type.Null()], { description: 'Who sees all of this area may use it' })),
  hosts: Type.Optional(
    Type.Array(HostPattern, {
      minItems: 1,
      maxItems: 100,
      description: 'Where the password may go: hosts, networks (10.0.0.0/22), *.domain; absent means anywhere',
    }),
  ),
};
const user = Type.String({ minLength: 1, maxLength: 200 });
const password = Type.String({ minLength: 1, maxLength: 500, description: 'Sealed at once; no answer ever holds it' });

export const DeviceLogin = Type.Object(
  {
    id: Id,
    ...fields,
    user,
    sealedPassword: Type.String({ description: 'AES-256-GCM, base64url; never leaves API answers' }),
    createdAtMs: TimeMs,
    updatedAtMs: TimeMs,
  },
  { additionalProperties: false },
);
export type DeviceLogin = Static<typeof DeviceLogin>;

export const DeviceLoginView = Type.Omit(DeviceLogin, ['sealedPassword']);
export type DeviceLoginView = Static<typeof DeviceLoginView>;

export const DeviceLoginInput = Type.Object({ id: Id, ...fields, user, password }, { additionalProperties: false });
export type DeviceLoginInput = Static<typeof DeviceLoginInput>;

export const DeviceLoginPatch = Type.Object(
  { ...fields, user: Type.Optional(user), password: Type.Optional(password) },
  { additionalProperties: false, minProperties: 1 },
);
export type DeviceLoginPatch = Static<typeof DeviceLoginPatch>;
