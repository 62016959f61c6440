/** Arms that hang, swing, reach for something or hold something up. */
import { reach } from '#demo/picture/shape/path.ts';
import { add, along, turned, UP, type Vec3 } from '#demo/picture/shape/vector.ts';
import { type Figure, skeletonOf } from './figure.ts';
import type { Arm } from './pose.ts';
import type { Trunk } from './trunk.ts';

/** An arm that hangs: swung forward, spread from the body and bent at the elbow, radians. */
export function hangingArm(
  figure: Figure,
  trunk: Pick<Trunk, 'shoulders' | 'chest'>,
  side: -1 | 1,
  { swing, bend, spread }: { swing: number; bend: number; spread: number },
): Arm {
  const skeleton = skeletonOf(figure);
  const shoulder = trunk.shoulders[side < 0 ? 0 : 1];
  const { right } = trunk.chest;
  const outwards = turned([0, 0, -1], [0, 1, 0], -side * spread);
  const upper = turned(outwards, right, swing);
  const inwards = turned([0, 0, -1], [0, 1, 0], -side * spread * 0.2);
  const lower = turned(turned(inwards, right, swing + bend), UP, side * 0.12);
  const elbow = along(shoulder, upper, skeleton.upperArmM);
  return { shoulder, elbow, wrist: along(elbow, lower, skeleton.forearmM) };
}

/** An arm whose hand is somewhere: `at` from the middle of the shoulders, for a body of 1.72 m. */
export function reachingArm(figure: Figure, trunk: Trunk, side: -1 | 1, at: Vec3): Arm {
  const { k, upperArmM, forearmM } = skeletonOf(figure);
  const shoulder = trunk.shoulders[side < 0 ? 0 : 1];
  const { chest } = trunk;
  const wanted = add(along(along(chest.at, chest.right, at[0] * k), chest.front, at[1] * k), [0, 0, at[2] * k]);
  const { middle, end } = reach(shoulder, wanted, [upperArmM, forearmM], [side * 0.7, -0.5, -1]);
  return { shoulder, elbow: middle, wrist: end };
}

/** Holds a telephone up to read it. */
export function phoneArm(figure: Figure, trunk: Trunk): Arm {
  return reachingArm(figure, trunk, 1, [0.07, 0.3, -0.12]);
}

/** Holds the rod of an umbrella in front of the shoulder. */
export function umbrellaArm(figure: Figure, trunk: Trunk): Arm {
  return reachingArm(figure, trunk, 1, [0.14, 0.22, -0.1]);
}
