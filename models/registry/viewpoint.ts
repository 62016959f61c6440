/** A camera's place, height and direction as a homography from picture to ground, in closed form, with its uncertainty. */
import type { Lens, Viewpoint } from '../schema/calibration.ts';
import { invert, type Matrix, multiply } from './projective.ts';

const RADIANS = Math.PI / 180;

/** How well a person knows each, 1 sigma: a height by a laser, angles by the net that fits the picture. */
const HEIGHT_SHARE = 0.03;
const PLACE_M = 0.5;
const SIGMAS = { headingDeg: 0.5, tiltDeg: 0.5, rollDeg: 0.5, fieldOfViewDeg: 1 } as const;

/** Picture fractions without distortion → metres east and north of the point below the camera. */
export function homographyOf(view: Viewpoint): number[] {
  const { right, down, forward } = axesOf(view);
  const onGround = (axis: Axis) => [axis[0], axis[1], -axis[2] * view.heightM] as const;
  const toCamera = [...onGround(right), ...onGround(down), ...onGround(forward)];
  return scaled(invert(multiply(pinholeOf(view), toCamera)));
}

/** The lens of a viewpoint; undefined where it bends nothing. */
export function lensOf(view: Viewpoint): Lens | undefined {
  const { k1 = 0, k2 = 0 } = view;
  if (k1 === 0 && k2 === 0) return undefined;
  const fx = focalOf(view);
  return { fx, fy: fx * view.aspect, cx: 0.5, cy: 0.5, k1, k2, p1: 0, p2: 0, k3: 0 };
}

/** 81 numbers, of the homography's nine, row by row: what `SIGMAS` and the others do to them. */
export function viewpointCovariance(view: Viewpoint): number[] {
  const around = homographyOf(view);
  const covariance = new Array<number>(81).fill(0);
  const add = (changed: readonly number[], perStep: number) => {
    for (let i = 0; i < 9; i++)
      for (let j = 0; j < 9; j++)
        covariance[i * 9 + j]! += (changed[i]! - around[i]!) * (changed[j]! - around[j]!) * perStep ** 2;
  };
  // A thousandth of each sigma, so that the change is a derivative.
  for (const [name, sigma] of Object.entries(SIGMAS))
    add(homographyOf({ ...view, [name]: view[name as keyof typeof SIGMAS] + sigma / 1000 }), 1000);
  add(homographyOf({ ...view, heightM: view.heightM * (1 + HEIGHT_SHARE / 1000) }), 1000);
  const moved = (east: number, north: number) => multiply([1, 0, east, 0, 1, north, 0, 0, 1], around);
  add(moved(PLACE_M, 0), 1);
  add(moved(0, PLACE_M), 1);
  return covariance;
}

type Axis = readonly [east: number, north: number, up: number];

/** Where right, down and forward of the picture point. */
function axesOf({ headingDeg, tiltDeg, rollDeg }: Viewpoint): { right: Axis; down: Axis; forward: Axis } {
  const [sh, ch] = [Math.sin(headingDeg * RADIANS), Math.cos(headingDeg * RADIANS)];
  const [st, ct] = [Math.sin(tiltDeg * RADIANS), Math.cos(tiltDeg * RADIANS)];
  const [sr, cr] = [Math.sin(rollDeg * RADIANS), Math.cos(rollDeg * RADIANS)];
  const level: Axis = [ch, -sh, 0];
  const below: Axis = [-st * sh, -st * ch, -ct];
  const turned = (a: number, b: number): Axis => [
    a * level[0] + b * below[0],
    a * level[1] + b * below[1],
    a * level[2] + b * below[2],
  ];
  return { right: turned(cr, sr), down: turned(-sr, cr), forward: [sh * ct, ch * ct, -st] };
}

const focalOf = ({ fieldOfViewDeg }: Viewpoint) => 0.5 / Math.tan((fieldOfViewDeg / 2) * RADIANS);

function pinholeOf(view: Viewpoint): Matrix {
  const fx = focalOf(view);
  return [fx, 0, 0.5, 0, fx * view.aspect, 0.5, 0, 0, 1];
}

/** The third row as long as 1, as calibrations are stored; what is in front of the camera has a positive third coordinate. */
const scaled = (m: Matrix): number[] => {
  const scale = 1 / Math.hypot(m[6]!, m[7]!, m[8]!);
  // Plus nothing: what is written and read again has no negative zeros.
  return m.map((value) => value * scale + 0);
};

/** What a homography says of the camera, if its lens is a plain one with its axis in the middle; undefined where it cannot. */
export function viewpointOf(
  homography: Matrix,
  {
    originLon,
    originLat,
    aspect,
    toDegrees,
  }: {
    originLon: number;
    originLat: number;
    aspect: number;
    toDegrees: (east: number, north: number) => [lon: number, lat: number];
  },
): Viewpoint | undefined {
  const toSquare = [1, 0, -0.5, 0, 1 / aspect, -0.5 / aspect, 0, 0, 1];
  const g = multiply(toSquare, invert(homography));
  const column = (index: number): number[] => [g[index]!, g[index + 3]!, g[index + 6]!];
  const [first, second, third] = [column(0), column(1), column(2)];
  const focal = focalBetween(first, second);
  if (focal === undefined) return undefined;
  const axes = [first, second, third].map(([u, v, w]) => [u! / focal, v! / focal, w!]);
  const [r1, r2, t] = axes as [number[], number[], number[]];
  const scale = 1 / Math.sqrt(Math.hypot(...r1) * Math.hypot(...r2));
  const east = r1.map((value) => value * scale);
  const north = r2.map((value) => value * scale);
  const up = cross(east, north);
  const shift = t.map((value) => value * scale);
  const centre = [-dot(east, shift), -dot(north, shift), -dot(up, shift)] as const;
  // Rows of the turn are the camera's axes in the ground's.
  const forward = [east[2]!, north[2]!, up[2]!] as const;
  const tiltDeg = -Math.asin(Math.max(-1, Math.min(1, forward[2]))) / RADIANS;
  const headingDeg = (Math.atan2(forward[0], forward[1]) / RADIANS + 360) % 360;
  const rollDeg = Math.atan2(-up[0]!, -up[1]!) / RADIANS;
  const [lon, lat] = toDegrees(centre[0], centre[1]);
  if (!(centre[2] >= 0.5 && centre[2] <= 500) || Math.abs(originLat - lat) + Math.abs(originLon - lon) > 1)
    return undefined;
  const fieldOfViewDeg = (2 * Math.atan(0.5 / focal)) / RADIANS;
  return { lon, lat, heightM: centre[2], headingDeg, tiltDeg, rollDeg, fieldOfViewDeg, aspect };
}

/** With the bend that a calibration's lens has, in the focal length of the viewpoint. */
export function bentBy(view: Viewpoint, lens: Lens | undefined): Viewpoint {
  if (lens === undefined) return view;
  const square = (focalOf(view) / lens.fx) ** 2;
  const within = (value: number) => Math.max(-2, Math.min(2, value));
  return { ...view, k1: within(lens.k1 * square), k2: within(lens.k2 * square ** 2) };
}

const dot = (a: readonly number[], b: readonly number[]) => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
const cross = (a: readonly number[], b: readonly number[]) => [
  a[1]! * b[2]! - a[2]! * b[1]!,
  a[2]! * b[0]! - a[0]! * b[2]!,
  a[0]! * b[1]! - a[1]! * b[0]!,
];

/** Zhang's two conditions on the focal length, least squares; in widths of the picture. */
function focalBetween([a1, a2, a3]: readonly number[], [b1, b2, b3]: readonly number[]): number | undefined {
  const across = [a1! * b1! + a2! * b2!, (a1! ** 2 + a2! ** 2 - b1! ** 2 - b2! ** 2) / 2] as const;
  const along = [a3! * b3!, (a3! ** 2 - b3! ** 2) / 2] as const;
  const inverseSquare = -(across[0] * along[0] + across[1] * along[1]) / (across[0] ** 2 + across[1] ** 2);
  const focal = 1 / Math.sqrt(inverseSquare);
  return focal > 0.05 && focal < 60 ? focal : undefined;
}
