/** Solves a calibration from points, and takes the bend of the lens out where the points show that there is one. */
import type { Calibration, CalibrationPoint, Lens } from '../schema/calibration.ts';
import { solveCalibration } from './homography.ts';
import { horizonThrough } from './horizon.ts';
import { distort, undistort } from './lens.ts';
import { apply, fitHomography, type Point } from './projective.ts';
import { tangentPlane } from './tangent-plane.ts';

type Asked = { camera: string; version: number; createdAtMs: number; aspect: number };

/** Fewer could not show whether a bend is more than a wrong point. */
const POINTS_MIN = 8;
/** The bend has to make the prediction of a point from the others so much better. */
const BETTER_BY = 0.8;
/** Below this the points fit as they are: 2 pixels of 1000. */
const FITS = 0.002;
/** In focal lengths of a picture that is as wide as its focal length. */
const BENDS = Array.from({ length: 13 }, (_, index) => (index - 8) * 0.06);

/** Throws as `solveCalibration` does. */
export function solveBentCalibration(points: readonly CalibrationPoint[], asked: Asked): Calibration {
  const lens = points.length < POINTS_MIN ? undefined : bendOf(points, asked.aspect);
  const plain = lens === undefined ? points : points.map((point) => straight(lens, point));
  const solved = { ...solveCalibration({ ...asked, points: plain }), method: 'points' as const };
  if (lens === undefined) return solved;
  return { ...solved, points: [...points], lens, horizonY: horizonThrough(solved.homography, lens) };
}

const lensOf = (k1: number, aspect: number): Lens => ({
  ...{ fx: 1, fy: aspect, cx: 0.5, cy: 0.5 },
  ...{ k1, k2: 0, p1: 0, p2: 0, k3: 0 },
});

function straight(lens: Lens, point: CalibrationPoint): CalibrationPoint {
  const [x, y] = undistort(lens, point.x, point.y) ?? [point.x, point.y];
  return { ...point, x, y };
}

/** Each bend is fitted once to all points; only the best must then show that it foretells points that it has not seen. */
function bendOf(points: readonly CalibrationPoint[], aspect: number): Lens | undefined {
  const origin = points[0]!;
  const plane = tangentPlane(origin.lon, origin.lat);
  const ground = points.map(({ lon, lat }): Point => plane.toMetres(lon, lat));
  const missOf = (k1: number) => missOfAll(lensOf(k1, aspect), points, ground);
  if (!(missOf(0) > FITS)) return undefined;
  const coarse = least(BENDS, missOf);
  const k1 = least(
    [-0.03, -0.02, -0.01, 0, 0.01, 0.02, 0.03].map((step) => coarse + step),
    missOf,
  );
  const leftOut = (bend: number) => leftOutMiss(lensOf(bend, aspect), points, ground);
  return k1 !== 0 && leftOut(k1) < leftOut(0) * BETTER_BY ? lensOf(k1, aspect) : undefined;
}

function least(values: readonly number[], costOf: (value: number) => number): number {
  const costs = values.map(costOf);
  return values[costs.indexOf(Math.min(...costs))]!;
}

type Fitting = readonly [lens: Lens, points: readonly CalibrationPoint[], ground: readonly Point[]];

/** Root mean square of how far points lie from where the fit puts them, in the picture. */
function missOfAll(...[lens, points, ground]: Fitting): number {
  const all = points.map((_, index) => index);
  return missOfFit([lens, points, ground], all, all);
}

/** The same, each from where all others put it. */
function leftOutMiss(...fitting: Fitting): number {
  const all = fitting[1].map((_, index) => index);
  const misses = all.map((left) =>
    missOfFit(
      fitting,
      all.filter((index) => index !== left),
      [left],
    ),
  );
  return Math.sqrt(misses.reduce((sum, miss) => sum + miss * miss, 0) / misses.length);
}

function missOfFit([lens, points, ground]: Fitting, fitted: readonly number[], judged: readonly number[]): number {
  const plain = fitted.map((index) => undistort(lens, points[index]!.x, points[index]!.y));
  if (!plain.every((point) => point !== undefined)) return Number.POSITIVE_INFINITY;
  const { matrix, ambiguity } = fitHomography(
    fitted.map((index) => ground[index]!),
    plain,
  );
  if (ambiguity < 1e-10) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (const index of judged) {
    const [a, b, w] = apply(matrix, ground[index]![0], ground[index]![1]);
    const seen = distort(lens, a / w, b / w);
    if (seen === undefined) return Number.POSITIVE_INFINITY;
    sum += (seen[0] - points[index]!.x) ** 2 + (seen[1] - points[index]!.y) ** 2;
  }
  return Math.sqrt(sum / judged.length);
}
