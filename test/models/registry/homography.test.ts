import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groundProjector, solveCalibration, toGround, toImage } from '#models/registry/homography.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { CalibrationPoint } from '#models/schema/calibration.ts';
import { loadConfig } from '#system/config.ts';

const [ORIGIN_LON, ORIGIN_LAT] = [117.0009, 36.6758];
const plane = tangentPlane(ORIGIN_LON, ORIGIN_LAT);
const solve = (points: CalibrationPoint[]) =>
  solveCalibration({ camera: 'gate-3', version: 1, points, createdAtMs: 1 });

/** A made-up camera: 8 m up, looking north and 20° down, 60° wide, 16:9. */
function pinhole(east: number, north: number): CalibrationPoint {
  const [sin, cos] = [Math.sin(Math.PI / 9), Math.cos(Math.PI / 9)];
  const depth = north * cos + 8 * sin;
  const focal = 0.5 / Math.tan(Math.PI / 6);
  const [lon, lat] = plane.toDegrees(east, north);
  return {
    x: 0.5 + (focal * east) / depth,
    y: 0.5 + (focal * (16 / 9) * (8 * cos - north * sin)) / depth,
    lon,
    lat,
  };
}

describe('a calibration from made-up points', () => {
  const points = [pinhole(-5, 12), pinhole(6, 12), pinhole(-12, 40), pinhole(14, 45)];

  it('puts other points of the ground within a millimetre of where they are', () => {
    const calibration = solve(points);
    for (const [east, north] of [
      [0, 15],
      [3, 30],
      [-9, 60],
    ] as const) {
      const { x, y } = pinhole(east, north);
      const found = toGround(calibration, x, y)!;
      const [foundEast, foundNorth] = plane.toMetres(found.lon, found.lat);
      expect(Math.hypot(foundEast - east, foundNorth - north)).toBeLessThan(0.001);
      const back = toImage(calibration)(found.lon, found.lat)!;
      expect(Math.hypot(back[0] - x, back[1] - y)).toBeLessThan(1e-9);
    }
    expect(calibration.residualM).toBeLessThan(1e-6);
  });

  it('gives no place to what is above the horizon', () => {
    const calibration = solve(points);
    const horizon = 0.5 - (0.5 / Math.tan(Math.PI / 6)) * (16 / 9) * Math.tan(Math.PI / 9);
    expect(calibration.horizonY).toBeCloseTo(horizon, 6);
    expect(toGround(calibration, 0.5, horizon - 0.01)).toBeUndefined();
    expect(toGround(calibration, 0.5, horizon + 0.01)).toBeDefined();
  });

  it('carries an error in the picture to the ground as finite differences do', () => {
    const { covariance: _own, ...bare } = solve(points);
    const project = groundProjector(bare);
    const { x, y } = pinhole(2, 30);
    const pixel = { xx: 0.004 ** 2, xy: 0.3 * 0.004 * 0.006, yy: 0.006 ** 2 };
    const at = project(x, y, pixel)!;
    const metres = (dx: number, dy: number) => {
      const [a, b] = [project(x + dx, y + dy)!, project(x - dx, y - dy)!];
      const [e1, n1] = plane.toMetres(a.lon, a.lat);
      const [e0, n0] = plane.toMetres(b.lon, b.lat);
      return [(e1 - e0) / 2e-6, (n1 - n0) / 2e-6] as const;
    };
    const [[ex, nx], [ey, ny]] = [metres(1e-6, 0), metres(0, 1e-6)];
    const { xx, xy, yy } = pixel;
    expect(at.covEe).toBeCloseTo(ex * ex * xx + 2 * ex * ey * xy + ey * ey * yy, 5);
    expect(at.covEn).toBeCloseTo(ex * nx * xx + (ex * ny + ey * nx) * xy + ey * ny * yy, 5);
    expect(at.covNn).toBeCloseTo(nx * nx * xx + 2 * nx * ny * xy + ny * ny * yy, 5);
  });

  it('is less sure the farther away a place is', () => {
    const project = groundProjector(solve(points));
    const errors = Array.from({ length: 30 }, (_, step) => {
      const at = pinhole(1, 10 + 2 * step);
      return project(at.x, at.y)!.covNn;
    });
    expect(errors).toEqual(errors.toSorted((a, b) => a - b));
    expect(errors.at(-1)).toBeGreaterThan(errors[0]! * 20);
  });

  it('refuses points on a line, and says where', () => {
    expect(() => solve([1, 2, 3, 4].map((i) => pinhole(i, 10 + i)))).toThrow(/4 points lie on one line/);
    expect(() => solve([1, 2, 3].map((i) => pinhole(i, 10 + i)))).toThrow(/four points/);
    const three = [pinhole(-5, 12), pinhole(0, 22), pinhole(5, 32), pinhole(-12, 40)];
    expect(() => solve(three)).toThrow(/points 1, 2, 3 lie on one line/);
    expect(() => solve([points[0]!, points[0]!, points[2]!, points[3]!])).toThrow(/points 1 and 2 are the same place/);
    try {
      solve(three);
    } catch (error) {
      expect(error).toMatchObject({ code: 'calibration-collinear', about: { camera: 'gate-3' } });
    }
  });

  it('names the worst point of a poor fit, and sees exchanged and mirrored points', () => {
    const eight = [...points, pinhole(0, 20), pinhole(4, 28), pinhole(-6, 30), pinhole(3, 16)];
    const wrong = eight.map((point, index) => (index === 5 ? { ...point, y: point.y + 0.2 } : point));
    expect(() => solve(wrong)).toThrow(/worst is point 6/);
    const [a, b, c, d] = points as [CalibrationPoint, CalibrationPoint, CalibrationPoint, CalibrationPoint];
    const swapped = [{ ...a, lon: b.lon, lat: b.lat }, { ...b, lon: a.lon, lat: a.lat }, c, d];
    expect(() => solve(swapped)).toThrow(/exchanged/);
    expect(() => solve(points.map((point) => ({ ...point, x: 1 - point.x })))).toThrow(/mirrored/);
  });
});

/** The camera model of R. Y. Tsai, "A versatile camera calibration technique" (1987), with its radial distortion. */
function tsai(xml: string) {
  const of = (name: string) => Number(new RegExp(`${name}="([^"]+)"`).exec(xml)![1]);
  const [sx, cx, cy, k, f] = [of('sx'), of('cx'), of('cy'), of('kappa1'), of('focal')];
  const [dpx, dpy] = [of('dpx'), of('dpy')];
  const t = [of('tx'), of('ty'), of('tz')] as const;
  const [sa, ca] = [Math.sin(of('rx')), Math.cos(of('rx'))];
  const [sb, cb] = [Math.sin(of('ry')), Math.cos(of('ry'))];
  const [sg, cg] = [Math.sin(of('rz')), Math.cos(of('rz'))];
  const r = [
    [cb * cg, cg * sa * sb - ca * sg, sa * sg + ca * cg * sb],
    [cb * sg, sa * sb * sg + ca * cg, ca * sb * sg - cg * sa],
    [-sb, cb * sa, ca * cb],
  ] as const;
  /** Pixels of 768x576 → millimetres on the plane z = 0. */
  return (u: number, v: number): [number, number] => {
    const [xd, yd] = [(dpx * (u - cx)) / sx, dpy * (v - cy)];
    const bend = 1 + k * (xd * xd + yd * yd);
    const ray = [(xd * bend) / f, (yd * bend) / f];
    // (r0 - ray·r2)·(X, Y, 0) = ray·tz - t, two equations for X and Y.
    const rows = [0, 1].map((i) => [
      r[i]![0] - ray[i]! * r[2][0],
      r[i]![1] - ray[i]! * r[2][1],
      ray[i]! * t[2] - t[i]!,
    ]) as [[number, number, number], [number, number, number]];
    const [[a, b, e], [c, d, g]] = rows;
    const det = a * d - b * c;
    return [(e * d - b * g) / det, (a * g - e * c) / det];
  };
}

const footage = resolve(loadConfig().materialDir, 'footage');
const isThere = existsSync(resolve(footage, 'campus.calibration.xml'));
if (!isThere) console.log(`skipped: ${footage} has no campus.calibration.xml`);

/** Median speed of the truth's feet on the ground, m/s, over a second each: the model written here is right if they walk. */
function walkingSpeed(place: (x: number, y: number) => readonly [number, number]): number {
  const at = new Map<string, readonly [number, number]>();
  for (const line of readFileSync(resolve(footage, 'campus.gt.txt'), 'utf8').trim().split('\n')) {
    const [frame, id, x, y, w, h] = line.split(',').map(Number) as [number, number, number, number, number, number];
    at.set(`${frame}:${id}`, place((x + w / 2) / 480, (y + h) / 360));
  }
  const speeds = [...at].flatMap(([key, [east, north]]) => {
    const [frame, id] = key.split(':').map(Number) as [number, number];
    const later = at.get(`${frame + 10}:${id}`);
    return later === undefined ? [] : [Math.hypot(later[0] - east, later[1] - north)];
  });
  return speeds.sort((a, b) => a - b)[Math.floor(speeds.length / 2)]!;
}

describe.skipIf(!isThere)('a homography from eight points picked on campus', () => {
  it("lands the truth's feet within 0.5 m median of the full Tsai model", () => {
    const world = tsai(readFileSync(resolve(footage, 'campus.calibration.xml'), 'utf8'));
    const place = (x: number, y: number) => {
      const [east, north] = world(x * 768, y * 576);
      return [east / 1000, north / 1000] as const;
    };
    // Picked by eye where people walk, in whole pixels of 480x360.
    const picked = [
      [60, 190],
      [240, 120],
      [400, 160],
      [300, 200],
      [120, 280],
      [260, 330],
      [420, 290],
      [460, 220],
    ].map(([x, y]): CalibrationPoint => {
      const [lon, lat] = plane.toDegrees(...place(x! / 480, y! / 360));
      return { x: x! / 480, y: y! / 360, lon, lat };
    });
    const calibration = solve(picked);
    const feet = readFileSync(resolve(footage, 'campus.gt.txt'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(',').map(Number) as [number, number, number, number, number, number])
      .map(([, , x, y, w, h]) => [(x + w / 2) / 480, (y + h) / 360] as const);
    const errors = feet.map(([x, y]) => {
      const found = toGround(calibration, x, y)!;
      const [east, north] = plane.toMetres(found.lon, found.lat);
      const [trueEast, trueNorth] = place(x, y);
      return Math.hypot(east - trueEast, north - trueNorth);
    });
    errors.sort((a, b) => a - b);
    const at = (share: number) => errors[Math.floor(errors.length * share)]!;
    console.log(
      `campus: ${errors.length} feet, median ${at(0.5).toFixed(3)} m, p90 ${at(0.9).toFixed(3)} m, residual ${calibration.residualM.toFixed(3)} m`,
    );
    expect(errors.length).toBeGreaterThan(1000);
    expect(walkingSpeed(place)).toBeGreaterThan(0.5);
    expect(walkingSpeed(place)).toBeLessThan(2.5);
    expect(at(0.5)).toBeLessThan(0.5);
  });
});
