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
const BENDS = Array.from({ length: 25 }, (_, index) => (index - 12) * 0.05);

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

function bendOf(points: readonly CalibrationPoint[], aspect: number): Lens | undefined {
  const origin = points[0]!;
  const plane = tangentPlane(origin.lon, origin.lat);
  const ground = points.map(({ lon, lat }): Point => plane.toMetres(lon, lat));
  const errorOf = (k1: number) => leftOutError(lensOf(k1, aspect), points, ground);
  const without = errorOf(0);
  if (!(without > FITS)) return undefined;
  const coarse = BENDS.reduce((best, k1) => (errorOf(k1) < errorOf(best) ? k1 : best), 0);
  const fine = [-0.0375, -0.025, -0.0125, 0, 0.0125, 0.025, 0.0375].map((step) => coarse + step);
  const k1 = fine.reduce((best, each) => (errorOf(each) < errorOf(best) ? each : best), coarse);
  return errorOf(k1) < without * BETTER_BY ? lensOf(k1, aspect) : undefined;
}

/** Root mean square, in the picture, of how far each point lies from where all others put it. */
function leftOutError(lens: Lens, points: readonly CalibrationPoint[], ground: readonly Point[]): number {
  const plain = points.map(({ x, y }) => undistort(lens, x, y));
  if (!plain.every((point) => point !== undefined)) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (const [left, { x, y }] of points.entries()) {
    const others = <Each>(all: readonly Each[]) => all.filter((_, index) => index !== left);
    const { matrix, ambiguity } = fitHomography(others(ground), others(plain));
    if (ambiguity < 1e-10) return Number.POSITIVE_INFINITY;
    const [a, b, w] = apply(matrix, ground[left]![0], ground[left]![1]);
    const seen = distort(lens, a / w, b / w);
    if (seen === undefined) return Number.POSITIVE_INFINITY;
    sum += (seen[0] - x) ** 2 + (seen[1] - y) ** 2;
  }
  return Math.sqrt(sum / points.length);
}
