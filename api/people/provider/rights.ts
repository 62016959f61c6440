/** From what the provider says of a person to what they may here. */
import type { User } from '#models/schema/user.ts';
import type { Config } from '#system/config.ts';

export type Rights = Pick<User, 'roles' | 'scope'>;

/** Groups in a claim: a list or one name; `realm_access.roles` is a claim of that name, or one within another. */
export function groupsOf(claims: Record<string, unknown>, claim: string): string[] {
  const inward = claim.split('.').reduce<unknown>((at, name) => memberOf(at, name), claims);
  const found = claims[claim] ?? inward;
  return [found].flat().filter((group) => typeof group === 'string');
}

const memberOf = (value: unknown, name: string) =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

/**
 * The first group of `oidcGroups` that fits decides the areas; further ones add their roles where their areas are the same
 * set: an officer of one district who may read figures everywhere must not become an officer everywhere. An area that
 * does not exist is left out; where none is left the group is none, since an empty scope would be everywhere.
 */
export function rightsOf(
  groups: readonly string[],
  { oidcGroups }: Pick<Config, 'oidcGroups'>,
  areas: ReadonlySet<string>,
): Rights | undefined {
  const fitting = Object.entries(oidcGroups).flatMap(([group, { roles, scope = [] }]) => {
    if (!groups.includes(group)) return [];
    const known = scope.filter((area) => areas.has(area));
    return scope.length > 0 && known.length === 0 ? [] : [{ roles, scope: [...new Set(known)].sort() }];
  });
  const first = fitting[0];
  if (first === undefined) return undefined;
  const alike = fitting.filter(({ scope }) => scope.join() === first.scope.join());
  return { roles: [...new Set(alike.flatMap(({ roles }) => roles))], scope: first.scope };
}
