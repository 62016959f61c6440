/** Planned against observed: per area, per camera and per key place. */
import { LIGHTS, type Light, leastPx, RECALL_MODEL } from '#models/registry/sight/recall.ts';
import { AREA_LEVELS } from '#models/schema/area.ts';
import type { AreaCoverage, CameraCoverage, CoverageReport } from '#models/schema/coverage.ts';
import type { Context } from '../context.ts';
import type { Period } from '../figures/period.ts';
import { isInScope } from '../rights/authorize.ts';
import type { Ground } from './ground.ts';
import { coverPlace, worstFirst } from './places.ts';
import { isInAreas, isSeen, isSeenIn, type Planned, type PlannedCell } from './planned.ts';
import { longestWatched, WATCHED_MIN, type Watched } from './watched.ts';

export type Facts = {
  planned: Planned;
  watched: ReadonlyMap<string, Watched>;
  ground: Ground;
  period: Period;
  /** Areas, each with all below it; empty means everywhere. */
  scope: readonly string[];
};

export function reportOf(facts: Facts, context: Context): CoverageReport {
  const { scope, ground, period } = facts;
  const tree = context.tree();
  const places = context.keyPlaces
    .list()
    .map((place) => coverPlace(place, facts))
    .filter(({ area }) => isInScope(scope, { area, tree }));
  return {
    ...period,
    model: RECALL_MODEL,
    leastPx: { day: leastPx('day'), night: leastPx('night') },
    buildings: ground.buildings.length,
    areas: areasOf(facts, context),
    cameras: camerasOf(facts, context),
    places: places.sort(worstFirst),
  };
}

type Sums = Record<Light, number> & { watched: number };

function areasOf({ planned, watched, ground, scope }: Facts, context: Context): AreaCoverage[] {
  const sums = new Map<string, Sums>();
  for (const cell of planned.values()) {
    if (!isInAreas(cell, scope)) continue;
    const isDay = isSeen(cell, 'day');
    const isNight = isSeen(cell, 'night');
    const isWatched = isDay && (watchedShare(cell, watched) ?? 0) >= WATCHED_MIN;
    for (const area of cell.areaPath) {
      const sum = sums.get(area) ?? { day: 0, night: 0, watched: 0 };
      sums.set(area, sum);
      sum.day += isDay ? cell.m2 : 0;
      sum.night += isNight ? cell.m2 : 0;
      sum.watched += isWatched ? cell.m2 : 0;
    }
  }
  const tree = context.tree();
  const rank = (level: AreaCoverage['level']) => AREA_LEVELS.indexOf(level);
  return context.areas
    .list()
    .filter(({ id }) => isInScope(scope, { area: id, tree }))
    .map(({ id, name, level, parent }): AreaCoverage => {
      const { areaM2, builtM2 } = ground.of(id);
      const { day, night, watched: watchedM2 } = sums.get(id) ?? { day: 0, night: 0, watched: 0 };
      const openM2 = Math.max(1, areaM2 - builtM2);
      const share = { day: Math.min(1, day / openM2), night: Math.min(1, night / openM2) };
      return { area: id, name, level, parent, areaM2, builtM2, seenM2: { day, night }, share, watchedM2 };
    })
    .sort((a, b) => rank(a.level) - rank(b.level) || (a.area < b.area ? -1 : 1));
}

/** Of the cameras that see it by day or by night. */
export function watchedShare({ looks }: PlannedCell, watched: ReadonlyMap<string, Watched>): number | null {
  const lookers = looks.filter((look) => LIGHTS.some((light) => isSeenIn(look, light)));
  return longestWatched(
    lookers.map(({ camera }) => camera),
    watched,
  );
}

type CameraSums = { picture: number; hidden: number; day: number; night: number; only: number };

function camerasOf({ planned, watched, scope }: Facts, context: Context): CameraCoverage[] {
  const sums = new Map<string, CameraSums>();
  for (const { looks, m2 } of planned.values()) {
    const byDay = looks.filter((look) => isSeenIn(look, 'day'));
    for (const look of looks) {
      const sum = sums.get(look.camera) ?? { picture: 0, hidden: 0, day: 0, night: 0, only: 0 };
      sums.set(look.camera, sum);
      sum.picture += m2;
      sum.hidden += look.hiddenBy === '' ? 0 : m2;
      sum.day += isSeenIn(look, 'day') ? m2 : 0;
      sum.night += isSeenIn(look, 'night') ? m2 : 0;
      sum.only += byDay.length === 1 && byDay[0] === look ? m2 : 0;
    }
  }
  const tree = context.tree();
  return context.cameras
    .list()
    .filter(({ area }) => isInScope(scope, { area, tree }))
    .map(({ id, name, area }): CameraCoverage => {
      const sum = sums.get(id) ?? { picture: 0, hidden: 0, day: 0, night: 0, only: 0 };
      const own = sums.has(id) ? watched.get(id) : undefined;
      return {
        camera: id,
        name,
        area,
        pictureM2: sum.picture,
        hiddenM2: sum.hidden,
        seenM2: { day: sum.day, night: sum.night },
        onlyM2: sum.only,
        watched: own?.share ?? null,
        isHardlyWatched: own !== undefined && own.share !== null && own.share < WATCHED_MIN,
        ...(own?.reason === undefined ? {} : { reason: own.reason }),
      };
    });
}
