/** Writes a rule as its next version; what changes nothing writes nothing. */
import { isDeepStrictEqual } from 'node:util';
import { FaultError } from '#models/schema/fault.ts';
import type { Rule, RuleDraft } from '#models/schema/rule.ts';
import type { RuleView } from '#models/schema/rule-view.ts';
import type { Context } from '../context.ts';
import type { Principal } from '../rights/authorize.ts';

type Places = Pick<Context, 'alerting'>;

export function viewRule(rule: Rule, { alerting }: Places): RuleView {
  const revision = alerting.rules.entry(rule.id)?.revision ?? 0;
  return { ...rule, revision, state: alerting.ruleStates.get(rule.id) ?? null };
}

/** A version is never given twice, also where a rule was removed and is added again: alerts are told apart by it. */
export async function addRule(draft: RuleDraft, who: Principal, { alerting }: Places): Promise<Rule> {
  const [newest] = await alerting.rules.versions(draft.id);
  const rule = versioned(draft, (newest?.version ?? 0) + 1, who);
  await alerting.rules.create(rule.id, rule);
  return rule;
}

/** Throws FaultError `changed-meanwhile` where somebody was faster than `revision`. */
export async function changeRule(
  former: Rule,
  draft: RuleDraft,
  { who, revision, places }: { who: Principal; revision: number | undefined; places: Places },
): Promise<Rule> {
  if (isDeepStrictEqual(draftOf(former), draft)) return former;
  const rule = versioned(draft, former.version + 1, who);
  await places.alerting.rules.put(rule.id, rule, revision);
  return rule;
}

/** The rule as a person wrote it. */
export function draftOf({ version: _version, updatedAtMs: _at, updatedBy: _by, ...draft }: Rule): RuleDraft {
  return draft;
}

const versioned = (draft: RuleDraft, version: number, who: Principal): Rule => ({
  ...draft,
  version,
  updatedAtMs: Date.now(),
  updatedBy: who.user.id,
});

/** Throws FaultError `changed-meanwhile` where the rule is no longer what `ifMatch` names; without one nothing is asked. */
export function refuseStaleRule(id: string, ifMatch: string | undefined, { alerting }: Places): void {
  const entry = alerting.rules.entry(id);
  if (ifMatch === undefined || ifMatch === '*' || ifMatch === `"${entry?.revision}"`) return;
  const { version, updatedBy, updatedAtMs } = entry?.value ?? { version: 0, updatedBy: 'nobody', updatedAtMs: 0 };
  throw new FaultError(
    'changed-meanwhile',
    `rule "${id}" was changed since you read it: version ${version} is by ${updatedBy}, of ${new Date(updatedAtMs).toISOString()}`,
    { about: { rule: id } },
  );
}
