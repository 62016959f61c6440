/** What a dashboard is of, for one who asked: found in the registry, seen only from a scope that holds it. */
import { AREA_LEVELS, type Area, type AreaLevel } from '#models/schema/area.ts';
import type { Camera } from '#models/schema/camera.ts';
import type { DashboardSubject } from '#models/schema/dashboard.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { SubjectType } from '#models/schema/panel.ts';
import type { Context } from '../context.ts';
import { authorize, isInScope, type Principal } from '../rights/authorize.ts';
import { findRule } from '../rules/scope.ts';

export type Subject = {
  told: DashboardSubject;
  /** Level of the areas right below it; null where there are none. */
  below: AreaLevel | null;
  cameras: readonly Camera[];
  calibrated: number;
  /** What the rows are limited to beside the subject; an area of a scope says it already. */
  scope: readonly string[];
};

type Places = Pick<Context, 'areas' | 'cameras' | 'calibrations' | 'alerting' | 'tree'>;
type Asked = { type: SubjectType; id: string };

/** Most areas or cameras that are told by name. */
const BELOW_MAX = 400;

/** Throws FaultError `not-found`, for what is not there as for what the asker may not see. */
export function findSubject({ type, id }: Asked, principal: Principal, places: Places): Subject {
  if (type === 'area') return areaSubject(id, principal, places);
  if (type === 'camera') return cameraSubject(id, principal, places);
  return ruleSubject(id, principal, places);
}

function areaSubject(id: string, principal: Principal, places: Places): Subject {
  const area = places.areas.get(id);
  const tree = places.tree();
  if (area === undefined) throw new FaultError('not-found', `there is no area "${id}"`, { about: { area: id } });
  authorize(principal, 'dashboard.read', { area: id, tree });
  const children = places.areas.list().filter(({ parent }) => parent === id);
  const cameras = places.cameras.list().filter((camera) => tree.isWithin(camera.area, id));
  const own = cameras.filter((camera) => camera.area === id || children.length === 0);
  const below = [
    ...children.sort(byName).map((child) => ({ type: 'area' as const, id: child.id, name: child.name })),
    ...own.sort(byName).map((camera) => ({ type: 'camera' as const, id: camera.id, name: camera.name })),
  ];
  return {
    told: {
      ...{ type: 'area', id, name: area.name, level: area.level, areaPath: tree.pathOf(id) },
      above: aboveOf(area.parent, principal, places),
      below: below.slice(0, BELOW_MAX),
    },
    below: levelOf(children),
    ...counted(cameras, places),
    scope: [],
  };
}

/** Of children of several levels the level that most have. */
function levelOf(children: readonly Area[]): AreaLevel | null {
  const counts = AREA_LEVELS.map((level) => ({
    level,
    count: children.filter((child) => child.level === level).length,
  }));
  const most = counts.sort((a, b) => b.count - a.count)[0]!;
  return most.count === 0 ? null : most.level;
}

function cameraSubject(id: string, principal: Principal, places: Places): Subject {
  const camera = places.cameras.get(id);
  const tree = places.tree();
  if (camera === undefined) throw new FaultError('not-found', `there is no camera "${id}"`, { about: { camera: id } });
  authorize(principal, 'dashboard.read', { area: camera.area, tree });
  return {
    told: {
      ...{ type: 'camera', id, name: camera.name, level: null, areaPath: tree.pathOf(camera.area) },
      above: aboveOf(camera.area, principal, places),
      below: [],
    },
    below: null,
    ...counted([camera], places),
    scope: principal.user.scope,
  };
}

function ruleSubject(id: string, principal: Principal, places: Places): Subject {
  const rule = findRule(id, principal, places);
  const tree = places.tree();
  const { where } = rule;
  const cameras =
    'area' in where
      ? places.cameras.list().filter((camera) => tree.isWithin(camera.area, where.area))
      : where.cameras.flatMap((camera) => places.cameras.get(camera) ?? []);
  const area = 'area' in where ? where.area : (cameras[0]?.area ?? null);
  return {
    told: {
      ...{ type: 'rule', id, name: rule.name, level: null, areaPath: tree.pathOf(area) },
      above: aboveOf(area, principal, places),
      below: cameras
        .slice(0, BELOW_MAX)
        .map((camera) => ({ type: 'camera' as const, id: camera.id, name: camera.name })),
    },
    below: null,
    ...counted(cameras, places),
    scope: principal.user.scope,
  };
}

function counted(all: readonly Camera[], { calibrations }: Places): Pick<Subject, 'cameras' | 'calibrated'> {
  const cameras = all.filter(({ isEnabled }) => isEnabled);
  return { cameras, calibrated: cameras.filter(({ id }) => calibrations.get(id) !== undefined).length };
}

/** Areas above that the asker may see, the city first. */
function aboveOf(area: string | null, { user }: Principal, { areas, tree }: Places): DashboardSubject['above'] {
  return tree()
    .pathOf(area)
    .flatMap((id) => {
      const found = areas.get(id);
      const isSeen = found !== undefined && isInScope(user.scope, { area: id, tree: tree() });
      return isSeen ? [{ id, name: found.name, level: found.level }] : [];
    });
}

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name, 'zh');
