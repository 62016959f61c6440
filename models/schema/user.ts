/** Who may do what, and where: users, roles, an area scope, and tokens. */
import Type, { type Static } from 'typebox';
import { Id, TimeMs } from './id.ts';

export const ROLES = ['administrator', 'operator', 'engineer', 'analyst', 'officer'] as const;

export const Role = Type.Enum(ROLES, {
  description:
    'administrator: everything; operator: health and metrics; engineer: cameras and calibrations; ' +
    'analyst: figures and SQL; officer: live view and alerts',
});
export type Role = Static<typeof Role>;

export const User = Type.Object(
  {
    id: Id,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    roles: Type.Array(Role, { minItems: 1 }),
    scope: Type.Array(Id, { description: 'Areas, each with all below it; empty means everywhere' }),
    passwordHash: Type.Optional(
      Type.String({ description: 'argon2id (or scrypt, of former days), self-describing; absent: a provider’s user' }),
    ),
    provider: Type.Optional(
      Type.Object(
        { issuer: Type.String(), subject: Type.String() },
        { description: 'Signs in there, by OpenID Connect, instead of with a password; roles and scope come from it' },
      ),
    ),
    isEnabled: Type.Boolean(),
    createdAtMs: TimeMs,
  },
  { additionalProperties: false },
);
export type User = Static<typeof User>;

/** Kept under the SHA-256 of the secret, which itself is never stored. */
export const Token = Type.Object({
  id: Id,
  user: Id,
  purpose: Type.Enum(['session', 'api', 'sign-in-link']),
  name: Type.String(),
  createdAtMs: TimeMs,
  expiresAtMs: TimeMs,
});
export type Token = Static<typeof Token>;
