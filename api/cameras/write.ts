/** Every way in which a camera's registration changes passes here: written where nobody was faster, and kept in the log. */
import { changesBetween } from '#models/registry/camera-changes.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import type { Camera } from '#models/schema/camera.ts';
import type { ChangeKind, StoredChange } from '#models/schema/camera-change.ts';
import type { Context } from '../context.ts';
import type { Principal } from '../rights/authorize.ts';

/** Without `before` it is added, without `after` removed. `revision` is that of `before`. */
export type CameraWrite = {
  kind: ChangeKind;
  before: Camera | undefined;
  after: Camera | undefined;
  revision: number | undefined;
};

type Places = Pick<Context, 'cameras' | 'states' | 'calibrations' | 'changes' | 'logger'>;

/**
 * Returns the new revision, undefined after a removal. Throws FaultError `changed-meanwhile` or `already-exists` where
 * somebody was faster.
 */
export async function writeCamera(write: CameraWrite, who: Principal, places: Places): Promise<number | undefined> {
  const { before, after, revision: formerRevision } = write;
  const id = after?.id ?? before?.id ?? '';
  const formerCalibration = after === undefined ? places.calibrations.get(id) : undefined;
  const revision = await put(id, write, places);
  await keep({ id, write, who, revision, formerRevision, formerCalibration }, places);
  return revision;
}

async function put(id: string, { before, after, revision }: CameraWrite, places: Places): Promise<number | undefined> {
  const { cameras } = places;
  if (after === undefined) return void (await removeCamera(id, revision, places));
  return before === undefined ? await cameras.create(id, after) : await cameras.put(id, after, revision);
}

async function removeCamera(id: string, revision: number | undefined, places: Places): Promise<void> {
  const { cameras, states, calibrations } = places;
  await cameras.remove(id, revision);
  if (states.get(id) !== undefined) await states.remove(id);
  if (calibrations.get(id) !== undefined) await calibrations.remove(id);
}

type Written = {
  id: string;
  write: CameraWrite;
  who: Principal;
  revision: number | undefined;
  formerRevision: number | undefined;
  formerCalibration: Calibration | undefined;
};

/** The change stands even where the log cannot be written: a gap shows in the history by its revisions. */
async function keep({ id, write, who, ...more }: Written, { changes, logger }: Places): Promise<void> {
  const { kind, before, after } = write;
  const change: StoredChange = {
    version: 1,
    camera: id,
    kind,
    atMs: Date.now(),
    who: who.user.id,
    via: who.via,
    ...(more.revision === undefined ? {} : { revision: more.revision }),
    ...(more.formerRevision === undefined ? {} : { formerRevision: more.formerRevision }),
    fields: changesBetween(before, after),
    former: before ?? null,
    ...(more.formerCalibration === undefined ? {} : { formerCalibration: more.formerCalibration }),
  };
  await changes
    .append(change)
    .catch((error: Error) => logger.error({ camera: id, error: error.message }, 'change of a camera not logged'));
}
