/** Where a calibrated camera hangs and how tall things look to it: the camera's place and lens, read out of its homography. */
import type { Calibration } from '#models/schema/calibration.ts';
import { apply, invert, type Point } from '../projective.ts';
import { type TangentPlane, tangentPlane } from '../tangent-plane.ts';

/** Of the picture, where nobody says otherwise; x is a fraction of its width, y of its height. */
const ASPECT = 16 / 9;
/** A person on average, shoes included: the middle between women and men of the sizes that the city's truth uses. */
export const PERSON_M = 1.7;
const HEIGHTS_M = [1, 200] as const;
/** Farther than this from where the map has the camera, the homography says nothing of where it hangs. */
const ASTRAY_M = 25;
/** Poles of cities are this high; used where neither the homography nor a person tells. */
const USUAL_HEIGHT_M = 6;

export type Mounting = { position?: { lon: number; lat: number } | undefined; heightM?: number | undefined };

export type Eye = {
  lon: number;
  lat: number;
  heightM: number;
  /** `calibration`: read out of the homography; `placement`: as a person entered it; `guess`: nobody knows the height. */
  from: 'calibration' | 'placement' | 'guess';
  /** Height in the picture (fraction of it) of a person whose feet are on a place of the ground; 0 where they are not seen. */
  personShare: (lon: number, lat: number) => number;
};

/**
 * Takes a homography apart as that of a pinhole with square pixels whose axis meets the middle of the picture (Zhang,
 * "A flexible new technique for camera calibration", 2000, section 3.1, for one plane): the two columns of its rotation
 * are of one length and square to each other, which gives the focal length by least squares. Where that makes no camera
 * that can be, what a person entered counts, and a person's height follows from the distance below the horizon.
 */
export function eyeOf(calibration: Calibration, { position, heightM }: Mounting = {}): Eye {
  const plane = tangentPlane(calibration.originLon, calibration.originLat);
  const own = pinholeOf(calibration, plane);
  const strayM = own === undefined || position === undefined ? 0 : distanceM(plane, own, position);
  if (own !== undefined && strayM <= ASTRAY_M) return own;
  const place = position ?? own ?? nearestGround(calibration, plane);
  const height = heightM ?? USUAL_HEIGHT_M;
  return {
    lon: place.lon,
    lat: place.lat,
    heightM: height,
    from: heightM === undefined || position === undefined ? 'guess' : 'placement',
    personShare: belowHorizon(calibration, plane, height),
  };
}

const distanceM = (plane: TangentPlane, one: { lon: number; lat: number }, other: { lon: number; lat: number }) => {
  const [a, b] = [plane.toMetres(one.lon, one.lat), plane.toMetres(other.lon, other.lat)];
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
};

type Vector = readonly [number, number, number];

const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

function pinholeOf(calibration: Calibration, plane: TangentPlane): Eye | undefined {
  const inverse = invert(calibration.homography);
  // Columns in units of the picture's height, from its middle.
  const column = (index: number): Vector => {
    const [x, y, w] = [inverse[index]!, inverse[index + 3]!, inverse[index + 6]!];
    return [(x - 0.5 * w) * ASPECT, y - 0.5 * w, w];
  };
  const [one, two, three] = [column(0), column(1), column(2)];
  const skew = [2 * (one[0] * two[0] + one[1] * two[1]), 2 * one[2] * two[2]] as const;
  const stretch = [one[0] ** 2 + one[1] ** 2 - two[0] ** 2 - two[1] ** 2, one[2] ** 2 - two[2] ** 2] as const;
  const inverseSquare = -(skew[0] * skew[1] + stretch[0] * stretch[1]) / (skew[0] ** 2 + stretch[0] ** 2);
  if (!(inverseSquare > 0)) return undefined;
  const focal = 1 / Math.sqrt(inverseSquare);
  const straight = ([x, y, w]: Vector): Vector => [x / focal, y / focal, w];
  const [east, north] = [straight(one), straight(two)];
  const scale = 2 / (Math.sqrt(dot(east, east)) + Math.sqrt(dot(north, north)));
  const scaled = (vector: Vector): Vector => vector.map((value) => value * scale) as unknown as Vector;
  const [right, ahead, offset] = [scaled(east), scaled(north), scaled(straight(three))];
  const up = cross(right, ahead);
  const centre = [right, ahead, up].map((axis) => -dot(axis, offset)) as [number, number, number];
  const side = Math.sign(centre[2]);
  const heightM = Math.abs(centre[2]);
  if (!(heightM >= HEIGHTS_M[0] && heightM <= HEIGHTS_M[1])) return undefined;
  const [lon, lat] = plane.toDegrees(centre[0], centre[1]);
  // The third column of the projection, in fractions of the picture: what a metre upwards adds.
  const [ux, uy, uw] = [up[0] * focal, up[1] * focal, up[2]].map((value) => (value * side) / scale) as [
    number,
    number,
    number,
  ];
  const rise: Vector = [ux / ASPECT + 0.5 * uw, uy + 0.5 * uw, uw];
  return {
    lon,
    lat,
    heightM,
    from: 'calibration',
    personShare: (atLon, atLat) => {
      const foot = apply(inverse, ...plane.toMetres(atLon, atLat));
      const head = [foot[1] + PERSON_M * rise[1], foot[2] + PERSON_M * rise[2]] as const;
      if (!(foot[2] > 1e-12 && head[1] > 1e-12)) return 0;
      return Math.max(0, foot[1] / foot[2] - head[0] / head[1]);
    },
  };
}

/** Of a camera that looks about level: feet are as far below the horizon as the lens is above them (single-view metrology). */
function belowHorizon(calibration: Calibration, plane: TangentPlane, heightM: number) {
  const inverse = invert(calibration.homography);
  const [m6, m7, m8] = calibration.homography.slice(6) as [number, number, number];
  return (lon: number, lat: number): number => {
    const [a, b, w] = apply(inverse, ...plane.toMetres(lon, lat));
    if (!(w > 1e-12)) return 0;
    const [x, y]: Point = [a / w, b / w];
    return Math.max(0, ((y + (m6 * x + m8) / m7) * PERSON_M) / heightM);
  };
}

function nearestGround(calibration: Calibration, plane: TangentPlane): { lon: number; lat: number } {
  const [a, b, w] = apply(calibration.homography, 0.5, 1);
  const [lon, lat] = w > 1e-9 ? plane.toDegrees(a / w, b / w) : [calibration.originLon, calibration.originLat];
  return { lon, lat };
}
