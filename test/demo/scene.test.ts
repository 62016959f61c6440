import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findScene } from '#demo/scene.ts';
import { programmeOf } from '#demo/world/rhythm.ts';
import { VIEWS, viewOf } from '#demo/world/views.ts';
import { solveCalibration } from '#models/registry/homography.ts';
import { buildAreaIndex } from '#models/registry/polygon.ts';

const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-scene-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const { id } of VIEWS) writeFileSync(resolve(folder, `${id}-main.mp4`), '');
writeFileSync(resolve(folder, 'crossing-night.mp4'), '');

describe('the scene of the demo', () => {
  it('is the city where it has clips: twelve cameras in its grids, each with a calibration that solves', () => {
    const scene = findScene('/nowhere', { clipsDir: folder })!;
    expect(scene.shows).toBe('city');
    expect(scene.cameras.map(({ id }) => id)).toEqual(VIEWS.map(({ id }) => id));
    const areas = buildAreaIndex(scene.areas);
    for (const { id, area, calibration, position } of scene.cameras) {
      expect(scene.areas.some((one) => one.id === area && one.level === 'grid')).toBe(true);
      const near = calibration.at(-2)!;
      const far = Math.hypot(near.lon - position.lon, near.lat - position.lat) * 111_320;
      expect(far).toBeLessThan(30);
      expect(areas.locate(near.lon, near.lat)).not.toBeNull();
      expect(() => solveCalibration({ camera: id, version: 1, points: calibration, createdAtMs: 0 })).not.toThrow();
    }
  });

  it('names the loops that are there, so that the rhythm plays no other', () => {
    const crossing = findScene('/nowhere', { clipsDir: folder })!.cameras[0]!;
    expect(Object.keys(crossing.clips ?? {}).sort()).toEqual(['main', 'night']);
    const clips = Object.keys(crossing.clips ?? {}) as ('main' | 'night')[];
    const rush = Date.parse('2026-06-09T08:00+08:00');
    expect(programmeOf(viewOf('crossing'), rush, { clips }).clip).toBe('main');
  });

  it('is the footage where somebody wants it, and nothing where there is neither', () => {
    expect(findScene('/nowhere', { clipsDir: folder, isFootage: true })).toBeUndefined();
    expect(findScene('/nowhere', { clipsDir: '/nowhere' })).toBeUndefined();
  });
});
