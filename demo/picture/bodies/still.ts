/** Poses of people who stay where they are: standing, waiting, reading a telephone, sitting. */
import { reach } from '#demo/picture/shape/path.ts';
import type { Vec3 } from '#demo/picture/shape/vector.ts';
import { hangingArm, phoneArm, reachingArm, umbrellaArm } from './arms.ts';
import { type Figure, skeletonOf } from './figure.ts';
import { flatAnkle, footDirections } from './foot.ts';
import type { Leg, Pair, Pose } from './pose.ts';
import { type Trunk, type TrunkBend, trunkOf } from './trunk.ts';

const FLAT = { pitch: 0, toePitch: 0 };

/** Legs under a trunk, with the feet flat where they stand. */
function standingLegs(figure: Figure, trunk: Trunk, feet: Pair<Vec3>): Pair<Leg> {
  const { thighM, shankM } = skeletonOf(figure);
  const leg = (which: 0 | 1): Leg => {
    const side = which === 0 ? -1 : 1;
    const hip = trunk.hips[which];
    const pole: Vec3 = [side * 0.25, 1, 0];
    const { middle, end } = reach(hip, flatAnkle(figure, feet[which]), [thighM, shankM], pole);
    return { hip, knee: middle, ankle: end, ...footDirections({ ...FLAT, yaw: -side * 0.2 }) };
  };
  return [leg(0), leg(1)];
}

function standing(
  figure: Figure,
  bend: Omit<TrunkBend, 'pelvisAt'>,
  feet: Pair<Vec3>,
  shiftM = 0,
): Trunk & { legs: Pair<Leg> } {
  const { k, thighM, shankM, ankleM, hipHalfM } = skeletonOf(figure);
  const reachM = (thighM + shankM) * 0.996;
  const heights = feet.map(([x, y], which) => {
    const hipX = shiftM * k + (which === 0 ? -1 : 1) * hipHalfM;
    return Math.sqrt(reachM ** 2 - (x * k - hipX) ** 2 - (y * k) ** 2);
  });
  const pelvisAt: Vec3 = [shiftM * k, 0, Math.min(...heights) + ankleM];
  const trunk = trunkOf(figure, { ...bend, pelvisAt });
  const placed: Pair<Vec3> = [scaledFoot(feet[0], k), scaledFoot(feet[1], k)];
  return { ...trunk, legs: standingLegs(figure, trunk, placed) };
}

function scaledFoot([x, y]: Vec3, k: number): Vec3 {
  return [x * k, y * k, 0];
}

const APART: Pair<Vec3> = [
  [-0.1, -0.03, 0],
  [0.1, 0.04, 0],
];

/** Stands at ease, the weight on one leg. */
export function standingPose(figure: Figure): Pose {
  const body = standing(figure, { lean: 0.01, sideways: -0.03, chestYaw: 0.06, look: 0.25 }, APART, 0.035);
  const arm = (side: -1 | 1) => hangingArm(figure, body, side, { swing: 0.05, bend: 0.25, spread: 0.14 });
  return { ...body, arms: [arm(-1), figure.hasUmbrella ? umbrellaArm(figure, body) : arm(1)] };
}

/** Waits with the hands folded in front. */
export function waitingPose(figure: Figure): Pose {
  const body = standing(figure, { lean: 0.02, look: -0.35, nod: 0.05 }, APART, -0.02);
  const depth = 0.16 + 0.09 * (figure.girth - 1) + figure.top.looseM;
  return {
    ...body,
    arms: [
      reachingArm(figure, body, -1, [-0.02, depth, -0.4]),
      reachingArm(figure, body, 1, [0.02, depth + 0.03, -0.38]),
    ],
  };
}

/** Talks: one hand raised, the head turned. */
export function talkingPose(figure: Figure): Pose {
  const body = standing(figure, { lean: 0.01, chestYaw: -0.1, look: -0.2 }, APART, 0.02);
  const left = hangingArm(figure, body, -1, { swing: -0.05, bend: 0.3, spread: 0.14 });
  return { ...body, arms: [left, reachingArm(figure, body, 1, [0.2, 0.3, -0.16])] };
}

/** Looks at a telephone in the right hand. */
export function phonePose(figure: Figure): Pose {
  const body = standing(figure, { lean: 0.02, nod: 0.42 }, APART, -0.03);
  const left = hangingArm(figure, body, -1, { swing: 0.02, bend: 0.3, spread: 0.12 });
  return { ...body, arms: [left, phoneArm(figure, body)], hasPhone: true };
}

/** Sits on a bench of `seatM`; the origin is on the ground under the front edge of the bench. */
export function sittingPose(figure: Figure, seatM = 0.45): Pose {
  const { k, thighM, shankM, ankleM } = skeletonOf(figure);
  const pelvisAt: Vec3 = [0, -thighM * 0.86, seatM + 0.1 * k];
  const trunk = trunkOf(figure, { pelvisAt, lean: 0.1, nod: 0.1, look: 0.15 });
  const reachM = Math.min(shankM + ankleM, seatM + 0.09);
  const forwardM = Math.sqrt(Math.max(0, (shankM + ankleM) ** 2 - reachM ** 2)) + 0.06;
  const feet: Pair<Vec3> = [
    [-0.1 * k, forwardM, 0],
    [0.12 * k, forwardM + 0.06, 0],
  ];
  const legs = standingLegs(figure, trunk, feet);
  return {
    ...trunk,
    legs,
    arms: [reachingArm(figure, trunk, -1, [-0.12, 0.3, -0.34]), reachingArm(figure, trunk, 1, [0.13, 0.32, -0.34])],
  };
}
