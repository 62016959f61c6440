import { describe, expect, it } from 'vitest';
import { axesOf, project } from '#demo/world/camera.ts';
import { toCity, toStage } from '#demo/world/placement.ts';
import { cityAreas } from '#demo/world/plan/areas.ts';
import { VIEWS } from '#demo/world/views.ts';
import { isId } from '#models/schema/id.ts';

describe('the views', () => {
  it('are twelve, three of them held out, each with a minute by day, a night and two more', () => {
    expect(VIEWS).toHaveLength(12);
    expect(
      VIEWS.filter(({ isHeldOut }) => isHeldOut)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['market', 'riverside', 'school']);
    for (const { variants } of VIEWS) {
      expect(variants.map(({ seconds }) => seconds)).toEqual([60, 15, 15, 15]);
      expect(variants.slice(0, 2).map(({ id }) => id)).toEqual(['main', 'night']);
    }
    expect(VIEWS.flatMap(({ variants }) => variants.filter(({ incident }) => incident !== undefined))).toHaveLength(4);
  });

  it('have ids, a grid of the city, and a camera as high as lamp posts allow', () => {
    const grids = new Set(
      cityAreas()
        .filter(({ level }) => level === 'grid')
        .map(({ id }) => id),
    );
    for (const { id, area, camera } of VIEWS) {
      expect(isId(id)).toBe(true);
      expect(grids).toContain(area);
      expect(camera.heightM).toBeGreaterThanOrEqual(4.5);
      expect(camera.heightM).toBeLessThanOrEqual(7.5);
    }
  });

  it('see what lies straight ahead in the middle of the picture', () => {
    const camera = { x: 2, y: 3, heightM: 6, yawDeg: 30, pitchDeg: 20, focalPx: 1200, k1: -0.1, k2: 0.02 };
    const { forward } = axesOf(30, 20);
    const far = 6 / -forward[2];
    const seen = project(camera, { x: 2 + forward[0] * far, y: 3 + forward[1] * far, z: 0 });
    expect(seen?.x).toBeCloseTo(0.5, 9);
    expect(seen?.y).toBeCloseTo(0.5, 9);
    expect(seen?.depthM).toBeCloseTo(far, 9);
  });

  it('stand in the city and back', () => {
    for (const { stage } of VIEWS) {
      const [x, y] = toStage(stage.place, toCity(stage.place, [3, 14]));
      expect(x).toBeCloseTo(3, 9);
      expect(y).toBeCloseTo(14, 9);
    }
  });
});
