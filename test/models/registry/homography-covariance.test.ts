import { describe, expect, it } from 'vitest';
import { groundProjector, solveCalibration, toGround } from '#models/registry/homography.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { CalibrationPoint } from '#models/schema/calibration.ts';
import { gaussian } from '#test/models/registry/gaussian.ts';
import { pinholeAt } from '#test/models/registry/pinhole.ts';

const plane = tangentPlane(117.0009, 36.6758);
const NONE = { xx: 0, xy: 0, yy: 0 };
const CLICK = 0.002;

/** Where cameras of clicks that miss by chance put a place: mean squares round the truth, metres squared. */
function spreadOf(ground: readonly (readonly [number, number])[], [east, north]: readonly [number, number]) {
  const random = gaussian(7);
  const clicked = (): CalibrationPoint[] =>
    ground.map(([e, n]) => {
      const at = pinholeAt(plane, e, n);
      return { ...at, x: at.x + CLICK * random(), y: at.y + CLICK * random() };
    });
  const { x, y } = pinholeAt(plane, east, north);
  const sum = { ee: 0, en: 0, nn: 0 };
  const TIMES = 600;
  for (let time = 0; time < TIMES; time++) {
    const placed = toGround(solveCalibration({ camera: 'a', version: 1, points: clicked(), createdAtMs: 1 }), x, y)!;
    const [e, n] = plane.toMetres(placed.lon, placed.lat);
    sum.ee += (e - east) ** 2 / TIMES;
    sum.en += ((e - east) * (n - north)) / TIMES;
    sum.nn += (n - north) ** 2 / TIMES;
  }
  return sum;
}

describe('the covariance of a calibration', () => {
  const wide = [
    [-5, 12],
    [6, 12],
    [-12, 40],
    [14, 45],
    [0, 20],
    [4, 30],
  ] as const;

  it.each([
    ['among its points', [2, 25]],
    ['beyond its points', [5, 60]],
  ] as const)('says how far clicks that miss by 2 of 1000 move a place %s', (_, place) => {
    const exact = wide.map(([e, n]) => pinholeAt(plane, e, n));
    const project = groundProjector(solveCalibration({ camera: 'a', version: 1, points: exact, createdAtMs: 1 }));
    const { x, y } = pinholeAt(plane, place[0], place[1]);
    const told = project(x, y, NONE)!;
    const seen = spreadOf(wide, place);
    expect(seen.ee / told.covEe).toBeGreaterThan(0.8);
    expect(seen.ee / told.covEe).toBeLessThan(1.25);
    expect(seen.nn / told.covNn).toBeGreaterThan(0.8);
    expect(seen.nn / told.covNn).toBeLessThan(1.25);
  });

  it('grows with what is left over of a fit', () => {
    const bent = wide.map(([e, n], index) => {
      const at = pinholeAt(plane, e, n);
      return { ...at, y: at.y + (index % 2 === 0 ? 0.01 : -0.01) };
    });
    const solve = (points: CalibrationPoint[]) =>
      groundProjector(solveCalibration({ camera: 'a', version: 1, points, createdAtMs: 1 }))(0.5, 0.6, NONE)!;
    const exact = solve(wide.map(([e, n]) => pinholeAt(plane, e, n)));
    expect(solve(bent).covNn).toBeGreaterThan(exact.covNn * 4);
  });
});
