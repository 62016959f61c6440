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
  [0.07, 0.082, 0.06, 0.11],
  [0.086, 0.081, 0.094, 0.106],
  [0.106, 0.073, 0.091, 0.096],
  [0.126, 0.057, 0.07, 0.076],
  [0.138, 0.034, 0.042, 0.048],
  [0.142, 0.012, 0.012, 0.016],
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
  [0.035, 0.085, 0.09, 0.109],
  [0.05, 0.09, 0.104, 0.117],
  [0.08, 0.089, 0.104, 0.115],
  [0.108, 0.08, 0.098, 0.104],
  [0.132, 0.06, 0.074, 0.08],
  [0.148, 0.028, 0.032, 0.036],
  [0.15, 0.008, 0.008, 0.008],
];
const VISOR: Rows = [
  [0.038, 0.05, 0.13, -0.07],
  [0.042, 0.066, 0.165, -0.06],
  [0.048, 0.066, 0.165, -0.06],
  [0.052, 0.05, 0.13, -0.07],
];
const HELMET: Rows = [
  [-0.035, 0.082, -0.02, 0.11],
  [-0.022, 0.096, 0.02, 0.123],
  [0.03, 0.102, 0.092, 0.13],
  [0.048, 0.102, 0.126, 0.13],
  [0.062, 0.102, 0.115, 0.128],
  [0.1, 0.091, 0.106, 0.113],
  [0.13, 0.066, 0.078, 0.086],
  [0.15, 0.034, 0.04, 0.044],
  [0.156, 0.01, 0.012, 0.012],
];
const BRIM: Rows = [
  [0.042, 0.12, 0.13, 0.14],
  [0.046, 0.19, 0.2, 0.205],
  [0.053, 0.19, 0.2, 0.205],
  [0.058, 0.12, 0.13, 0.14],
];

/** How the hair falls over the forehead: where it parts (-1 left to 1 right), and how deep it hangs there, metres. */
interface Fringe {
  readonly partAt: number;
  readonly hangM: number;
}

const FRINGES: readonly Fringe[] = [
  { partAt: -0.5, hangM: 0.02 },
  { partAt: 0.1, hangM: 0.012 },
  { partAt: 0.55, hangM: 0.014 },
  { partAt: -0.2, hangM: 0.024 },
];

/** Lowers the front rows away from the parting and roughens them, so that no hairline is a ruler's edge. */
function fringeShift(rows: Rows, fringe: Fringe, scale: number, seed: number): (ring: number, angle: number) => Vec3 {
  return (ring, angle) => {
    const [height, , fore] = rows[ring]!;
    const front = Math.sin(angle);
    if (front < 0.3 || height < 0.04 || height > 0.12) return [0, 0.002 * Math.sin(angle * 4 + ring * 1.7 + seed), 0];
    const across = Math.cos(angle);
    const hang = Math.min(1, Math.abs(across - fringe.partAt) * 1.6) * fringe.hangM;
    const rough = 0.006 * Math.sin(angle * 7 + seed * 2.1);
    const fall = (0.12 - height) / 0.06;
    return [0, fore > 0.05 ? 0.004 * scale : 0, (-hang * Math.min(1, fall) + rough) * front * scale];
  };
}

export function addHair(surface: Surface, figure: Figure, pose: Pose, seed: number): void {
  const hair = numberOf('hair');
  const fringe = figure.hair === 'thin' || figure.hat !== undefined ? undefined : FRINGES[(seed + 1) % FRINGES.length]!;
  addRows(surface, figure, pose, ROWS[figure.hair], hair, {
    corners: 14,
    wrinkle: 0.022,
    seed,
    ...(fringe && { fringe }),
  });
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
  options: { corners: number; wrinkle: number; seed: number; fringe?: Fringe },
): void {
  const { headScale } = skeletonOf(figure);
  const rings: Ring[] = rows.map(([z, side, fore, back]) => {
    const half = ((fore + back) / 2) * headScale;
    const centre = headPlace(head, headScale, [0, (fore - back) / 2, z]);
    return { centre, right: head.right, front: head.front, side: side * headScale, fore: half, back: half };
  });
  const { fringe } = options;
  const shift = fringe === undefined ? undefined : fringeShift(rows, fringe, headScale, options.seed);
  addTube(surface, rings, { ...options, material, ...(shift && { shift }) });
}
