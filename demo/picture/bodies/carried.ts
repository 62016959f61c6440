/** What people carry: rucksack, handbag, shoulder bag, shopping, telephone and umbrella. */
import { numberOf } from '#demo/picture/job/library-materials.ts';
import { ringsAlong } from '#demo/picture/shape/path.ts';
import type { Surface } from '#demo/picture/shape/surface.ts';
import { addTube, type Ring } from '#demo/picture/shape/tube.ts';
import {
  add,
  along,
  cross,
  FRONT,
  mixed,
  RIGHT,
  squaredTo,
  subtract,
  UP,
  unit,
  type Vec3,
} from '#demo/picture/shape/vector.ts';
import { type Figure, skeletonOf } from './figure.ts';
import type { Pose } from './pose.ts';
import { bodyAt, spineAt } from './torso.ts';

export function addCarried(surface: Surface, figure: Figure, pose: Pose): void {
  if (figure.bag === 'rucksack') addRucksack(surface, figure, pose);
  if (figure.bag === 'handbag' || figure.bag === 'shopping') addHeldBag(surface, figure, pose);
  if (figure.bag === 'shoulder-bag') addShoulderBag(surface, figure, pose);
  if (pose.hasPhone) addPhone(surface, figure, pose);
  if (figure.hasUmbrella) addUmbrella(surface, figure, pose);
}

/** [height above the hip joint, half width, half depth] of a rucksack. */
const RUCKSACK = [
  [0.1, 0.1, 0.04],
  [0.11, 0.135, 0.07],
  [0.18, 0.148, 0.085],
  [0.28, 0.148, 0.082],
  [0.38, 0.14, 0.07],
  [0.45, 0.115, 0.05],
  [0.475, 0.06, 0.02],
] as const;

function addRucksack(surface: Surface, figure: Figure, pose: Pose): void {
  const { k } = skeletonOf(figure);
  const size = Math.max(0.78, k);
  const rings: Ring[] = RUCKSACK.map(([height, half, deep]) => {
    const frame = spineAt(pose, figure, height * k);
    const behind = bodyAt(figure, height * k).back + figure.top.looseM + deep * size - 0.012;
    const centre = along(frame.at, frame.front, -behind);
    return {
      centre,
      right: frame.right,
      front: frame.front,
      side: half * size,
      fore: deep * size,
      back: deep * size,
      squareness: 0.6,
    };
  });
  addTube(surface, rings, { corners: 12, material: numberOf('bag-cloth'), wrinkle: 0.01 });
  for (const side of [-1, 1]) {
    const place = (height: number, across: number, front: number): Vec3 => {
      const frame = spineAt(pose, figure, height * k);
      const body = bodyAt(figure, height * k);
      const depth = front > 0 ? body.fore * front : body.back * front;
      return along(
        along(frame.at, frame.right, side * across * k),
        frame.front,
        depth + Math.sign(front) * figure.top.looseM,
      );
    };
    const joints = [
      place(0.48, 0.1, -1),
      place(0.515, 0.105, 0.4),
      place(0.4, 0.12, 0.98),
      place(0.24, 0.135, 0.72),
      place(0.18, 0.15, -0.3),
    ];
    const girths = [
      { at: 0, side: 0.016 * k, depth: 0.006 },
      { at: 4, side: 0.014 * k, depth: 0.006 },
    ];
    const strap = ringsAlong(joints, girths, { count: 11, front: UP, roundness: 0.4 });
    addTube(surface, strap, { corners: 4, material: numberOf('bag-cloth') });
  }
}

function box(centre: Vec3, right: Vec3, front: Vec3, [halfX, halfY, halfZ]: Vec3): Ring[] {
  const up = cross(right, front);
  return [
    [-1, 0.8],
    [-0.9, 1],
    [0, 1.02],
    [0.9, 0.92],
    [1, 0.7],
  ].map(([at, wide]) => {
    const depth = halfY * wide!;
    return {
      centre: along(centre, up, at! * halfZ),
      right,
      front,
      side: halfX * wide!,
      fore: depth,
      back: depth,
      squareness: 0.5,
    };
  });
}

function strap(surface: Surface, joints: readonly Vec3[], halfM: number, material: number): void {
  const girths = [
    { at: 0, side: halfM },
    { at: joints.length - 1, side: halfM },
  ];
  const front = squaredTo([0.3, 0.9, 0.2], unit(subtract(joints[1]!, joints[0]!)));
  addTube(surface, ringsAlong(joints, girths, { count: joints.length * 2, front, roundness: 0.4 }), {
    corners: 4,
    material,
  });
}

function addHeldBag(surface: Surface, figure: Figure, pose: Pose): void {
  const { k } = skeletonOf(figure);
  const arm = pose.arms[0];
  const hand = along(arm.wrist, unit(subtract(arm.wrist, arm.elbow)), 0.085 * k);
  const isShopping = figure.bag === 'shopping';
  const half: Vec3 = isShopping ? [0.075, 0.14, 0.16] : [0.06, 0.145, 0.1];
  const material = numberOf(isShopping ? 'bag-cloth' : 'bag-leather');
  const centre = add(hand, [-0.035, 0.01, -half[2] - (isShopping ? 0.1 : 0.13)]);
  addTube(surface, box(centre, RIGHT, FRONT, half), {
    corners: 10,
    material,
    wrinkle: isShopping ? 0.03 : 0,
  });
  for (const end of [-0.6, 0.6]) {
    const foot = add(centre, [0, end * half[1], half[2] * 0.9]);
    strap(surface, [foot, mixed(foot, hand, 0.6), hand], 0.007, material);
  }
}

function addShoulderBag(surface: Surface, figure: Figure, pose: Pose): void {
  const { k } = skeletonOf(figure);
  const hip = spineAt(pose, figure, -0.02 * k);
  const { side } = bodyAt(figure, 0);
  const outM = side + figure.top.looseM + 0.045;
  const centre = along(along(hip.at, hip.right, outM), hip.front, -0.02);
  addTube(surface, box(centre, hip.right, hip.front, [0.048, 0.14, 0.105]), {
    corners: 10,
    material: numberOf('bag-leather'),
  });
  const place = (height: number, across: number, front: number): Vec3 => {
    const frame = spineAt(pose, figure, height * k);
    const body = bodyAt(figure, height * k);
    const depth = front > 0 ? (body.fore + figure.top.looseM) * front : (body.back + figure.top.looseM) * -front * -1;
    return along(along(frame.at, frame.right, across * k), frame.front, depth);
  };
  const top = place(0.525, -0.09, 0.2);
  const front = [top, place(0.42, -0.05, 1.03), place(0.25, 0.06, 1.06), along(centre, UP, 0.1)];
  const rear = [top, place(0.42, -0.05, -1.03), place(0.25, 0.06, -1.06), along(centre, UP, 0.1)];
  strap(surface, front, 0.011, numberOf('bag-leather'));
  strap(surface, rear, 0.011, numberOf('bag-leather'));
}

function addPhone(surface: Surface, figure: Figure, pose: Pose): void {
  const { k } = skeletonOf(figure);
  const arm = pose.arms[1];
  const ahead = unit(subtract(arm.wrist, arm.elbow));
  const centre = add(along(arm.wrist, ahead, 0.11 * k), [-0.015, -0.012, 0.035]);
  const front = unit(subtract(pose.head.at, centre));
  const right = unit(cross(FRONT, UP));
  const facing = squaredTo(front, right);
  addTube(surface, box(centre, right, facing, [0.038, 0.006, 0.078]), {
    corners: 8,
    material: numberOf('phone'),
  });
}

/** A canopy of eight panels over the head, on a rod in the right hand. */
function addUmbrella(surface: Surface, figure: Figure, pose: Pose): void {
  const { k } = skeletonOf(figure);
  const arm = pose.arms[1];
  const hand = along(arm.wrist, unit(subtract(arm.wrist, arm.elbow)), 0.06 * k);
  const above = add(pose.head.at, [0.04, 0.04, 0.36 * k]);
  const axis = unit(subtract(above, hand));
  strap(surface, [along(hand, axis, -0.12), mixed(hand, above, 0.5), above], 0.011, numberOf('rod'));
  const right = squaredTo(RIGHT, axis);
  const front = cross(axis, right);
  const dome = [
    [-0.15, 0.46],
    [-0.14, 0.5],
    [-0.075, 0.42],
    [-0.02, 0.28],
    [0.01, 0.12],
    [0.02, 0.03],
  ] as const;
  const under = [
    [0.0, 0.1],
    [-0.03, 0.27],
    [-0.085, 0.41],
  ] as const;
  const rings = [...under, ...dome].map(([at, half]) => ({
    centre: along(above, axis, at),
    right,
    front,
    side: half,
    fore: half,
    back: half,
  }));
  addTube(surface, rings, { corners: 16, material: numberOf('umbrella') });
}
