/** The one place that decides who may do what, and where; every route, stream and command passes it. */
import type { AreaTree } from '#models/registry/area-tree.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Role, User } from '#models/schema/user.ts';
import { type Action, factsOf, OPEN_ACTIONS } from './actions.ts';

/** Who asks: a user by a session of the page or by a token of a program. */
export type Principal = {
  user: Pick<User, 'id' | 'name' | 'roles' | 'scope'>;
  via: 'session' | 'api';
  /** SHA-256 of the secret: the key of its token. */
  tokenKey: string;
  expiresAtMs: number;
};

/** Where: an area (null for a thing that stands in none), in the tree that scopes are checked against. */
export type Place = { area: string | null; tree: AreaTree };

/**
 * Throws FaultError `unauthenticated` where nobody signed in, `forbidden` where no role of theirs has the action or it
 * is site-wide and their scope is not, and `not-found` for a place outside their scope: who may not see a thing is not
 * told that it exists.
 */
export function authorize(principal: Principal | null, action: Action, place?: Place): void {
  if (OPEN_ACTIONS.includes(action)) return;
  if (principal === null) throw new FaultError('unauthenticated', 'this needs a sign-in or a token');
  const { user } = principal;
  const { roles, isSiteWide, why } = factsOf(action);
  if (!user.roles.some((role: Role) => roles.includes(role))) {
    throw new FaultError(
      'forbidden',
      `"${action}" needs the role ${roles.join(' or ')}; ${user.id} has ${user.roles.join(', ')}`,
      { about: { user: user.id, action } },
    );
  }
  if (isSiteWide === true && user.scope.length > 0) {
    throw new FaultError('forbidden', `${user.id} is limited to ${user.scope.join(', ')}, but ${why}`, {
      about: { user: user.id, action },
    });
  }
  if (place !== undefined && !isInScope(user.scope, place)) {
    throw new FaultError('not-found', 'there is no such thing in the areas that you see', {
      about: { user: user.id, action },
    });
  }
}

/** An empty scope is everywhere; a thing in no area is seen only from everywhere. */
export function isInScope(scope: readonly string[], { area, tree }: Place): boolean {
  return scope.length === 0 || scope.some((ancestor) => tree.isWithin(area, ancestor));
}
