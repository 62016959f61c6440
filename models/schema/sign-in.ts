/** The ways in: what the sign-in page offers besides user and password. */
import Type, { type Static } from 'typebox';

export const SignInWays = Type.Object({
  provider: Type.Union([
    Type.Object({
      name: Type.String({ description: 'What its button says' }),
      isReachable: Type.Boolean({ description: 'Whether it answered when it was last asked' }),
    }),
    Type.Null(),
  ]),
});
export type SignInWays = Static<typeof SignInWays>;
