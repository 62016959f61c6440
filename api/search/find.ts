/** Cameras, areas, rules and recent incidents that fit a few letters, as far as the asker's areas and roles reach. */
import { readIncidents } from '#analytics/store/alerts/incidents.ts';
import type { Incident } from '#models/schema/alert.ts';
import { SEARCH_HITS_MAX, type SearchAnswer, type SearchHit } from '#models/schema/search.ts';
import type { Context } from '../context.ts';
import { type Action, factsOf } from '../rights/actions.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';
import { isRuleSeen } from '../rules/scope.ts';
import { fitOf, wordsOf } from './match.ts';

type Places = Pick<Context, 'cameras' | 'areas' | 'alerting' | 'tree'>;
type Found = { hit: SearchHit; fit: number };

const RECENT_MS = 30 * 24 * 3_600_000;
const INCIDENTS_MAX = 500;
/** A search is answered while one types: what the store has not said by then is left out. */
const STORE_TIMEOUT_MS = 2000;
/** So that a street with hundreds of cameras does not push its own area out of the list. */
const OF_A_SORT_MAX = 12;

export async function search(
  text: string,
  principal: Principal,
  { context, signal }: { context: Context; signal: AbortSignal },
): Promise<SearchAnswer> {
  const words = wordsOf(text);
  const may = (action: Action) => principal.user.roles.some((role) => factsOf(action).roles.includes(role));
  const incidents = may('alert.read') ? await recentIncidents(principal, context, signal) : [];
  const sorts: Found[][] = [
    findCameras(words, principal, context),
    findAreas(words, principal, context),
    may('rule.read') ? findRules(words, principal, context) : [],
    findIncidents(words, incidents ?? [], context),
  ];
  const hits = sorts.flatMap((found) => best(found).slice(0, OF_A_SORT_MAX));
  return {
    hits: best(hits)
      .slice(0, SEARCH_HITS_MAX)
      .map(({ hit }) => hit),
    isComplete: incidents !== null,
  };
}

const best = (found: Found[]): Found[] =>
  found
    .filter((each) => each.fit > 0)
    .sort((a, b) => b.fit - a.fit || a.hit.name.localeCompare(b.hit.name, 'zh', { numeric: true }));

const nameOfArea = (area: string | null, { areas }: Places): string | null =>
  area === null ? null : (areas.get(area)?.name ?? area);

export function findCameras(words: readonly string[], { user: { scope } }: Principal, places: Places): Found[] {
  const tree = places.tree();
  return places.cameras
    .list()
    .filter(({ area }) => isInScope(scope, { area: area ?? null, tree }))
    .map(({ id, name, area }) => {
      const where = nameOfArea(area ?? null, places);
      return { hit: { what: 'camera', id, name, where }, fit: fitOf(words, [name, id, where ?? '']) };
    });
}

export function findAreas(words: readonly string[], { user: { scope } }: Principal, places: Places): Found[] {
  const tree = places.tree();
  return places.areas
    .list()
    .filter(({ id }) => isInScope(scope, { area: id, tree }))
    .map(({ id, name, parent }) => {
      const isParentSeen = parent !== null && isInScope(scope, { area: parent, tree });
      const where = isParentSeen ? nameOfArea(parent, places) : null;
      return { hit: { what: 'area', id, name, where }, fit: fitOf(words, [name, id]) };
    });
}

export function findRules(words: readonly string[], principal: Principal, places: Places): Found[] {
  return places.alerting.rules
    .list()
    .filter((rule) => isRuleSeen(rule, principal, places))
    .map(({ id, name, where }) => {
      const area = 'area' in where ? where.area : (places.cameras.get(where.cameras[0] ?? '')?.area ?? null);
      const place = nameOfArea(area, places);
      return { hit: { what: 'rule', id, name, where: place }, fit: fitOf(words, [name, id, place ?? '']) };
    });
}

function findIncidents(words: readonly string[], incidents: readonly Incident[], places: Places): Found[] {
  return incidents.map(({ id, rules, cameras, areaPath, text }) => {
    const names = rules.map((rule) => places.alerting.rules.get(rule)?.name ?? rule);
    const where = nameOfArea(areaPath.findLast((area) => area !== '_') ?? null, places);
    const seenBy = cameras.map((camera) => `${places.cameras.get(camera)?.name ?? ''} ${camera}`);
    const hit: SearchHit = { what: 'incident', id, name: names.join(', ') || text, where };
    return { hit, fit: fitOf(words, [id, names.join(' '), where ?? '', ...seenBy, text]) };
  });
}

/** Null where the store does not say. */
async function recentIncidents(
  { user: { scope } }: Principal,
  { reader, logger }: Context,
  signal: AbortSignal,
): Promise<Incident[] | null> {
  const nowMs = Date.now();
  const question = {
    ...{ areas: [...scope], fromMs: nowMs - RECENT_MS, toMs: nowMs + RECENT_MS },
    ...{ severities: undefined, limit: INCIDENTS_MAX, touched: [] },
  };
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(STORE_TIMEOUT_MS)]);
    return await readIncidents(reader, question, { signal: within });
  } catch (error) {
    // Names of the registry are found all the same; the answer says that incidents are missing.
    logger.debug({ error: (error as Error).message }, 'incidents left out of a search');
    return null;
  }
}
