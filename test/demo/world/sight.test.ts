import { describe, expect, it } from 'vitest';
import { calibrationOf } from '#demo/world/calibration.ts';
import { project } from '#demo/world/camera.ts';
import { toMetres } from '#demo/world/origin.ts';
import { groundAt, lonLatAt, stageLonLat } from '#demo/world/sight.ts';
import { groundHeight } from '#demo/world/stages/ground.ts';
import { VIEWS } from '#demo/world/views.ts';
import { groundProjector, solveCalibration } from '#models/registry/homography.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';

const PLACES = [0.1, 0.5, 0.9].flatMap((x) => [0.35, 0.6, 0.95].map((y) => ({ x, y })));

describe('the ground that a camera sees', () => {
  it.each(VIEWS)('of $id is where the camera shows it, distortion and kerbs included', (view) => {
    for (const at of PLACES) {
      const [x, y] = groundAt(view.camera, view.stage, at)!;
      const shown = project(view.camera, { x, y, z: Math.max(0, groundHeight(view.stage, x, y)) })!;
      expect(Math.hypot(shown.x - at.x, shown.y - at.y)).toBeLessThan(0.004);
    }
  });

  it('is none above the horizon', () => {
    for (const { camera, stage } of VIEWS) expect(groundAt(camera, stage, { x: 0.5, y: -0.6 })).toBeUndefined();
  });
});

describe('the calibration of a view', () => {
  it.each(VIEWS)('of $id makes a homography that is less than a metre off for 9 of 10 places within 60 m', (view) => {
    const points = calibrationOf(view);
    const project = groundProjector(solveCalibration({ camera: view.id, version: 1, points, createdAtMs: 0 }));
    const errors: number[] = [];
    for (let x = 0.05; x < 1; x += 0.1) {
      for (let y = points[0]!.y; y < 1; y += 0.05) {
        const [lon, lat] = lonLatAt(view, { x, y })!;
        const placed = project(x, y)!;
        errors.push(Math.hypot(...tangentPlane(lon, lat).toMetres(placed.lon, placed.lat)));
      }
    }
    errors.sort((a, b) => a - b);
    expect(errors[errors.length >> 1]).toBeLessThan(0.35);
    expect(errors[Math.floor(errors.length * 0.9)]).toBeLessThan(1);
    const [camera] = [toMetres(...stageLonLat(view, [view.camera.x, view.camera.y]))];
    const farthest = Math.max(
      ...points.map(({ lon, lat }) => Math.hypot(...toMetres(lon, lat).map((value, axis) => value - camera[axis]!))),
    );
    expect(farthest).toBeLessThan(62);
  });
});
