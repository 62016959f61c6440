/** People and tokens as the API shows and takes them: no hash goes out, a secret once. */
import Type, { type Static } from 'typebox';
import { Id } from './id.ts';
import { Role, Token, User } from './user.ts';

export const PASSWORD_LENGTH_MIN = 10;

const Password = Type.String({ minLength: PASSWORD_LENGTH_MIN, maxLength: 500 });

export const Me = Type.Object({
  user: Type.Object({
    id: Id,
    name: Type.String(),
    roles: Type.Array(Role),
    scope: Type.Array(Id, { description: 'Areas, each with all below it; empty means everywhere' }),
  }),
  figureTimeoutS: Type.Integer({
    description: 'After so many seconds the API gives a figure up: wait a little longer',
  }),
});
export type Me = Static<typeof Me>;

export const UserView = Type.Omit(User, ['passwordHash']);
export type UserView = Static<typeof UserView>;

export const UserInput = Type.Object(
  {
    id: Id,
    name: Type.Optional(User.properties.name),
    roles: User.properties.roles,
    scope: Type.Optional(User.properties.scope),
    password: Type.Optional(Password),
  },
  { additionalProperties: false },
);
export type UserInput = Static<typeof UserInput>;

export const UserPatch = Type.Object(
  {
    name: Type.Optional(User.properties.name),
    roles: Type.Optional(User.properties.roles),
    scope: Type.Optional(User.properties.scope),
    isEnabled: Type.Optional(Type.Boolean()),
    password: Type.Optional(Password),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type UserPatch = Static<typeof UserPatch>;

/** `password` is there once, where the API made it. */
export const UserMade = Type.Object({ user: UserView, password: Type.Optional(Type.String()) });
export type UserMade = Static<typeof UserMade>;

export const PasswordChange = Type.Object(
  { oldPassword: Type.String({ maxLength: 500 }), newPassword: Password },
  { additionalProperties: false },
);
export type PasswordChange = Static<typeof PasswordChange>;

/** What ended with the old password. */
export const SignInsEnded = Type.Object({
  sessionsEnded: Type.Integer({ minimum: 0, description: 'Sessions of the page, without the one that asked' }),
  tokensEnded: Type.Integer({ minimum: 0, description: 'Tokens of programs: make new ones for those that you need' }),
});
export type SignInsEnded = Static<typeof SignInsEnded>;

/** With what ended, where the password was changed or the user switched off. */
export const UserEdited = Type.Object({
  ...UserView.properties,
  ...Type.Partial(SignInsEnded).properties,
});
export type UserEdited = Static<typeof UserEdited>;

export const TokenInput = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200, description: 'What it is for' }),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650, default: 90 })),
  },
  { additionalProperties: false },
);
export type TokenInput = Static<typeof TokenInput>;

/** `token` is the secret; it is shown this once and not stored. */
export const TokenMade = Type.Object({ token: Type.String(), details: Token });
export type TokenMade = Static<typeof TokenMade>;
