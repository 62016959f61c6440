import { describe, expect, it } from 'vitest';
import { calibrationOf } from '#demo/world/calibration.ts';
import { stageLonLat } from '#demo/world/sight.ts';
import { VIEWS } from '#demo/world/views.ts';
import { cameraCentre } from '#models/registry/camera-centre.ts';
import { solveCalibration } from '#models/registry/homography.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { CalibrationPoint } from '#models/schema/calibration.ts';
import { HEIGHT_M, pinholeAt } from '#test/models/registry/pinhole.ts';

const plane = tangentPlane(117.0009, 36.6758);
const solve = (points: CalibrationPoint[]) => solveCalibration({ camera: 'a', version: 1, points, createdAtMs: 1 });

describe('the centre of a camera', () => {
  it('is found from four exact points, wherever north is', () => {
    const ground = [
      [-5, 12],
      [6, 12],
      [-12, 40],
      [14, 45],
    ] as const;
    for (const turn of [0, 0.4, 1.1, 2.5]) {
      const points = ground.map(([east, north]) => {
        const [lon, lat] = plane.toDegrees(
          east * Math.cos(turn) + north * Math.sin(turn),
          north * Math.cos(turn) - east * Math.sin(turn),
        );
        return { ...pinholeAt(plane, east, north), lon, lat };
      });
      const calibration = solve(points);
      const centre = cameraCentre(calibration)!;
      const own = tangentPlane(calibration.originLon, calibration.originLat);
      const [east, north] = plane.toMetres(...own.toDegrees(centre.eastM, centre.northM));
      expect(Math.hypot(east, north)).toBeLessThan(0.01);
      expect(centre.heightM).toBeCloseTo(HEIGHT_M, 2);
    }
  });

  it.each(VIEWS.map((view) => [view.id, view] as const))(
    'is within a metre of %s’s, whose lens bends, and within 2 % of its height',
    (_, view) => {
      const calibration = solve(calibrationOf(view));
      const centre = cameraCentre(calibration)!;
      const [lon, lat] = stageLonLat(view, [view.camera.x, view.camera.y]);
      const [east, north] = tangentPlane(calibration.originLon, calibration.originLat).toMetres(lon, lat);
      expect(Math.hypot(centre.eastM - east, centre.northM - north)).toBeLessThan(1);
      expect(Math.abs(centre.heightM / view.camera.heightM - 1)).toBeLessThan(0.02);
    },
  );

  it('follows the aspect of the picture, which no four points tell', () => {
    const squeezed = [
      [-5, 12],
      [6, 12],
      [-12, 40],
      [14, 45],
    ].map(([east, north]) => {
      const { y, ...rest } = pinholeAt(plane, east!, north!);
      return { ...rest, y: 0.5 + ((y - 0.5) * (4 / 3)) / (16 / 9) };
    });
    const calibration = solve(squeezed);
    expect(cameraCentre({ ...calibration, aspect: 4 / 3 })!.heightM).toBeCloseTo(HEIGHT_M, 2);
    expect(Math.abs((cameraCentre(calibration)?.heightM ?? 0) - HEIGHT_M)).toBeGreaterThan(1);
  });

  it('is not made up for points that no lens can see so', () => {
    const corners = [
      [0, 1, -5, 10],
      [1, 1, 5, 10],
      [0, 0.2, -40, 22],
      [1, 0.2, 40, 22],
    ] as const;
    const odd = corners.map(([x, y, east, north]) => {
      const [lon, lat] = plane.toDegrees(east, north);
      return { x, y, lon, lat };
    });
    expect(cameraCentre(solve(odd))).toBeUndefined();
  });

  it('is not made up for a camera that looks straight down', () => {
    const corners = [
      [0.1, 0.9, -8, -4.5],
      [0.9, 0.9, 8, -4.5],
      [0.1, 0.1, -8, 4.5],
      [0.9, 0.1, 8, 4.5],
    ] as const;
    const down = corners.map(([x, y, east, north]) => {
      const [lon, lat] = plane.toDegrees(east, north);
      return { x, y, lon, lat };
    });
    expect(cameraCentre(solve(down))).toBeUndefined();
  });
});
