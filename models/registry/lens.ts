/** A lens bends straight lines: OpenCV's model of it (five coefficients), taken out of picture points and put back in. */
import type { Lens } from '../schema/calibration.ts';
import type { Point } from './projective.ts';

const STEPS_MAX = 30;
/** In focal lengths: a hundredth of a pixel of a wide lens. */
const CLOSE = 1e-9;
/** Half a field of view of 160 degrees: beyond it a pinhole has no picture. */
const RADIUS_MAX = Math.tan((80 * Math.PI) / 180);

/** Where a point of the picture would be without distortion, all in fractions; undefined beyond what the lens can show. */
export function undistort(lens: Lens, x: number, y: number): Point | undefined {
  const [seenX, seenY] = [(x - lens.cx) / lens.fx, (y - lens.cy) / lens.fy];
  let [u, v] = [seenX, seenY];
  for (let step = 0; step < STEPS_MAX; step++) {
    const { at, a, b, c, d } = bend(lens, u, v);
    const [missX, missY] = [at[0] - seenX, at[1] - seenY];
    const determinant = a * d - b * c;
    // Where the lens folds over itself several places share one point of the picture: none of them is to be trusted.
    if (!(determinant > 1e-6 && a + d > 0) || Math.hypot(u, v) > RADIUS_MAX) return undefined;
    if (Math.hypot(missX, missY) < CLOSE) return [lens.cx + lens.fx * u, lens.cy + lens.fy * v];
    u -= (d * missX - b * missY) / determinant;
    v -= (a * missY - c * missX) / determinant;
  }
  return undefined;
}

/** Where a point without distortion is in the picture, in fractions; undefined beyond what the lens can show. */
export function distort(lens: Lens, x: number, y: number): Point | undefined {
  const [u, v] = [(x - lens.cx) / lens.fx, (y - lens.cy) / lens.fy];
  if (Math.hypot(u, v) > RADIUS_MAX || !isBeforeFold(lens, Math.hypot(u, v))) return undefined;
  const { at } = bend(lens, u, v);
  return [lens.cx + lens.fx * at[0], lens.cy + lens.fy * at[1]];
}

/** How the place without distortion moves with the point of the picture, fractions: [xx, xy, yx, yy]. */
export function undistortSlope(lens: Lens, [x, y]: Point): [number, number, number, number] {
  const { a, b, c, d } = bend(lens, (x - lens.cx) / lens.fx, (y - lens.cy) / lens.fy);
  const determinant = a * d - b * c;
  const stretch = lens.fx / lens.fy;
  return [d / determinant, (-b * stretch) / determinant, -c / stretch / determinant, a / determinant];
}

/** Further out is further out in the picture too, all the way to this radius. */
function isBeforeFold({ k1, k2, k3 }: Lens, radius: number): boolean {
  for (let step = 1; step <= 16; step++) {
    const square = ((radius * step) / 16) ** 2;
    if (!(1 + square * (3 * k1 + square * (5 * k2 + square * 7 * k3)) > 0)) return false;
  }
  return true;
}

/** Place after the lens, in focal lengths, and its derivative [a b; c d] by u and v. */
function bend({ k1, k2, k3, p1, p2 }: Lens, u: number, v: number) {
  const square = u * u + v * v;
  const radial = 1 + square * (k1 + square * (k2 + square * k3));
  const slope = 2 * (k1 + square * (2 * k2 + square * 3 * k3));
  const shared = u * v * slope + 2 * p1 * u + 2 * p2 * v;
  return {
    at: [
      u * radial + 2 * p1 * u * v + p2 * (square + 2 * u * u),
      v * radial + p1 * (square + 2 * v * v) + 2 * p2 * u * v,
    ] as const,
    a: radial + u * u * slope + 2 * p1 * v + 6 * p2 * u,
    b: shared,
    c: shared,
    d: radial + v * v * slope + 6 * p1 * v + 2 * p2 * u,
  };
}
