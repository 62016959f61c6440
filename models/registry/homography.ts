/** From picture to ground: solves a camera's calibration from pairs of points, and places a foot on the map. */
import type { Calibration, CalibrationPoint } from '../schema/calibration.ts';
import { FaultError } from '../schema/fault.ts';
import { homographyCovariance } from './homography-covariance.ts';
import { distort, undistort, undistortSlope } from './lens.ts';
import { apply, fitHomography, invert, type Matrix, type Point } from './projective.ts';
import { type TangentPlane, tangentPlane } from './tangent-plane.ts';

/** Covariance of a point in the picture, fractions of width and height, squared. */
export type PixelError = { xx: number; xy: number; yy: number };

/** A point is read with an error of 1 % of the image height, in both directions (x is a fraction of a 16:9 width). */
const POINT_ERROR: PixelError = { xx: ((0.01 * 9) / 16) ** 2, xy: 0, yy: 0.01 ** 2 };

/** Points closer to one line than this share of their spread do not span an area. */
const FLATNESS_MIN = 0.02;
/** Fractions of the image that the points may miss by, root mean square. */
const MISS_MAX = 0.02;

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

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Throws when all points lie on one line or on one place: their scatter has next to no second direction. */
function refuseFlat(points: readonly Point[], where: string, about: Record<string, unknown>): void {
  for (const [first, point] of points.entries()) {
    const second = points.findIndex(([x, y], index) => index > first && x === point[0] && y === point[1]);
    if (second !== -1 && points.length === 4) {
      const message = `points ${first + 1} and ${second + 1} are the same place ${where}`;
      throw new FaultError('calibration-collinear', message, { about });
    }
  }
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const xx = mean(points.map(([x]) => (x - meanX) ** 2));
  const yy = mean(points.map(([, y]) => (y - meanY) ** 2));
  const xy = mean(points.map(([x, y]) => (x - meanX) * (y - meanY)));
  const spread = Math.sqrt(((xx - yy) / 2) ** 2 + xy * xy);
  const [long, short] = [(xx + yy) / 2 + spread, Math.max(0, (xx + yy) / 2 - spread)];
  if (!(Math.sqrt(short) > FLATNESS_MIN * Math.sqrt(long))) {
    throw new FaultError('calibration-collinear', `the ${points.length} points lie on one line ${where}`, { about });
  }
}

/** Names the largest set of points on one line, if there are three. */
function nameLine(points: readonly Point[]): string | undefined {
  let longest: number[] = [];
  for (let a = 0; a < Math.min(points.length, 20); a++) {
    for (let b = a + 1; b < Math.min(points.length, 20); b++) {
      const [dx, dy] = [points[b]![0] - points[a]![0], points[b]![1] - points[a]![1]];
      const on = points.flatMap(([x, y], index) => {
        const offset = Math.abs(dx * (y - points[a]![1]) - dy * (x - points[a]![0])) / (Math.hypot(dx, dy) || 1);
        return offset < FLATNESS_MIN * Math.hypot(dx, dy) ? [index + 1] : [];
      });
      if (on.length > longest.length) longest = on;
    }
  }
  return longest.length < 3 ? undefined : `points ${longest.join(', ')} lie on one line`;
}

/** A homography has no sign of its own: ours gives a positive third coordinate to what is on the ground. */
function facing(matrix: Matrix, image: readonly Point[]): number[] {
  const inFront = image.filter(([x, y]) => apply(matrix, x, y)[2] > 0).length;
  const scale = (inFront * 2 >= image.length ? 1 : -1) / Math.hypot(matrix[6]!, matrix[7]!, matrix[8]!);
  return matrix.map((value) => value * scale);
}

/** Points above the horizon, and a ground that is seen from below, are what exchanged points look like. */
function refuseFolded(homography: Matrix, image: readonly Point[], about: Record<string, unknown>): void {
  const behind = image.findIndex(([x, y]) => !(apply(homography, x, y)[2] > 1e-9));
  if (behind !== -1) {
    throw new FaultError(
      'calibration-poor',
      `point ${behind + 1} comes to lie above the horizon of the others: it is wrong, or two points are exchanged`,
      { about: { ...about, point: behind + 1 } },
    );
  }
  const [x, y] = [mean(image.map((point) => point[0])), mean(image.map((point) => point[1]))];
  const [a, b, w] = apply(homography, x, y);
  const m = homography;
  const turn =
    (m[0]! - (a / w) * m[6]!) * (m[4]! - (b / w) * m[7]!) - (m[1]! - (a / w) * m[7]!) * (m[3]! - (b / w) * m[6]!);
  // Image y points down, north points up: a ground seen from above turns the other way round.
  if (turn > 0) {
    throw new FaultError(
      'calibration-poor',
      'the points are mirrored between picture and map: left and right are exchanged, or two points are',
      { about },
    );
  }
}

type Fit = { image: readonly Point[]; ground: readonly Point[]; about: Record<string, unknown> };

function refusePoor(homography: Matrix, { image, ground, about }: Fit): void {
  const inverse = invert(homography);
  const misses = missesOf(inverse, ground, image);
  const miss = Math.sqrt(mean(misses.map((value) => value ** 2)));
  if (!(miss > MISS_MAX)) return;
  const worst = worstPoint(image, ground);
  throw new FaultError(
    'calibration-poor',
    `the points miss by ${(miss * 100).toFixed(1)} % of the picture on average, ${MISS_MAX * 100} % is the most; the worst is point ${worst + 1}`,
    { about: { ...about, point: worst + 1 } },
  );
}

function missesOf(matrix: Matrix, from: readonly Point[], to: readonly Point[]): number[] {
  return from.map(([x, y], index) => {
    const [a, b, w] = apply(matrix, x, y);
    return Math.hypot(a / w - to[index]![0], b / w - to[index]![1]);
  });
}

/** The point without which the others fit best: the largest miss alone often names a good neighbour of the bad one. */
function worstPoint(image: readonly Point[], ground: readonly Point[]): number {
  const without = image.map((_, left) => {
    const [points, places] = [image, ground].map((all) => all.filter((_, index) => index !== left)) as [
      Point[],
      Point[],
    ];
    if (points.length < 5) return Number.POSITIVE_INFINITY;
    const { matrix, ambiguity } = fitHomography(places, points);
    return ambiguity < 1e-10 ? Number.POSITIVE_INFINITY : mean(missesOf(matrix, places, points).map((x) => x * x));
  });
  const misses = missesOf(fitHomography(ground, image).matrix, ground, image);
  const ranked = without.some(Number.isFinite) ? without : misses.map((miss) => -miss);
  return ranked.indexOf(Math.min(...ranked));
}

/** The highest that the horizon line gets within the picture's width, kept within -10 … 10 for a camera that looks down. */
export function horizonOf(homography: Matrix): number {
  const [a, b, c] = [homography[6]!, homography[7]!, homography[8]!];
  const heights = [-c / b, -(a + c) / b].map((y) => (Number.isFinite(y) && b > 0 ? y : -10));
  return Math.max(-10, Math.min(10, ...heights));
}
