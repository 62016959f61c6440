import { describe, expect, it } from 'vitest';
import { groundNet, seenGround } from '#models/registry/ground-net.ts';
import { missesOfPoints, solveCalibration, toGround } from '#models/registry/homography.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { CalibrationPoint } from '#models/schema/calibration.ts';

const plane = tangentPlane(117.0009, 36.6758);

/** A made-up camera: 8 m up, looking north and 20° down, 60° wide, 16:9; the horizon is at 0.22 of the height. */
function pinhole(east: number, north: number): CalibrationPoint {
  const [sin, cos] = [Math.sin(Math.PI / 9), Math.cos(Math.PI / 9)];
  const depth = north * cos + 8 * sin;
  const focal = 0.5 / Math.tan(Math.PI / 6);
  const [lon, lat] = plane.toDegrees(east, north);
  const y = 0.5 + (focal * (16 / 9) * (8 * cos - north * sin)) / depth;
  return { x: 0.5 + (focal * east) / depth, y, lon, lat };
}

const solve = (points: CalibrationPoint[]) => solveCalibration({ camera: 'c', version: 1, points, createdAtMs: 1 });
const calibration = solve([pinhole(-5, 12), pinhole(6, 12), pinhole(-12, 40), pinhole(14, 45)]);

describe('what a calibration means', () => {
  it('is a net whose lines keep to whole multiples of its spacing on the ground', () => {
    const { netM, net } = groundNet(calibration);
    expect(net.length).toBeGreaterThan(6);
    const origin = tangentPlane(calibration.originLon, calibration.originLat);
    for (const line of net) {
      const places = line.map(([x, y]) => {
        const place = toGround(calibration, x, y);
        expect(place).toBeDefined();
        return origin.toMetres(place!.lon, place!.lat);
      });
      const near = places.filter(([east, north]) => Math.hypot(east, north) < 40);
      const offset = (axis: 0 | 1) =>
        Math.max(...near.map((place) => Math.abs(place[axis] / netM - Math.round(place[axis] / netM)) * netM));
      if (near.length > 0) expect(Math.min(offset(0), offset(1))).toBeLessThan(0.1);
    }
  });

  it('is ground that begins at the lower edge of the picture and ends within reach', () => {
    const ring = seenGround(calibration).map(([lon, lat]) => plane.toMetres(lon, lat));
    expect(ring[0]).toEqual(ring.at(-1));
    const norths = ring.map(([, north]) => north);
    // The lower edge looks down by 20° and half of the picture's height, 18.0°.
    expect(Math.min(...norths)).toBeCloseTo(8 / Math.tan(((20 + 18.0) * Math.PI) / 180), 1);
    expect(Math.max(...norths)).toBeLessThan(140);
    expect(Math.max(...norths)).toBeGreaterThan(60);
  });

  it('tells for each point how far it misses', () => {
    const points = [pinhole(-5, 12), pinhole(6, 12), pinhole(-12, 40), pinhole(14, 45), pinhole(0, 25)];
    const moved = points.map((point, index) => (index === 4 ? { ...point, lat: point.lat + 1 / 111_000 } : point));
    const { missesM, misses } = missesOfPoints(solve(moved));
    expect(missesM).toHaveLength(5);
    expect(missesM[4]).toBeGreaterThan(0.3);
    expect(missesM[4]).toBeLessThan(1.1);
    expect(misses[4]).toBe(Math.max(...misses));
  });
});
