/** What of alerts somebody may see: those whose area path names an area of theirs; and what they asked for of it. */

import type { StreamQuery } from '#models/schema/alert-query.ts';
import { FaultError } from '#models/schema/fault.ts';
import { SEVERITIES, type Severity } from '#models/schema/severity.ts';
import { EVENT_KINDS } from '#models/wire/events.ts';
import { ALERTS_ALL, alertsOfArea } from '#models/wire/subjects.ts';
import type { Context } from '../context.ts';
import type { Action } from '../rights/actions.ts';
import { authorize, type Principal } from '../rights/authorize.ts';
import type { EventFilter } from './follow.ts';

type Asked = { area?: string | undefined };

/** Areas whose alerts are meant; empty: all. Throws FaultError `not-found` for an area that is not the asker's. */
export function areasOf({ area }: Asked, principal: Principal, from: { action: Action; context: Context }): string[] {
  const { action, context } = from;
  if (area === undefined) return [...principal.user.scope];
  if (context.areas.get(area) === undefined) throw new FaultError('not-found', `there is no area "${area}"`);
  authorize(principal, action, { area, tree: context.tree() });
  return [area];
}

/** Throws FaultError `not-found`, as for what does not exist. */
export function demandSeen(areaPath: readonly string[], principal: Principal, what: string): void {
  const { scope } = principal.user;
  if (scope.length === 0 || scope.some((area) => areaPath.includes(area))) return;
  throw new FaultError('not-found', `there is no ${what}`, { about: { user: principal.user.id } });
}

export function filterOf(query: StreamQuery, principal: Principal, context: Context): EventFilter {
  const areas = areasOf(query, principal, { action: 'alert.subscribe', context });
  const only = areas.length === 1 ? context.areas.get(areas[0] ?? '') : undefined;
  const chosen = query.types?.split(',');
  return {
    areas,
    severities: severitiesOf(query.severity),
    kinds: chosen === undefined ? undefined : EVENT_KINDS.filter((kind) => chosen.includes(kind)),
    subject: only === undefined ? ALERTS_ALL : alertsOfArea(only.level, only.id),
  };
}

export function severitiesOf(text: string | undefined): Severity[] | undefined {
  const chosen = text?.split(',');
  return chosen === undefined ? undefined : SEVERITIES.filter((severity) => chosen.includes(severity));
}
