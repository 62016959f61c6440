/** Where somebody may put cameras: an area outside their scope is unknown to them. */
import { FaultError } from '#models/schema/fault.ts';
import type { Context } from '../context.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';
import type { EditPlaces } from './edit.ts';

/** What an edit may refer to. */
export function placesOf(principal: Principal, context: Context): EditPlaces {
  const tree = context.tree();
  const areas = context.areas.list().filter(({ id }) => isInScope(principal.user.scope, { area: id, tree }));
  return { config: context.config, sealKey: context.sealKey, areas };
}

/** Somebody with a scope cannot put a camera where they would not see it themselves. */
export function refuseNowhere(area: string | null, principal: Principal): void {
  if (area !== null || principal.user.scope.length === 0) return;
  throw new FaultError('invalid-value', `body.area is expected: one of ${principal.user.scope.join(', ')} or below`);
}
