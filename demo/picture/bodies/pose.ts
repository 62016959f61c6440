/** Where a body's joints are: everything the flesh and the clothes are lofted over. */
import { cross, type Vec3 } from '#demo/picture/shape/vector.ts';

/** A place with two square directions; up is right x front. */
export interface Frame {
  readonly at: Vec3;
  readonly right: Vec3;
  readonly front: Vec3;
}

export interface Leg {
  readonly hip: Vec3;
  readonly knee: Vec3;
  readonly ankle: Vec3;
  /** Which way the foot points, which way its instep faces, and which way the toes point. */
  readonly footFront: Vec3;
  readonly footUp: Vec3;
  readonly toeFront: Vec3;
}

export interface Arm {
  readonly shoulder: Vec3;
  readonly elbow: Vec3;
  readonly wrist: Vec3;
}

/** Left and right. */
export type Pair<T> = readonly [T, T];

export interface Pose {
  /** Between the hip joints. */
  readonly pelvis: Frame;
  /** Between the shoulder joints. */
  readonly chest: Frame;
  /** Between the eyes, at the middle of the skull. */
  readonly head: Frame;
  readonly legs: Pair<Leg>;
  readonly arms: Pair<Arm>;
  /** A telephone held in the right hand. */
  readonly hasPhone?: boolean;
}

export function upOf(frame: Frame): Vec3 {
  return cross(frame.right, frame.front);
}
