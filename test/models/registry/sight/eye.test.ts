import { describe, expect, it } from 'vitest';
import { calibrationOf } from '#demo/world/calibration.ts';
import { PICTURE, project } from '#demo/world/camera.ts';
import { toMetres } from '#demo/world/origin.ts';
import { groundAt, stageLonLat } from '#demo/world/sight.ts';
import { VIEWS } from '#demo/world/views.ts';
import { solveCalibration } from '#models/registry/homography.ts';
import { eyeOf, PERSON_M } from '#models/registry/sight/eye.ts';

const calibrated = (view: (typeof VIEWS)[number]) =>
  solveCalibration({ camera: view.id, version: 1, points: calibrationOf(view), createdAtMs: 0 });

describe('the eye of a calibrated camera', () => {
  it.each(VIEWS)('of $id is found in its homography: within a metre, and its height within 15 cm', (view) => {
    const eye = eyeOf(calibrated(view));
    expect(eye.from).toBe('calibration');
    const [real, found] = [toMetres(...stageLonLat(view, [view.camera.x, view.camera.y])), toMetres(eye.lon, eye.lat)];
    expect(Math.hypot(real[0] - found[0], real[1] - found[1])).toBeLessThan(1);
    expect(Math.abs(eye.heightM - view.camera.heightM)).toBeLessThan(0.15);
  });

  it.each(VIEWS)('of $id sees people as tall as the exact model has them, to 4 %', (view) => {
    const eye = eyeOf(calibrated(view));
    for (const y of [0.4, 0.6, 0.9]) {
      const [x, forward] = groundAt(view.camera, view.stage, { x: 0.5, y })!;
      const [foot, head] = [0, PERSON_M].map((z) => project(view.camera, { x, y: forward, z })!.y) as [number, number];
      const share = eye.personShare(...stageLonLat(view, [x, forward]));
      expect((share * PICTURE.heightPx) / ((foot - head) * PICTURE.heightPx)).toBeCloseTo(1, 1.1);
    }
  });

  it('goes by what a person entered where the homography is far from where the map has the camera', () => {
    const [view] = VIEWS;
    const elsewhere = { lon: 117.05, lat: 36.67 };
    const eye = eyeOf(calibrated(view!), { position: elsewhere, heightM: 9 });
    expect(eye).toMatchObject({ ...elsewhere, heightM: 9, from: 'placement' });
    expect(eyeOf(calibrated(view!), { position: elsewhere }).from).toBe('guess');
  });

  it('sees nobody behind itself', () => {
    const [view] = VIEWS;
    const behind = stageLonLat(view!, [view!.camera.x, view!.camera.y - 20]);
    expect(eyeOf(calibrated(view!)).personShare(...behind)).toBe(0);
  });
});
