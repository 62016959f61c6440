/** Places pelvis, chest and head, and the joints that hang on them, for any pose. */
import { along, cross, FRONT, mixed, RIGHT, turned, UP, type Vec3 } from '#demo/picture/shape/vector.ts';
import { type Figure, skeletonOf } from './figure.ts';
import type { Frame, Pair } from './pose.ts';

export interface TrunkBend {
  readonly pelvisAt: Vec3;
  /** Turns about the upright axis, counterclockwise from above, radians. */
  readonly pelvisYaw?: number;
  readonly chestYaw?: number;
  /** Leans forward and to the right, radians. */
  readonly lean?: number;
  readonly sideways?: number;
  /** How far the head looks down, and to its left. */
  readonly nod?: number;
  readonly look?: number;
}

export interface Trunk {
  readonly pelvis: Frame;
  readonly chest: Frame;
  readonly head: Frame;
  readonly hips: Pair<Vec3>;
  readonly shoulders: Pair<Vec3>;
}

export function trunkOf(figure: Figure, bend: TrunkBend): Trunk {
  const { pelvisYaw = 0, chestYaw = 0, lean = 0.04, sideways = 0, nod = 0, look = 0 } = bend;
  const { k, hipHalfM, shoulderHalfM, headScale } = skeletonOf(figure);
  const pelvis = yawed(bend.pelvisAt, pelvisYaw);
  const spine = turned(turned(UP, FRONT, sideways), RIGHT, -lean);
  const upper = turned(spine, RIGHT, -figure.stoop);
  const back = along(bend.pelvisAt, spine, 0.25 * k);
  const chestRight = turned(RIGHT, UP, chestYaw);
  const chestAt = along(back, upper, 0.23 * k);
  const chest = { at: chestAt, right: chestRight, front: cross(upper, chestRight) };
  const neckBase = along(chestAt, upper, 0.06 * k);
  const faceRight = turned(turned(RIGHT, UP, chestYaw * 0.3), UP, look);
  const faceFront = turned(turned(turned(FRONT, UP, chestYaw * 0.3), UP, look), faceRight, -nod);
  const headUp = cross(faceRight, faceFront);
  const skullBase = along(along(neckBase, mixed(upper, UP, 0.6), 0.07 * k), FRONT, 0.02 * k + figure.stoop * 0.06);
  const head = { at: along(skullBase, headUp, 0.09 * headScale), right: faceRight, front: faceFront };
  const joint = (frame: Frame, half: number): Pair<Vec3> => [
    along(frame.at, frame.right, -half),
    along(frame.at, frame.right, half),
  ];
  return { pelvis, chest, head, hips: joint(pelvis, hipHalfM), shoulders: joint(chest, shoulderHalfM) };
}

function yawed(at: Vec3, yaw: number): Frame {
  return { at, right: turned(RIGHT, UP, yaw), front: turned(FRONT, UP, yaw) };
}
