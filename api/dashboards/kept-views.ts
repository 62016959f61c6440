/** Which kept views somebody finds: their own, and shared ones whose address names nothing outside their scope. */
import { randomBytes } from 'node:crypto';
import type { KeptView } from '#models/schema/dashboard.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Context } from '../context.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';
import { isRuleSeen } from '../rules/scope.ts';

type Places = Pick<Context, 'areas' | 'cameras' | 'alerting' | 'tree' | 'keptViews'>;
type Draft = Pick<KeptView, 'name' | 'isShared' | 'address'>;

const VIEWS_MAX_PER_USER = 200;

export function findKeptViews(principal: Principal, places: Places): KeptView[] {
  return places.keptViews
    .list()
    .filter(
      (view) => view.owner === principal.user.id || (view.isShared && isAddressSeen(view.address, principal, places)),
    )
    .sort((a, b) => a.name.localeCompare(b.name, 'zh') || (a.id < b.id ? -1 : 1));
}

/** Throws FaultError `invalid-value` when the list is full. */
export async function keepView(draft: Draft, principal: Principal, { keptViews }: Places): Promise<KeptView> {
  const owner = principal.user.id;
  const own = keptViews.list().filter((view) => view.owner === owner);
  if (own.length >= VIEWS_MAX_PER_USER) {
    throw new FaultError('invalid-value', `${owner} keeps ${own.length} views, which is the most`, {
      cure: 'Remove some that are no longer needed.',
    });
  }
  const view: KeptView = { ...draft, id: randomBytes(8).toString('hex'), owner, createdAtMs: Date.now() };
  await keptViews.create(view.id, view);
  return view;
}

/** Only by its owner, or by an administrator of everywhere where it is shared. Throws FaultError `not-found`. */
export async function forgetView(id: string, { user }: Principal, { keptViews }: Places): Promise<void> {
  const view = keptViews.get(id);
  const mayAll = user.roles.includes('administrator') && user.scope.length === 0;
  if (view === undefined || (view.owner !== user.id && !(view.isShared && mayAll))) {
    throw new FaultError('not-found', `there is no kept view "${id}" of yours`);
  }
  await keptViews.remove(id);
}

/** Every id in it that names an area, a camera or a rule is one that they may see. */
export function isAddressSeen(address: string, principal: Principal, places: Places): boolean {
  const { scope } = principal.user;
  if (scope.length === 0) return true;
  const tree = places.tree();
  return wordsOf(address).every((word) => {
    if (places.areas.get(word) !== undefined) return isInScope(scope, { area: word, tree });
    const camera = places.cameras.get(word);
    if (camera !== undefined) return isInScope(scope, { area: camera.area, tree });
    const rule = places.alerting.rules.get(word);
    return rule === undefined || isRuleSeen(rule, principal, places);
  });
}

/** Parts of an address between its separators, as they are and as they are meant. */
function wordsOf(address: string): string[] {
  let meant = address;
  try {
    meant = decodeURIComponent(address);
  } catch {
    // A stray % stands for itself.
  }
  return [address, meant].flatMap((text) => text.split(/[/?&=#,+;: ]+/));
}
