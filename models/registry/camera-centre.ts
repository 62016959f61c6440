/** Where a calibrated camera hangs: its centre above the ground, recovered from the homography of a lens that is sane. */
import type { Calibration } from '../schema/calibration.ts';
import { invert, multiply } from './projective.ts';

/** Metres east and north of the calibration's origin, and above its ground. */
export type CameraCentre = { eastM: number; northM: number; heightM: number };

/** Width over height of most pictures, where the calibration does not say it. */
const ASPECT = 16 / 9;
/** Widths of the picture: fields of view from 10 to 130 degrees. */
const FOCAL = { min: 0.23, max: 5.7 };
const HEIGHT_M = { min: 1.8, max: 300 };
/** Two axes of the ground come out equally long and upright on each other, within this share. */
const CROOKED_MAX = 0.15;

/**
 * Zhang's two conditions (A Flexible New Technique for Camera Calibration, 2000) with square pixels and the lens's axis in
 * the middle of the picture leave one unknown, the focal length. undefined where they contradict each other, or say
 * nothing: a camera that looks straight down.
 */
export function cameraCentre(calibration: Calibration): CameraCentre | undefined {
  const aspect = aspectOf(calibration);
  const toSquare = [1, 0, -0.5, 0, 1 / aspect, -0.5 / aspect, 0, 0, 1];
  const g = multiply(toSquare, invert(calibration.homography));
  const [first, second, third] = [0, 1, 2].map((column) => [g[column]!, g[column + 3]!, g[column + 6]!]) as [
    number[],
    number[],
    number[],
  ];
  const focal = focalOf(first, second);
  if (focal === undefined) return undefined;
  const [r1, r2, t] = [first, second, third].map(([u, v, w]) => [u! / focal, v! / focal, w!]) as [
    number[],
    number[],
    number[],
  ];
  const [long, wide] = [Math.hypot(...r1), Math.hypot(...r2)];
  const scale = Math.sqrt(long * wide);
  const lean = dot(r1, r2) / (long * wide);
  if (Math.abs(Math.log(long / wide)) > CROOKED_MAX || Math.abs(lean) > CROOKED_MAX) return undefined;
  const up = [r1[1]! * r2[2]! - r1[2]! * r2[1]!, r1[2]! * r2[0]! - r1[0]! * r2[2]!, r1[0]! * r2[1]! - r1[1]! * r2[0]!];
  const centre = {
    eastM: -dot(r1, t) / scale ** 2,
    northM: -dot(r2, t) / scale ** 2,
    heightM: -dot(up, t) / scale ** 3,
  };
  return centre.heightM >= HEIGHT_M.min && centre.heightM <= HEIGHT_M.max ? centre : undefined;
}

function aspectOf({ lens, viewpoint, aspect = ASPECT }: Calibration): number {
  return lens === undefined ? (viewpoint?.aspect ?? aspect) : lens.fy / lens.fx;
}

const dot = (a: readonly number[], b: readonly number[]) => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;

/** Least squares over both conditions; the second has double the weight of the first, or it would depend on where north is. */
function focalOf([a1, a2, a3]: readonly number[], [b1, b2, b3]: readonly number[]): number | undefined {
  const across = [a1! * b1! + a2! * b2!, (a1! ** 2 + a2! ** 2 - b1! ** 2 - b2! ** 2) / 2] as const;
  const along = [a3! * b3!, (a3! ** 2 - b3! ** 2) / 2] as const;
  const inverseSquare = -(across[0] * along[0] + across[1] * along[1]) / (across[0] ** 2 + across[1] ** 2);
  const focal = 1 / Math.sqrt(inverseSquare);
  return focal >= FOCAL.min && focal <= FOCAL.max ? focal : undefined;
}
