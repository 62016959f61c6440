/** Hair and what is worn over it. */
import { numberOf } from '#demo/picture/job/library-materials.ts';
import type { Surface } from '#demo/picture/shape/surface.ts';
import { addTube, blobRings, type Ring } from '#demo/picture/shape/tube.ts';
import type { Vec3 } from '#demo/picture/shape/vector.ts';
import { type Figure, type Hair, skeletonOf } from './figure.ts';
import { headPlace } from './head.ts';
import type { Pose } from './pose.ts';

/** [height, half width, front, back] in metres at 1.72 m, all from the middle of the skull; a front below 0 lies behind it. */
type Rows = readonly (readonly [number, number, number, number])[];

const CROWN: Rows = [
  [0.05, 0.08, 0.01, 0.109],
  [0.068, 0.082, 0.07, 0.11],
  [0.08, 0.081, 0.097, 0.106],
  [0.1, 0.073, 0.09, 0.096],
  [0.12, 0.057, 0.068, 0.074],
  [0.134, 0.034, 0.04, 0.046],
  [0.139, 0.012, 0.012, 0.016],
];

const ROWS: Record<Hair, Rows> = {
  short: [
    [-0.075, 0.052, -0.06, 0.082],
    [-0.055, 0.064, -0.045, 0.092],
    [-0.01, 0.076, -0.02, 0.102],
    [0.02, 0.079, 0.0, 0.106],
    ...CROWN,
  ],
  thin: [
    [-0.075, 0.05, -0.06, 0.08],
    [-0.05, 0.063, -0.045, 0.09],
    [-0.01, 0.074, -0.02, 0.099],
    [0.03, 0.077, -0.01, 0.102],
    [0.06, 0.077, 0.0, 0.1],
    [0.09, 0.066, 0.02, 0.09],
    [0.112, 0.05, 0.03, 0.066],
    [0.121, 0.02, 0.02, 0.03],
  ],
  bob: [
    [-0.13, 0.062, -0.035, 0.085],
    [-0.115, 0.08, 0.0, 0.1],
    [-0.06, 0.087, 0.02, 0.11],
    [-0.01, 0.088, 0.02, 0.115],
    [0.025, 0.087, 0.03, 0.116],
    ...CROWN,
  ],
  long: [
    [-0.3, 0.055, -0.085, 0.125],
    [-0.28, 0.075, -0.07, 0.135],
    [-0.2, 0.09, -0.05, 0.135],
    [-0.12, 0.093, -0.03, 0.124],
    [-0.06, 0.088, -0.005, 0.116],
    [-0.01, 0.087, 0.01, 0.115],
    [0.025, 0.086, 0.025, 0.115],
    ...CROWN,
  ],
  tail: [
    [-0.08, 0.05, -0.06, 0.085],
    [-0.055, 0.066, -0.04, 0.094],
    [-0.01, 0.077, -0.012, 0.104],
    [0.02, 0.079, 0.005, 0.107],
    ...CROWN,
  ],
  bun: [
    [-0.08, 0.05, -0.06, 0.085],
    [-0.055, 0.066, -0.04, 0.094],
    [-0.01, 0.077, -0.012, 0.104],
    [0.02, 0.079, 0.005, 0.107],
    ...CROWN,
  ],
};

const CAP: Rows = [
  [0.035, 0.083, 0.088, 0.106],
  [0.05, 0.087, 0.1, 0.113],
  [0.075, 0.086, 0.098, 0.11],
  [0.1, 0.077, 0.086, 0.098],
  [0.122, 0.055, 0.06, 0.07],
  [0.136, 0.025, 0.025, 0.03],
  [0.138, 0.008, 0.008, 0.008],
];
const VISOR: Rows = [
  [0.038, 0.05, 0.13, -0.07],
  [0.042, 0.066, 0.165, -0.06],
  [0.048, 0.066, 0.165, -0.06],
  [0.052, 0.05, 0.13, -0.07],
];
const HELMET: Rows = [
  [-0.06, 0.075, -0.03, 0.1],
  [-0.05, 0.095, 0.0, 0.12],
  [0.0, 0.108, 0.05, 0.135],
  [0.045, 0.112, 0.118, 0.138],
  [0.085, 0.107, 0.118, 0.13],
  [0.12, 0.09, 0.1, 0.108],
  [0.148, 0.062, 0.066, 0.074],
  [0.162, 0.03, 0.03, 0.036],
  [0.165, 0.01, 0.01, 0.01],
];
const BRIM: Rows = [
  [0.042, 0.12, 0.13, 0.14],
  [0.046, 0.19, 0.2, 0.205],
  [0.053, 0.19, 0.2, 0.205],
  [0.058, 0.12, 0.13, 0.14],
];

export function addHair(surface: Surface, figure: Figure, pose: Pose, seed: number): void {
  const hair = numberOf('hair');
  addRows(surface, figure, pose, ROWS[figure.hair], hair, { corners: 12, wrinkle: 0.012, seed });
  if (figure.hair === 'tail') {
    const tail: Rows = [
      [-0.2, 0.012, -0.13, 0.15],
      [-0.16, 0.028, -0.11, 0.165],
      [-0.08, 0.034, -0.1, 0.168],
      [0.0, 0.03, -0.09, 0.16],
      [0.045, 0.02, -0.09, 0.14],
      [0.055, 0.01, -0.1, 0.12],
    ];
    addRows(surface, figure, pose, tail, hair, { corners: 8, wrinkle: 0.02, seed });
  }
  if (figure.hair === 'bun') {
    const { headScale } = skeletonOf(figure);
    const frame = {
      at: headPlace(pose.head, headScale, [0, -0.125, 0.04]),
      right: pose.head.right,
      front: pose.head.front,
    };
    addTube(surface, blobRings(frame, scaledBy([0.042, 0.038, 0.04], headScale), 5), {
      corners: 8,
      material: hair,
    });
  }
  addHat(surface, figure, pose);
}

function addHat(surface: Surface, figure: Figure, pose: Pose): void {
  if (figure.hat === undefined) return;
  const cloth = numberOf('hat-cloth');
  const options = { corners: 12, wrinkle: 0, seed: 0 };
  if (figure.hat === 'helmet') {
    addRows(surface, figure, pose, HELMET, numberOf('helmet'), options);
    return;
  }
  addRows(surface, figure, pose, CAP, cloth, options);
  addRows(surface, figure, pose, figure.hat === 'cap' ? VISOR : BRIM, cloth, options);
}

function scaledBy([x, y, z]: Vec3, factor: number): Vec3 {
  return [x * factor, y * factor, z * factor];
}

function addRows(
  surface: Surface,
  figure: Figure,
  { head }: Pose,
  rows: Rows,
  material: number,
  options: { corners: number; wrinkle: number; seed: number },
): void {
  const { headScale } = skeletonOf(figure);
  const rings: Ring[] = rows.map(([z, side, fore, back]) => {
    const half = ((fore + back) / 2) * headScale;
    const centre = headPlace(head, headScale, [0, (fore - back) / 2, z]);
    return { centre, right: head.right, front: head.front, side: side * headScale, fore: half, back: half };
  });
  addTube(surface, rings, { ...options, material });
}
