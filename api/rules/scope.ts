/** Which rules somebody sees: those whose every camera, or whose area, stands in their scope. */
import { FaultError } from '#models/schema/fault.ts';
import type { Rule, RuleDraft } from '#models/schema/rule.ts';
import type { Context } from '../context.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';

type Places = Pick<Context, 'alerting' | 'cameras' | 'tree'>;

/** Cameras that are gone count for nothing, unless all are: then it is a rule of nowhere, seen from everywhere only. */
export function isRuleSeen(
  { where }: Pick<RuleDraft, 'where'>,
  { user: { scope } }: Principal,
  places: Places,
): boolean {
  if (scope.length === 0) return true;
  const tree = places.tree();
  if ('area' in where) return isInScope(scope, { area: where.area, tree });
  const cameras = where.cameras.flatMap((id) => places.cameras.get(id) ?? []);
  return cameras.length > 0 && cameras.every(({ area }) => isInScope(scope, { area, tree }));
}

/** Throws FaultError `not-found`, also for one that stands outside the asker's scope. */
export function findRule(id: string, principal: Principal, places: Places): Rule {
  const rule = places.alerting.rules.get(id);
  if (rule === undefined || !isRuleSeen(rule, principal, places)) {
    throw new FaultError('not-found', `there is no rule "${id}" in the areas that you see`, { about: { rule: id } });
  }
  return rule;
}
