/** A calibration of a camera that turns belongs to the pose that it stands at, and leaves those of other poses be. */
import { CALIBRATED_POSES_MAX, type Calibration } from '#models/schema/calibration.ts';
import type { CameraState } from '#models/schema/camera.ts';
import { FaultError } from '#models/schema/fault.ts';
import { isSamePose, type PtzState } from '#models/schema/ptz.ts';

/**
 * Where it stands now, as its worker says; undefined for a camera that does not turn. Throws FaultError
 * `calibration-turned` while it moves or no worker speaks of it, and where it does not stand at the preset that is meant.
 */
export function standOf(
  camera: string,
  preset: string | undefined,
  state: Pick<CameraState, 'ptz' | 'reason'> | undefined,
): PtzState | undefined {
  const stand = state?.ptz;
  const about = { camera };
  if (stand !== undefined && state?.reason === 'no-worker')
    throw new FaultError('calibration-turned', `no worker says where camera "${camera}" stands now`, { about });
  if (stand?.isMoving === true)
    throw new FaultError('calibration-turned', `camera "${camera}" turns just now`, { about });
  if (preset !== undefined && stand?.preset?.token !== preset) {
    const where = stand?.preset === undefined ? 'at no known preset' : `at preset "${stand.preset.name}"`;
    throw new FaultError('calibration-turned', `camera "${camera}" stands ${where}, not at "${preset}"`, { about });
  }
  return stand;
}

/** With what still holds at other poses; what was made before the pose was known holds nowhere any more. */
export function atItsPose(
  solved: Calibration,
  stand: PtzState | undefined,
  before: Calibration | undefined,
): Calibration {
  if (stand === undefined) return solved;
  const { pan, tilt, zoom, preset } = stand;
  const pose = { pan, tilt, zoom };
  const { camera: _camera, others = [], ...newest } = before ?? { camera: solved.camera };
  const former = 'version' in newest ? [newest, ...others] : [];
  const kept = former
    .filter((one) => one.pose !== undefined && !isSamePose(one.pose, pose) && !isAt(one.preset?.token, preset?.token))
    .slice(0, CALIBRATED_POSES_MAX - 1);
  return {
    ...solved,
    pose,
    ...(preset === undefined ? {} : { preset }),
    ...(kept.length === 0 ? {} : { others: kept }),
  };
}

/** A preset that was stored anew elsewhere. */
const isAt = (former: string | undefined, now: string | undefined) => former !== undefined && former === now;
