/** Legs, shoes, arms and hands, in skin or in cloth. */
import { type LibraryMaterial, numberOf } from '#demo/picture/job/library-materials.ts';
import { type Girth, ringsAlong } from '#demo/picture/shape/path.ts';
import type { Surface } from '#demo/picture/shape/surface.ts';
import { addTube, type Ring } from '#demo/picture/shape/tube.ts';
import {
  along,
  cross,
  FRONT,
  mixed,
  scaled,
  squaredTo,
  subtract,
  UP,
  unit,
  type Vec3,
} from '#demo/picture/shape/vector.ts';
import { type Figure, type Skeleton, skeletonOf } from './figure.ts';
import { FOOT } from './foot.ts';
import type { Arm, Leg, Pose } from './pose.ts';

/** Half widths of a bare leg: hip, thigh, knee, calf, ankle; the joints are numbered 0, 1, 2. */
const LEG = [
  [-0.06, 0.07],
  [0.1, 0.083],
  [0.5, 0.074],
  [0.95, 0.054],
  [1.3, 0.056],
  [1.7, 0.04],
  [2.0, 0.034],
] as const;

const ARM = [
  [0, 0.03],
  [0.7, 0.05],
  [1, 0.056],
  [1.3, 0.049],
  [1.9, 0.04],
  [2.25, 0.041],
  [2.8, 0.029],
  [2.98, 0.026],
] as const;

export function addLegs(surface: Surface, figure: Figure, pose: Pose, seed: number): void {
  pose.legs.forEach((leg, which) => {
    addLeg(surface, figure, leg, seed + which);
    addShoe(surface, figure, leg);
  });
}

function addLeg(surface: Surface, figure: Figure, leg: Leg, seed: number): void {
  const skeleton = skeletonOf(figure);
  const { k } = skeleton;
  const { bottom } = figure;
  const joints = [leg.hip, leg.knee, leg.ankle];
  const thick = 0.5 + 0.5 * figure.girth;
  const front = squaredTo(add2(leg.footFront, scaled(UP, 0.3)), unit(subtract(leg.knee, leg.hip)));
  if (bottom.kind === 'trousers') {
    const loose = bottom.looseM * k;
    const girths: Girth[] = LEG.map(([at, half]) => {
      const below = Math.max(0, at - 0.95);
      const side = half * thick * k + loose * (0.45 + 0.75 * below);
      return { at, side, depth: side * (1 + 0.06 * below) };
    });
    girths.push({ at: 2.09, side: girths.at(-1)!.side + 0.004, depth: girths.at(-1)!.side * 1.18 });
    const rings = ringsAlong(joints, girths, { count: 13, front });
    addTube(surface, rings, { corners: 10, material: numberOf(bottom.material), wrinkle: 0.02, seed });
    return;
  }
  const girths = LEG.map(([at, half]) => ({ at, side: half * thick * k }));
  const rings = ringsAlong(joints, girths, { count: 11, front });
  addTube(surface, rings, { corners: 9, material: numberOf('skin') });
  if (bottom.kind === 'shorts') {
    const endAt = Math.min(1.2, bottom.lengthM / skeleton.thighM);
    const legs = [
      { at: -0.06, side: 0.092 * thick * k },
      { at: 0.3, side: 0.095 * thick * k },
      { at: endAt - 0.02, side: 0.086 * thick * k + 0.008 },
      { at: endAt, side: 0.074 * thick * k },
    ];
    const cloth = ringsAlong(joints, legs, { count: 9, front });
    addTube(surface, cloth, {
      corners: 11,
      material: numberOf(bottom.material),
      wrinkle: 0.016,
      seed,
    });
  }
}

function add2(a: Vec3, b: Vec3): Vec3 {
  return along(a, b, 1);
}

/** Stations of a shoe: forward of the ankle, half width, half height, height of the middle above the sole. */
const SHOE = [
  [-0.068, 0.016, 0.02, 0.032],
  [-0.062, 0.03, 0.034, 0.038],
  [-0.03, 0.036, 0.05, 0.051],
  [0.015, 0.037, 0.054, 0.054],
  [0.06, 0.039, 0.043, 0.043],
  [0.1, 0.043, 0.033, 0.033],
  [0.14, 0.044, 0.027, 0.027],
  [0.175, 0.034, 0.022, 0.022],
  [0.195, 0.014, 0.012, 0.014],
] as const;

function addShoe(surface: Surface, figure: Figure, leg: Leg): void {
  const { k, ankleM } = skeletonOf(figure);
  const wide = figure.build === 'woman' ? 0.92 : 1;
  const sole = along(leg.ankle, leg.footUp, -ankleM);
  const ball = along(sole, leg.footFront, FOOT.ballM * k);
  const right = cross(leg.footFront, leg.footUp);
  const toeUp = cross(right, leg.toeFront);
  const rings: Ring[] = SHOE.map(([ahead, half, high, middle]) => {
    const isToe = ahead > FOOT.ballM;
    const at = isToe ? along(ball, leg.toeFront, (ahead - FOOT.ballM) * k) : along(sole, leg.footFront, ahead * k);
    const up = isToe ? toeUp : leg.footUp;
    const centre = along(at, up, middle * k);
    return {
      centre,
      right,
      front: up,
      side: half * k * wide,
      fore: high * k,
      back: middle * k * 0.99,
      squareness: 0.75,
    };
  });
  const [upper, under] = [numberOf('shoe'), numberOf(figure.sole)];
  const corners = 10;
  const material = (_: number, corner: number) => (corner >= 6 && corner <= 8 ? under : upper);
  addTube(surface, rings, { corners, material });
}

export function addArms(surface: Surface, figure: Figure, pose: Pose, seed: number): void {
  pose.arms.forEach((arm, which) => {
    addArm(surface, figure, { ...arm, collar: collarOf(pose, arm, skeletonOf(figure)) }, which, seed + which * 3);
    addHand(surface, figure, arm, which === 0 ? -1 : 1);
  });
}

function collarOf(pose: Pose, arm: Arm, { k }: Skeleton): Vec3 {
  return along(mixed(pose.chest.at, arm.shoulder, 0.45), cross(pose.chest.right, pose.chest.front), 0.022 * k);
}

function addArm(surface: Surface, figure: Figure, arm: Arm & { collar: Vec3 }, which: number, seed: number): void {
  const skeleton = skeletonOf(figure);
  const { k } = skeleton;
  const thick = (0.6 + 0.4 * figure.girth) * (figure.build === 'woman' ? 0.88 : 1) * k;
  const joints = [arm.collar, arm.shoulder, arm.elbow, arm.wrist];
  const { top } = figure;
  const options = { front: FRONT, roundness: 0.3 };
  const isLong = top.sleeves === 'long';
  const cloth = numberOf(sleeveMaterial(figure));
  if (isLong) {
    const loose = top.looseM * 0.55 * k;
    const girths = ARM.map(([at, half]) => ({ at, side: half * thick + loose + (at > 2 ? 0.004 : 0) }));
    const rings = ringsAlong(joints, girths, { ...options, count: 13 });
    const cuff = rings.at(-1)!;
    rings.push({ ...cuff, side: cuff.side * 0.8, fore: cuff.fore * 0.8, back: cuff.back * 0.8 });
    addTube(surface, rings, { corners: 9, material: cloth, wrinkle: 0.018, seed: seed + which });
    return;
  }
  const girths = ARM.slice(1).map(([at, half]) => ({ at, side: half * thick }));
  addTube(surface, ringsAlong(joints, girths, { ...options, count: 12 }), {
    corners: 8,
    material: numberOf('skin'),
  });
  const sleeve = [
    { at: 0, side: 0.034 * thick },
    { at: 0.7, side: 0.056 * thick },
    { at: 1, side: 0.065 * thick },
    { at: 1.4, side: 0.06 * thick },
    { at: 1.62, side: 0.059 * thick },
    { at: 1.64, side: 0.048 * thick },
  ];
  addTube(surface, ringsAlong(joints, sleeve, { ...options, count: 6 }), {
    corners: 10,
    material: cloth,
    wrinkle: 0.02,
    seed,
  });
}

function sleeveMaterial({ top }: Figure): LibraryMaterial {
  return top.material;
}

/** Palm, fingers and thumb: [along the hand, half width, half thickness] in metres. */
const HAND = [
  [-0.012, 0.024, 0.02],
  [0.02, 0.033, 0.02],
  [0.06, 0.04, 0.019],
  [0.095, 0.038, 0.016],
  [0.13, 0.031, 0.013],
  [0.16, 0.022, 0.01],
  [0.172, 0.01, 0.005],
] as const;

function addHand(surface: Surface, figure: Figure, arm: Arm, side: -1 | 1): void {
  const { k } = skeletonOf(figure);
  const small = k * (figure.build === 'woman' ? 0.92 : 1);
  const ahead = unit(subtract(arm.wrist, arm.elbow));
  const thumbWards = squaredTo(Math.abs(ahead[1]) > 0.8 ? [0, 0, 1] : FRONT, ahead);
  const palmWards = scaled(cross(ahead, thumbWards), -side);
  const rings: Ring[] = HAND.map(([at, half, thin]) => {
    const curl = Math.max(0, at - 0.06) ** 2 * 4;
    const centre = along(along(arm.wrist, ahead, at * small), palmWards, curl);
    return { centre, right: thumbWards, front: palmWards, side: half * small, fore: thin * small, back: thin * small };
  });
  addTube(surface, rings, { corners: 6, material: numberOf('skin') });
  const root = along(along(arm.wrist, ahead, 0.03 * small), thumbWards, 0.026 * small);
  const tip = along(along(along(root, ahead, 0.06 * small), thumbWards, 0.024 * small), palmWards, 0.012);
  const thumb = ringsAlong(
    [root, tip],
    [
      { at: 0, side: 0.015 * small },
      { at: 1, side: 0.009 * small },
    ],
    { count: 3, front: palmWards },
  );
  addTube(surface, thumb, { corners: 5, material: numberOf('skin') });
}
