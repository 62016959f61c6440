/** Cameras by area and tag, among those that somebody may see. */
import type { Camera } from '#models/schema/camera.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Context } from '../context.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';

export type Selection = { area?: string | undefined; tag?: string | undefined };

/** Throws FaultError `not-found` for an area that is not there, or not theirs. */
export function selectCameras({ area, tag }: Selection, { user }: Principal, context: Context): Camera[] {
  const tree = context.tree();
  const isKnown = area === undefined || context.areas.get(area) !== undefined;
  if (area !== undefined && (!isKnown || !isInScope(user.scope, { area, tree }))) {
    throw new FaultError('not-found', `there is no area "${area}"`, { about: { area } });
  }
  return context.cameras
    .list()
    .filter((camera) => isInScope(user.scope, { area: camera.area, tree }))
    .filter((camera) => area === undefined || tree.isWithin(camera.area, area))
    .filter((camera) => tag === undefined || camera.tags?.includes(tag) === true);
}
