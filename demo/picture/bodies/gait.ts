/** Walking: the joints at any phase of two steps, with the standing foot fixed to the ground. */

import { reach } from '#demo/picture/shape/path.ts';
import { subtract, type Vec3 } from '#demo/picture/shape/vector.ts';
import { hangingArm, phoneArm, umbrellaArm } from './arms.ts';
import { type Figure, skeletonOf, strideOf } from './figure.ts';
import { ankleHeight, type FootAttitude, footDirections, rollOffset } from './foot.ts';
import type { Arm, Leg, Pose } from './pose.ts';
import { type Trunk, trunkOf } from './trunk.ts';

/** Share of the two steps in which a foot is on the ground. */
const STANCE = 0.62;
const SIDES = [-1, 1] as const;

/** [share of the cycle since the heel touched, pitch of the foot in radians]. */
const PITCH: readonly (readonly [number, number])[] = [
  [0, 0.36],
  [0.09, 0],
  [0.36, 0],
  [0.5, -0.35],
  [STANCE, -1.02],
  [0.7, -0.9],
  [0.86, -0.12],
  [0.95, 0.3],
  [1, 0.36],
];

/** How much the toes follow the foot: not at all while it pushes off. */
const TOES: readonly (readonly [number, number])[] = [
  [0, 1],
  [0.09, 1],
  [0.1, 0],
  [STANCE, 0.1],
  [0.74, 0.9],
  [0.8, 1],
  [1, 1],
];

/** Height of the sole's lowest place above the ground while the foot swings, metres at 1.72 m. */
const CLEARANCE: readonly (readonly [number, number])[] = [
  [0, 0],
  [STANCE, 0],
  [0.72, 0.035],
  [0.84, 0.03],
  [0.93, 0.035],
  [1, 0],
];

/** The pose at `phase` (radians; 2 pi is one stride of two steps; the right heel touches at 0). */
export function walkingPose(figure: Figure, phase: number, isReading = false): Pose {
  const turn = phase / (2 * Math.PI);
  const trunk = trunkAt(figure, turn, pelvisHeight(figure), isReading);
  const legs = SIDES.map((side) => legAt(figure, trunk, turn, side));
  const arms = SIDES.map((side) => armAt(figure, trunk, turn, side, isReading));
  return { ...trunk, legs: [legs[0]!, legs[1]!], arms: [arms[0]!, arms[1]!], hasPhone: isReading };
}

function trunkAt(figure: Figure, turn: number, heightM: number, isReading = false): Trunk {
  const { k } = skeletonOf(figure);
  const swing = 2 * Math.PI * turn;
  const rise = 0.021 * k * Math.cos(2 * (swing - 2 * Math.PI * 0.32));
  return trunkOf(figure, {
    pelvisAt: [0.02 * k * Math.cos(swing - 2 * Math.PI * 0.31), 0, heightM + rise],
    pelvisYaw: 0.12 * Math.cos(swing),
    chestYaw: -0.11 * Math.cos(swing),
    lean: 0.045 + figure.stoop * 0.25,
    nod: isReading ? 0.4 : 0.02,
  });
}

const PELVIS_HEIGHTS = new WeakMap<Figure, number>();

/** The highest mean pelvis from which both legs always reach their feet; worked out once for each figure. */
function pelvisHeight(figure: Figure): number {
  const known = PELVIS_HEIGHTS.get(figure);
  if (known !== undefined) return known;
  const { thighM, shankM } = skeletonOf(figure);
  const reachM = (thighM + shankM) * 0.9985;
  let heightM = Infinity;
  for (let i = 0; i < 48; i++) {
    const trunk = trunkAt(figure, i / 48, 0);
    SIDES.forEach((side, which) => {
      const [x, y, z] = subtract(trunk.hips[which]!, footAt(figure, i / 48, side).ankle);
      heightM = Math.min(heightM, Math.sqrt(Math.max(0, reachM ** 2 - x ** 2 - y ** 2)) - z);
    });
  }
  PELVIS_HEIGHTS.set(figure, heightM);
  return heightM;
}

/** The right foot touches the ground at turn 0, the left one half a turn later. */
function cycleOf(turn: number, side: -1 | 1): number {
  const own = side > 0 ? turn : turn + 0.5;
  return own - Math.floor(own);
}

function footAt(figure: Figure, turn: number, side: -1 | 1): { ankle: Vec3; attitude: FootAttitude } {
  const { k } = skeletonOf(figure);
  const cycle = cycleOf(turn, side);
  const attitude = attitudeAt(cycle, side);
  const y = cycle <= STANCE ? standingY(figure, cycle, side) : swingingY(figure, cycle, side);
  const z = ankleHeight(figure, attitude) + curveAt(CLEARANCE, cycle) * k;
  return { ankle: [side * 0.055 * k, y, z], attitude };
}

function attitudeAt(cycle: number, side: -1 | 1): FootAttitude {
  const pitch = curveAt(PITCH, cycle);
  return { pitch, toePitch: pitch * curveAt(TOES, cycle), yaw: -side * 0.1 };
}

function standingY(figure: Figure, cycle: number, side: -1 | 1): number {
  const strideM = strideOf(figure);
  return strideM * (0.258 - cycle) + rollOffset(figure, attitudeAt(cycle, side));
}

/** From where the toe left the ground to where the heel touches it, without a jerk at either end. */
function swingingY(figure: Figure, cycle: number, side: -1 | 1): number {
  const span = 1 - STANCE;
  const step = 1e-3;
  const from = standingY(figure, STANCE, side);
  const to = standingY(figure, 0, side);
  const startSlope = ((from - standingY(figure, STANCE - step, side)) / step) * span;
  const endSlope = ((standingY(figure, step, side) - to) / step) * span;
  const t = (cycle - STANCE) / span;
  const rest = 1 - t;
  return (
    from * (1 + 2 * t) * rest * rest +
    startSlope * t * rest * rest +
    to * t * t * (3 - 2 * t) -
    endSlope * t * t * rest * 0.6
  );
}

function legAt(figure: Figure, trunk: Trunk, turn: number, side: -1 | 1): Leg {
  const skeleton = skeletonOf(figure);
  const hip = trunk.hips[side < 0 ? 0 : 1];
  const { ankle, attitude } = footAt(figure, turn, side);
  const { middle, end } = reach(hip, ankle, [skeleton.thighM, skeleton.shankM], [side * 0.06, 1, 0]);
  return { hip, knee: middle, ankle: end, ...footDirections(attitude) };
}

function armAt(figure: Figure, trunk: Trunk, turn: number, side: -1 | 1, isReading: boolean): Arm {
  if (side > 0 && isReading) return phoneArm(figure, trunk);
  if (side > 0 && figure.hasUmbrella) return umbrellaArm(figure, trunk);
  const forward = -side * Math.cos(2 * Math.PI * turn);
  const amount = side < 0 && (figure.bag === 'handbag' || figure.bag === 'shopping') ? 0.35 : 1;
  return hangingArm(figure, trunk, side, {
    swing: 0.04 + 0.34 * forward * amount,
    bend: 0.12 + (0.2 + 0.2 * forward) * amount,
    spread: 0.1 + 0.04 * figure.girth + figure.top.looseM,
  });
}

function curveAt(points: readonly (readonly [number, number])[], t: number): number {
  const i = Math.max(
    1,
    points.findIndex(([at]) => at >= t),
  );
  const [from, to] = [points[i - 1]!, points[i]!];
  const share = (t - from[0]) / (to[0] - from[0]);
  return from[1] + (to[1] - from[1]) * share * share * (3 - 2 * share);
}
