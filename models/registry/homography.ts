/** From picture to ground: solves a camera's calibration from pairs of points, and places a foot on the map. */
import type { Calibration, CalibrationPoint } from '../schema/calibration.ts';
import { FaultError } from '../schema/fault.ts';
import { homographyCovariance } from './homography-covariance.ts';
import { distort, undistort, undistortSlope } from './lens.ts';
import { mean, missesOf, nameLine, refuseFlat, refuseFolded, refusePoor } from './point-faults.ts';
import { apply, fitHomography, invert, type Matrix, type Point } from './projective.ts';
import { type TangentPlane, tangentPlane } from './tangent-plane.ts';

/** Covariance of a point in the picture, fractions of width and height, squared. */
export type PixelError = { xx: number; xy: number; yy: number };

/** A point is read with an error of 1 % of the image height, in both directions (x is a fraction of a 16:9 width). */
const POINT_ERROR: PixelError = { xx: ((0.01 * 9) / 16) ** 2, xy: 0, yy: 0.01 ** 2 };

export type GroundPoint = {
  lon: number;
  lat: number;
  /** Covariance of the position, square metres: east-east, east-north, north-north. */
  covEe: number;
  covEn: number;
  covNn: number;
};

type Wanted = { camera: string; version: number; points: readonly CalibrationPoint[]; createdAtMs: number };

/**
 * Fits a homography to at least four pairs. It minimises the distance in the picture, where the error of a click is,
 * and not on the ground, where far points would outweigh near ones.
 * Throws FaultError `calibration-collinear` (fewer than four, or points that lie on a line or on each other) and
 * `calibration-poor` (a point that does not fit the others, points exchanged, points on both sides of the horizon).
 */
export function solveCalibration({ camera, version, points, createdAtMs }: Wanted): Calibration {
  const about = { camera };
  if (points.length < 4)
    throw new FaultError('calibration-collinear', `four points at least are needed, ${points.length} came`, { about });
  const originLon = mean(points.map((point) => point.lon));
  const originLat = mean(points.map((point) => point.lat));
  const plane = tangentPlane(originLon, originLat);
  const image = points.map((point): Point => [point.x, point.y]);
  const ground = points.map((point): Point => plane.toMetres(point.lon, point.lat));
  refuseFlat(image, 'in the picture', about);
  refuseFlat(ground, 'on the map', about);
  const { matrix, ambiguity } = fitHomography(ground, image);
  if (ambiguity < 1e-10) {
    throw new FaultError(
      'calibration-collinear',
      `${nameLine(image) ?? nameLine(ground) ?? 'the points'}, so more than one placement fits; four points of which no three are on a line are needed`,
      { about },
    );
  }
  const homography = facing(invert(matrix), image);
  refuseFolded(homography, image, about);
  refusePoor(homography, { image, ground, about });
  const misses = missesOf(homography, image, ground);
  return {
    camera,
    version,
    points: [...points],
    originLon,
    originLat,
    homography,
    residualM: Math.sqrt(mean(misses.map((miss) => miss ** 2))),
    horizonY: horizonOf(homography),
    createdAtMs,
    covariance: homographyCovariance(homography, image, ground),
  };
}

/**
 * By how much each of its own points misses, in their order: on the ground in metres, where far points miss by more; and
 * in the picture as a fraction of it, where a wrong one stands out.
 */
export function missesOfPoints(calibration: Calibration): { missesM: number[]; misses: number[] } {
  const { points, lens } = calibration;
  const plane = tangentPlane(calibration.originLon, calibration.originLat);
  const ground = points.map(({ lon, lat }): Point => plane.toMetres(lon, lat));
  const plain = points.map(({ x, y }): Point => (lens === undefined ? [x, y] : (undistort(lens, x, y) ?? [NaN, NaN])));
  const place = toImage(calibration);
  return {
    missesM: missesOf(calibration.homography, plain, ground),
    misses: points.map(({ x, y, lon, lat }) => {
      const [seenX, seenY] = place(lon, lat) ?? [NaN, NaN];
      return Math.hypot(seenX - x, seenY - y);
    }),
  };
}

/** A point of the picture on the ground, metres east and north of the origin, and how that changes with x and y. */
export type GroundSpot = {
  eastM: number;
  northM: number;
  eastByX: number;
  eastByY: number;
  northByX: number;
  northByY: number;
  /** Covariance that the calibration's own error adds, square metres; zeros where it is not known. */
  ownEe: number;
  ownEn: number;
  ownNn: number;
};

/** Finds many points of one calibration on the ground: what can be worked out once is. undefined above the horizon. */
export function groundSpotter(calibration: Calibration): (x: number, y: number) => GroundSpot | undefined {
  const m = calibration.homography;
  const addOwn = calibration.covariance === undefined ? undefined : ownErrorOf(calibration.covariance);
  const { lens } = calibration;
  return (seenX, seenY) => {
    const plain = lens === undefined ? ([seenX, seenY] as const) : undistort(lens, seenX, seenY);
    if (plain === undefined) return undefined;
    const [x, y] = plain;
    const [a, b, w] = apply(m, x, y);
    if (!(w > 1e-9)) return undefined;
    const [eastM, northM] = [a / w, b / w];
    const spot = {
      eastM,
      northM,
      eastByX: (m[0]! - eastM * m[6]!) / w,
      eastByY: (m[1]! - eastM * m[7]!) / w,
      northByX: (m[3]! - northM * m[6]!) / w,
      northByY: (m[4]! - northM * m[7]!) / w,
      ownEe: 0,
      ownEn: 0,
      ownNn: 0,
    };
    addOwn?.(spot, [x / w, y / w, 1 / w]);
    if (lens !== undefined) bendSlopes(spot, undistortSlope(lens, plain));
    return spot;
  };
}

/** From changes by the point without distortion to changes by the point in the picture. */
function bendSlopes(spot: GroundSpot, [xx, xy, yx, yy]: readonly [number, number, number, number]): void {
  const { eastByX, eastByY, northByX, northByY } = spot;
  spot.eastByX = eastByX * xx + eastByY * yx;
  spot.eastByY = eastByX * xy + eastByY * yy;
  spot.northByX = northByX * xx + northByY * yx;
  spot.northByY = northByX * xy + northByY * yy;
}

/** Reads one triangle of the 81 numbers: they are symmetric. */
function ownErrorOf(own: readonly number[]): (spot: GroundSpot, by: readonly [number, number, number]) => void {
  /** by · (block of three rows and three columns) · by */
  const product = ([x, y, z]: readonly [number, number, number], row: number, column: number): number => {
    const at = row * 9 + column;
    return (
      x * (x * own[at]! + y * own[at + 1]! + z * own[at + 2]!) +
      y * (x * own[at + 9]! + y * own[at + 10]! + z * own[at + 11]!) +
      z * (x * own[at + 18]! + y * own[at + 19]! + z * own[at + 20]!)
    );
  };
  return (spot, by) => {
    const { eastM, northM } = spot;
    const [ee, en, ew] = [product(by, 0, 0), product(by, 0, 3), product(by, 0, 6)];
    const [nn, nw, ww] = [product(by, 3, 3), product(by, 3, 6), product(by, 6, 6)];
    spot.ownEe = ee - 2 * eastM * ew + eastM * eastM * ww;
    spot.ownEn = en - northM * ew - eastM * nw + eastM * northM * ww;
    spot.ownNn = nn - 2 * northM * nw + northM * northM * ww;
  };
}

export type GroundProjector = (x: number, y: number, pixel?: PixelError) => GroundPoint | undefined;

/**
 * Places many points of one calibration. The covariance of a place is the point's own in the picture, carried over by the
 * derivative, plus that of the calibration where it is known.
 */
export function groundProjector(calibration: Calibration): GroundProjector {
  const plane: TangentPlane = tangentPlane(calibration.originLon, calibration.originLat);
  const spotAt = groundSpotter(calibration);
  return (x, y, pixel = POINT_ERROR) => {
    const spot = spotAt(x, y);
    if (spot === undefined) return undefined;
    const [lon, lat] = plane.toDegrees(spot.eastM, spot.northM);
    return { lon, lat, ...spotCovariance(spot, pixel) };
  };
}

export function spotCovariance(
  spot: GroundSpot,
  { xx, xy, yy }: PixelError,
): Pick<GroundPoint, 'covEe' | 'covEn' | 'covNn'> {
  const { eastByX: ex, eastByY: ey, northByX: nx, northByY: ny } = spot;
  return {
    covEe: ex * ex * xx + 2 * ex * ey * xy + ey * ey * yy + spot.ownEe,
    covEn: ex * nx * xx + (ex * ny + ey * nx) * xy + ey * ny * yy + spot.ownEn,
    covNn: nx * nx * xx + 2 * nx * ny * xy + ny * ny * yy + spot.ownNn,
  };
}

/** Places one foot (fractions of the image); undefined above the horizon. */
export function toGround(calibration: Calibration, x: number, y: number): GroundPoint | undefined {
  return groundProjector(calibration)(x, y);
}

/** Where a place on the ground is in the picture, in fractions of the image; undefined behind the camera. */
export function toImage(calibration: Calibration): (lon: number, lat: number) => Point | undefined {
  const plane = tangentPlane(calibration.originLon, calibration.originLat);
  const inverse = invert(calibration.homography);
  const { lens } = calibration;
  return (lon, lat) => {
    const [east, north] = plane.toMetres(lon, lat);
    const [a, b, w] = apply(inverse, east, north);
    if (!(w > 1e-12)) return undefined;
    return lens === undefined ? [a / w, b / w] : distort(lens, a / w, b / w);
  };
}

/** A homography has no sign of its own: ours gives a positive third coordinate to what is on the ground. */
function facing(matrix: Matrix, image: readonly Point[]): number[] {
  const inFront = image.filter(([x, y]) => apply(matrix, x, y)[2] > 0).length;
  const scale = (inFront * 2 >= image.length ? 1 : -1) / Math.hypot(matrix[6]!, matrix[7]!, matrix[8]!);
  return matrix.map((value) => value * scale);
}

/** The highest that the horizon line gets within the picture's width, kept within -10 … 10 for a camera that looks down. */
export function horizonOf(homography: Matrix): number {
  const [a, b, c] = [homography[6]!, homography[7]!, homography[8]!];
  const heights = [-c / b, -(a + c) / b].map((y) => (Number.isFinite(y) && b > 0 ? y : -10));
  return Math.max(-10, Math.min(10, ...heights));
}
