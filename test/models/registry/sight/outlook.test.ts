import { latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { COUNTED_RESOLUTION, outlookOf, REACH_M } from '#models/registry/sight/outlook.ts';
import { LIGHTS, leastPx, RECALL, recallAt, SEEN_RECALL_MIN } from '#models/registry/sight/recall.ts';
import { buildWalls } from '#models/registry/sight/walls.ts';
import { calibrationOf, SQUARE } from '#test/analytics/counting-site.ts';

/** Looks north; ground from 10 to 50 m north of the square's middle fills the picture. */
const calibration = calibrationOf('gate-3');
const cellAt = (east: number, north: number) => {
  const [lon, lat] = SQUARE.toDegrees(east, north);
  return latLngToCell(lat, lon, COUNTED_RESOLUTION);
};
const ring = [
  [-30, 30],
  [30, 30],
  [30, 32],
  [-30, 32],
  [-30, 30],
].map(([east, north]) => SQUARE.toDegrees(east!, north!));
const wall = { heightM: 20, geometry: { type: 'Polygon' as const, coordinates: [ring] } };

describe('what a camera sees', () => {
  it('are the cells of its picture within 150 m, near ones with taller people than far ones', () => {
    const outlook = outlookOf(calibration);
    const cells = new Set(outlook.cells());
    expect(cells.has(cellAt(0, 20))).toBe(true);
    expect(cells.has(cellAt(0, -20))).toBe(false);
    const [near, far] = [outlook.look(cellAt(0, 15)), outlook.look(cellAt(0, 45))];
    expect(near.personPx).toBeGreaterThan(far.personPx);
    expect(near.recallDay).toBeGreaterThanOrEqual(far.recallDay);
    expect(outlook.isWithin(...SQUARE.toDegrees(0, REACH_M + 60))).toBe(false);
  });

  it('is hidden behind a house and by a mask, and both are told', () => {
    const walled = outlookOf(calibration, { walls: buildWalls([wall]) });
    expect(walled.look(cellAt(0, 20)).hiddenBy).toBe('');
    expect(walled.look(cellAt(0, 45)).hiddenBy).toBe('building');
    const masked = outlookOf(calibration, { isAllowed: (_x, y) => y < 0.5 });
    expect(masked.look(cellAt(0, 12)).hiddenBy).toBe('mask');
    expect(new Set(walled.cells())).toEqual(new Set(outlookOf(calibration).cells()));
  });
});

describe('the share of people that a look finds', () => {
  it.each(LIGHTS)('rises with their height by %s, from none to nearly all', (light) => {
    const shares = Array.from({ length: 400 }, (_, px) => recallAt(light, px));
    for (const [px, share] of shares.entries()) expect(share).toBeGreaterThanOrEqual(shares[px - 1] ?? 0);
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBe(RECALL[light].at(-1)!.recall);
    expect(recallAt(light, leastPx(light) - 1)).toBeLessThan(SEEN_RECALL_MIN);
    expect(leastPx(light)).toBeLessThan(100);
  });
});
