/** Removal of areas: what goes, the deepest first, and who still needs any of it. */
import { AREA_LEVELS, type Area } from '#models/schema/area.ts';
import type { AreaRemovalQuery } from '#models/schema/area-removal.ts';
import type { Division } from '#models/schema/division.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Context } from '../context.ts';

const SAID_MAX = 5;

/**
 * The areas that go, children before parents. Throws FaultError `not-found` where there is no such area, and
 * `area-needed` where areas below it, cameras, scopes of people, rules, channels or the newest published division need
 * what would go.
 */
export async function planRemoval(id: string, query: AreaRemovalQuery, context: Context): Promise<Area[]> {
  const target = context.areas.get(id);
  if (target === undefined) throw new FaultError('not-found', `there is no area "${id}"`, { about: { area: id } });
  const tree = context.tree();
  const deepness = ({ level }: Area) => AREA_LEVELS.indexOf(level);
  const within = context.areas.list().filter((area) => tree.isWithin(area.id, id));
  const below = within.filter((area) => area.id !== id);
  const gone = query.withBelow === true ? within.sort((a, b) => deepness(b) - deepness(a)) : [target];
  const ids = new Set(gone.map((area) => area.id));
  const needs = [
    ...said(
      query.withBelow === true ? [] : below.map((area) => area.id),
      (names, count) => `${count === 1 ? 'an area lies' : `${count} areas lie`} below it (${names}): --with-below`,
    ),
    ...needsOf(ids, context),
    ...(query.althoughPublished === true ? [] : await publishedNeed(ids, context)),
  ];
  if (needs.length > 0)
    throw new FaultError('area-needed', `"${id}" is not removed: ${needs.join('; ')}`, { about: { area: id } });
  return gone;
}

/** Of those who name an area: cameras that stand there, scopes, rules and channels. */
function needsOf(ids: ReadonlySet<string>, { cameras, users, alerting }: Context): string[] {
  const isIn = (area: string | null) => area !== null && ids.has(area);
  const idsWhere = <Value extends { id: string }>(values: readonly Value[], is: (value: Value) => boolean) =>
    values.filter(is).map(({ id }) => id);
  return [
    ...said(
      idsWhere(cameras.list(), ({ area }) => isIn(area)),
      (names, count) => `${count === 1 ? 'a camera stands' : `${count} cameras stand`} there (${names})`,
    ),
    ...said(
      idsWhere(users.list(), ({ scope }) => scope.some(isIn)),
      (names) => `the scope of ${names} names it`,
    ),
    ...said(
      idsWhere(alerting.rules.list(), ({ where }) => 'area' in where && isIn(where.area)),
      (names, count) => `${count === 1 ? 'a rule watches' : `${count} rules watch`} it (${names})`,
    ),
    ...said(
      idsWhere(alerting.channels.list(), ({ area }) => isIn(area)),
      (names, count) => `${count === 1 ? 'a channel tells' : `${count} channels tell`} of it (${names})`,
    ),
  ];
}

function said(ids: readonly string[], words: (names: string, count: number) => string): string[] {
  if (ids.length === 0) return [];
  const more = ids.length > SAID_MAX ? ` and ${ids.length - SAID_MAX} more` : '';
  return [words(`${ids.slice(0, SAID_MAX).join(', ')}${more}`, ids.length)];
}

/** Older versions have areas of their own and need nothing; the newest is the division in force. */
async function publishedNeed(ids: ReadonlySet<string>, { published }: Context): Promise<string[]> {
  const latest: Division | undefined = (await published.versions()).at(-1);
  if (latest === undefined) return [];
  const frozen = (await published.areasOf(latest.version)) ?? [];
  const both = frozen.flatMap((area) => (ids.has(area.id) ? [area.id] : []));
  return said(
    both,
    (names) => `published version ${latest.version}, which is in force, has ${names}: --although-published`,
  );
}

/** Children before parents, so that the tree hangs together at every moment; returns how many totals went with them. */
export async function removeAreas(gone: readonly Area[], { areas, totals }: Context): Promise<number> {
  let count = 0;
  for (const { id } of gone) {
    // Guarded by the revision: an area that is imported anew meanwhile stays.
    await areas.remove(id, areas.entry(id)?.revision);
    const counted = totals.entry(id);
    if (counted === undefined) continue;
    count += counted.value.totals.length;
    await totals.remove(id, counted.revision);
  }
  return count;
}
