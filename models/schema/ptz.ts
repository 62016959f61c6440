/** Where a camera that turns stands, in its device's own terms: normalised, so the same numbers are the same view. */
import Type, { type Static } from 'typebox';

/** Pan and tilt from -1 to 1, zoom from 0 to 1, as far as the device keeps to the standard. */
export const Pose = Type.Object({ pan: Type.Number(), tilt: Type.Number(), zoom: Type.Number() });
export type Pose = Static<typeof Pose>;

/** A pose that the device remembers under a name. */
export const PtzPreset = Type.Object({ token: Type.String({ maxLength: 200 }), name: Type.String({ maxLength: 200 }) });
export type PtzPreset = Static<typeof PtzPreset>;

/** Part of a camera's state, where its device turns. */
export const PtzState = Type.Object({
  ...Pose.properties,
  isMoving: Type.Boolean(),
  preset: Type.Optional({ ...PtzPreset, description: 'The preset that it stands at' }),
  calibrationVersion: Type.Optional(
    Type.Integer({ description: 'The calibration that holds here; absent: counted, not placed' }),
  ),
});
export type PtzState = Static<typeof PtzState>;

/**
 * How far two readings of the same pose may lie apart on each axis. Half a percent of half the range is 0.9° of a head
 * that pans full circle, 1.5 % of the width of a 60° picture: less than a calibration may miss by. The demo's head
 * comes back to 0 exactly, and a preset that somebody stored anew is off by 0.02.
 */
export const POSE_TOLERANCE = 0.005;

/** The greatest difference on one axis. */
export function poseDistance(a: Pose, b: Pose): number {
  return Math.max(Math.abs(a.pan - b.pan), Math.abs(a.tilt - b.tilt), Math.abs(a.zoom - b.zoom));
}

export const isSamePose = (a: Pose, b: Pose) => poseDistance(a, b) <= POSE_TOLERANCE;
