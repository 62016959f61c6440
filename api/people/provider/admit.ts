/** From a person that the provider vouches for to a user of ours: known by issuer and subject, with rights as of now. */
import { createHash } from 'node:crypto';
import { FaultError } from '#models/schema/fault.ts';
import type { User } from '#models/schema/user.ts';
import type { Context } from '../../context.ts';
import { endSignIns } from '../end-sign-ins.ts';
import type { Person } from './provider.ts';
import { groupsOf, type Rights, rightsOf } from './rights.ts';

const GROUPS_TOLD_MAX = 20;

/**
 * Makes the user at their first sign-in and renews name, roles and areas at each. Throws FaultError `oidc-unmapped` (which
 * ends what a known user still had open) and `oidc-switched-off`.
 */
export async function admit(person: Person, context: Context): Promise<User> {
  const { users, areas, config } = context;
  const { issuer, subject, claims } = person;
  const known = users.list().find(({ provider }) => provider?.issuer === issuer && provider.subject === subject);
  if (known?.isEnabled === false) {
    throw new FaultError('oidc-switched-off', `${known.id} is switched off`, { about: { user: known.id } });
  }
  const groups = groupsOf(claims, config.oidcRolesClaim);
  const rights = rightsOf(groups, config, new Set(areas.list().map(({ id }) => id)));
  if (rights === undefined) {
    if (known !== undefined) await endSignIns(known.id, context);
    throw new FaultError('oidc-unmapped', unmapped(groups, config.oidcRolesClaim));
  }
  return known === undefined ? make(person, rights, context) : renew(known, { person, rights }, context);
}

function unmapped(groups: readonly string[], claim: string): string {
  const told = groups.slice(0, GROUPS_TOLD_MAX).join(', ').slice(0, 500);
  const theirs = groups.length === 0 ? `the claim "${claim}" names no group` : `the claim "${claim}" names ${told}`;
  return `${theirs}; oidcGroups has none of them, or its areas do not exist`;
}

async function make(person: Person, rights: Rights, { users }: Context): Promise<User> {
  const { issuer, subject, claims } = person;
  const id = idOf(person);
  const provider = { issuer, subject };
  const user: User = { id, name: nameOf(claims) ?? id, ...rights, provider, isEnabled: true, createdAtMs: Date.now() };
  await users.create(id, user);
  return user;
}

async function renew(
  known: User,
  { person, rights }: { person: Person; rights: Rights },
  { users }: Context,
): Promise<User> {
  const renewed: User = { ...known, name: nameOf(person.claims) ?? known.name, ...rights };
  // A change of a user ends their streams: none where nothing changed.
  if (JSON.stringify(renewed) === JSON.stringify(known)) return known;
  await users.put(known.id, renewed, users.entry(known.id)?.revision);
  return renewed;
}

const textOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);

const nameOf = ({ name, preferred_username }: Record<string, unknown>) =>
  (textOf(name) ?? textOf(preferred_username))?.slice(0, 200);

/** Readable, and never that of somebody else: names at the provider may change hands, subjects do not. */
function idOf({ issuer, subject, claims }: Person): string {
  const hash = createHash('sha256').update(`${issuer}\n${subject}`).digest('hex').slice(0, 12);
  const readable = (textOf(claims.preferred_username) ?? '').split('@')[0]?.toLowerCase() ?? '';
  const slug = readable
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 24);
  return `${slug === '' ? 'user' : slug}-${hash}`;
}
