/** The history of a camera as people are told it, and how its last change is taken back. */
import type { Camera } from '#models/schema/camera.ts';
import type { CameraChange, StoredChange } from '#models/schema/camera-change.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Context } from '../context.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';
import { refuseNowhere } from './places.ts';
import { writeCamera } from './write.ts';

/** Without what is kept for undoing: that holds sealed passwords. */
export function toldChange({
  version: _v,
  former: _former,
  formerCalibration: _calibration,
  ...told
}: StoredChange): CameraChange {
  return told;
}

/** Newest first. Throws FaultError `not-found` for a camera that never was, or is not theirs to see. */
export async function historyOf(id: string, principal: Principal, context: Context): Promise<CameraChange[]> {
  const changes = await context.changes.of(id);
  demandSeen(id, areaNow(id, changes[0], context), principal, context);
  return changes.map(toldChange);
}

/** Where it stands, or stood when it was removed; undefined where nothing is known of it. */
function areaNow(id: string, last: StoredChange | undefined, { cameras }: Context): string | null | undefined {
  const camera = cameras.get(id) ?? last?.former;
  return camera?.area;
}

function demandSeen(id: string, area: string | null | undefined, { user }: Principal, context: Context): void {
  if (area !== undefined && isInScope(user.scope, { area, tree: context.tree() })) return;
  throw new FaultError('not-found', `there is no camera "${id}"`, { about: { camera: id } });
}

/** The change that was taken back, and the camera as it is then: undefined where the change had added it. */
export type Undone = { undone: CameraChange; camera: Camera | undefined };

/**
 * Takes the last change back, which is a change itself: undone again, it is done again. Throws FaultError `not-found`, `changed-meanwhile` where the registry is not
 * what the log knows, and `invalid-value` where the former place is not theirs.
 */
export async function undoLast(id: string, principal: Principal, context: Context): Promise<Undone> {
  const last = await context.changes.last(id);
  demandSeen(id, areaNow(id, last, context), principal, context);
  const entry = context.cameras.entry(id);
  if (last === undefined) throw new FaultError('not-found', `no change of camera "${id}" is on record`);
  if (last.revision !== entry?.revision) {
    throw new FaultError('changed-meanwhile', `camera "${id}" was changed since by something that left no record`, {
      cure: 'Edit the fields that should be otherwise.',
    });
  }
  const after = last.former === null ? undefined : { ...last.former, updatedAtMs: Date.now() };
  if (after !== undefined) refuseForeign(after.area, principal, context);
  const write = { kind: 'undone', before: entry?.value, after, revision: entry?.revision } as const;
  await writeCamera(write, principal, context);
  await restoreCalibration(id, last, context);
  return { undone: toldChange(last), camera: after };
}

/** What was removed with the camera comes back with it, in its own version: rows that it placed stay true. */
async function restoreCalibration(id: string, { formerCalibration }: StoredChange, context: Context): Promise<void> {
  if (formerCalibration === undefined || context.calibrations.get(id) !== undefined) return;
  await context.calibrations.create(id, formerCalibration);
}

function refuseForeign(area: string | null, principal: Principal, context: Context): void {
  refuseNowhere(area, principal);
  if (isInScope(principal.user.scope, { area, tree: context.tree() })) return;
  throw new FaultError('invalid-value', 'before its last change the camera stood in an area that is not yours', {
    cure: 'Ask somebody whose areas hold both places.',
  });
}
