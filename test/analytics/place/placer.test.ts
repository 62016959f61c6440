import { beforeEach, describe, expect, it } from 'vitest';
import { createPlacer, type Placer } from '#analytics/place/placer.ts';
import { calibrationOf, messageOf, sightingAt } from '../counting-site.ts';

let placer: Placer;
beforeEach(() => {
  placer = createPlacer();
  placer.setCalibration('gate-3', calibrationOf('gate-3', 4));
});

const message = {
  camera: 'gate-3',
  sequence: 1,
  capturedAtMs: 1_795_457_265_000,
  sightings: [sightingAt(0.5, 0.6), sightingAt(0.4, 0.7)],
};

describe('placing', () => {
  it('puts what a calibrated camera sees into cells', () => {
    const { places, calibrationVersion } = placer.place(messageOf(message));
    expect(calibrationVersion).toBe(4);
    expect(places).toHaveLength(2);
    for (const { lon, cells } of places) {
      expect(lon).toBeGreaterThan(116);
      expect(cells[0]).not.toBe(0n);
    }
  });

  it('counts what a camera sees that was turned, but puts it nowhere, and watches no cell meanwhile', () => {
    const turned = placer.place({ ...messageOf(message), isViewMoved: true });
    expect(turned.calibrationVersion).toBe(0);
    expect(turned.places.map(({ lon, cells }) => [lon, cells])).toEqual([
      [Number.NaN, [0n]],
      [Number.NaN, [0n]],
    ]);
    const back = placer.place(messageOf({ ...message, sequence: 2 }));
    expect(back.calibrationVersion).toBe(4);
  });
});
