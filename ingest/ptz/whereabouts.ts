/** Which calibration holds where a camera stands: a calibration of a camera that turns holds at its own pose alone. */
import type { Calibration } from '#models/schema/calibration.ts';
import { isSamePose, type Pose, poseDistance } from '#models/schema/ptz.ts';

export type Stand = { pose: Pose; isMoving: boolean };

/**
 * The version that holds; 0: it stands elsewhere, moves, was never calibrated, or nobody knows how it stands. undefined:
 * a camera that does not turn. A calibration that was made before its pose was known holds wherever the camera stands.
 */
export function versionHeldAt(stand: Stand | undefined, calibration: Calibration | undefined): number | undefined {
  const all = calibration === undefined ? [] : [calibration, ...(calibration.others ?? [])];
  if (stand === undefined) return all.some(({ pose }) => pose !== undefined) ? 0 : undefined;
  if (stand.isMoving) return 0;
  const near = all.flatMap(({ pose, version }) =>
    pose !== undefined && isSamePose(pose, stand.pose) ? [{ version, distance: poseDistance(pose, stand.pose) }] : [],
  );
  near.sort((a, b) => a.distance - b.distance);
  const [nearest] = near;
  return nearest?.version ?? all.find(({ pose }) => pose === undefined)?.version ?? 0;
}
