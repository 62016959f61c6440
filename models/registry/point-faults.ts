/** What is wrong with pairs of points: on one line, on one place, folded over the horizon, mirrored, or not fitting each other. */
import { FaultError } from '../schema/fault.ts';
import { apply, fitHomography, invert, type Matrix, type Point } from './projective.ts';

/** Points closer to one line than this share of their spread do not span an area. */
const FLATNESS_MIN = 0.02;
/** Fractions of the image that the points may miss by, root mean square. */
const MISS_MAX = 0.02;

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Throws when all points lie on one line or on one place: their scatter has next to no second direction. */
export function refuseFlat(points: readonly Point[], where: string, about: Record<string, unknown>): void {
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
export function nameLine(points: readonly Point[]): string | undefined {
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

/** Points above the horizon, and a ground that is seen from below, are what exchanged points look like. */
export function refuseFolded(homography: Matrix, image: readonly Point[], about: Record<string, unknown>): void {
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

export function refusePoor(homography: Matrix, { image, ground, about }: Fit): void {
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

export function missesOf(matrix: Matrix, from: readonly Point[], to: readonly Point[]): number[] {
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
