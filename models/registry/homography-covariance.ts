/** How far a homography may be wrong that was fitted to clicked points: the covariance of its nine numbers. */
import { apply, type Matrix, type Point, solve } from './projective.ts';

/** A careful click misses by about 2 pixels of 1000. */
const CLICK_ERROR = 0.002;

/**
 * From the normal matrix of the fit (Hartley and Zisserman, Multiple View Geometry, 5.2), for a homography from picture to
 * ground whose misses were minimised in the picture. Clicks are taken to miss by `CLICK_ERROR`, or by what is left over
 * of the fit where that is more. Nine numbers have eight freedoms: here the third row keeps its length, as it is stored.
 */
export function homographyCovariance(m: Matrix, image: readonly Point[], ground: readonly Point[]): number[] {
  const normal = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
  let squares = 0;
  for (const [index, [x, y]] of image.entries()) {
    const { byNumbers, miss } = missInPicture(m, [x, y], ground[index]!);
    squares += miss[0] ** 2 + miss[1] ** 2;
    for (const row of byNumbers)
      for (let i = 0; i < 9; i++) for (let j = 0; j < 9; j++) normal[i]![j]! += row[i]! * row[j]!;
  }
  const freedoms = 2 * image.length - 8;
  const variance = Math.max(CLICK_ERROR ** 2, freedoms > 0 ? squares / freedoms : 0);
  // Columns differ by powers of ten: brought to one size, and back at the end.
  const size = [...normal.slice(0, 9).map((row, index) => 1 / Math.sqrt(row[index]!)), 1];
  for (let i = 6; i < 9; i++) normal[i]![9] = normal[9]![i] = m[i]!;
  const scaled = normal.map((row, i) => row.map((value, j) => value * size[i]! * size[j]!));
  const columns = scaled
    .map((_, at) =>
      solve(
        scaled,
        scaled.map((__, index) => Number(index === at)),
      ),
    )
    .slice(0, 9);
  return columns.flatMap((column, j) => column.slice(0, 9).map((value, i) => value * variance * size[i]! * size[j]!));
}

/** How far a point misses in the picture, and how that changes with each of the nine numbers. */
function missInPicture(m: Matrix, [x, y]: Point, [trueEast, trueNorth]: Point) {
  const [a, b, w] = apply(m, x, y);
  const [east, north] = [a / w, b / w];
  const [ex, ey] = [(m[0]! - east * m[6]!) / w, (m[1]! - east * m[7]!) / w];
  const [nx, ny] = [(m[3]! - north * m[6]!) / w, (m[4]! - north * m[7]!) / w];
  const turn = ex * ny - ey * nx;
  const toPicture = (e: number, n: number) => [(ny * e - ey * n) / turn, (ex * n - nx * e) / turn] as const;
  const point = [x / w, y / w, 1 / w];
  const columns = [
    ...point.map((value) => toPicture(value, 0)),
    ...point.map((value) => toPicture(0, value)),
    ...point.map((value) => toPicture(-east * value, -north * value)),
  ];
  return {
    byNumbers: [columns.map(([u]) => u), columns.map(([, v]) => v)],
    miss: toPicture(east - trueEast, north - trueNorth),
  };
}
