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

  it('places by the calibration of the pose that the message names, and by none that it does not know', () => {
    const { camera: _camera, ...former } = calibrationOf('gate-3', 4);
    placer.setCalibration('gate-3', { ...calibrationOf('gate-3', 5, 300), others: [former] });
    const by = (calibrationVersion?: number) =>
      placer.place({ ...messageOf(message), ...(calibrationVersion === undefined ? {} : { calibrationVersion }) });
    expect(by().calibrationVersion).toBe(5);
    expect(by(5).places[0]!.lon - by(4).places[0]!.lon).toBeGreaterThan(0.003);
    expect(by(4).calibrationVersion).toBe(4);
    expect(by(9)).toMatchObject({ calibrationVersion: 0, places: [{ cells: [0n] }, { cells: [0n] }] });
    expect(new Set(placer.takeCoverage().map((row) => row.calibrationVersion))).toEqual(new Set([4, 5]));
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

  it('counts as seen, not placed, what has no place, each with its reason', () => {
    const reasonOf = (change: Partial<typeof message>, one = placer) =>
      one
        .place(messageOf({ ...message, ...change }))
        .places.map(({ placedBy, unplacedReason }) => [placedBy, unplacedReason]);
    const one = [sightingAt(0.5, 0.6)];
    expect(reasonOf({ sightings: one })).toEqual([['foot', '']]);
    expect(reasonOf({ sightings: one, camera: 'elsewhere' })).toEqual([['none', 'no-calibration']]);
    expect(reasonOf({ sightings: [sightingAt(0.5, -0.4)] })).toEqual([['none', 'horizon']]);
    expect(reasonOf({ sightings: [sightingAt(0.5, 0.05)] })).toEqual([['none', 'beyond-reach']]);
    const strict = createPlacer({ errorMaxM: 0.2 });
    strict.setCalibration('gate-3', calibrationOf('gate-3', 4));
    expect(reasonOf({ sightings: one }, strict)).toEqual([['none', 'vague']]);
    const [vague] = strict.place(messageOf({ ...message, sightings: one })).places;
    expect(vague).toMatchObject({ cells: [0n], weights: [1000] });
    expect(vague!.lon).toBeGreaterThan(116);
  });

  it('places only what stands within the ground mask', () => {
    const [left, right] = [sightingAt(0.2, 0.6), sightingAt(0.8, 0.6)];
    const reasons = () =>
      placer
        .place(messageOf({ ...message, sightings: [left, right] }))
        .places.map(({ unplacedReason }) => unplacedReason);
    placer.setGroundMask('gate-3', [
      [
        [0, 0.3],
        [0.5, 0.3],
        [0.5, 1],
        [0, 1],
      ],
    ]);
    expect(reasons()).toEqual(['', 'outside-mask']);
    placer.setGroundMask('gate-3', undefined);
    expect(reasons()).toEqual(['', '']);
  });

  it('covers no cell in which a person would be too vague to be placed', () => {
    const cellsOf = (errorMaxM: number) => {
      const one = createPlacer({ errorMaxM });
      one.setCalibration('gate-3', calibrationOf('gate-3', 4));
      return one.takeCoverage().length;
    };
    expect(cellsOf(0.3)).toBeGreaterThan(3);
    expect(cellsOf(0.3)).toBeLessThan(cellsOf(10) * 0.8);
  });

  it('shares a far thing out over cells that the camera sees, and places it the same again and again', () => {
    const far = { ...message, sightings: [sightingAt(0.45, 0.22, { score: 0.5 })] };
    const [first] = placer.place(messageOf(far)).places;
    expect(first!.cells.length).toBeGreaterThan(1);
    expect(first!.weights.reduce((sum, weight) => sum + weight, 0)).toBe(1000);
    const seen = new Set(placer.takeCoverage().map(({ cell }) => cell));
    for (const cell of first!.cells) expect(seen.has(cell)).toBe(true);
    expect(placer.place(messageOf(far)).places[0]).toEqual(first);
  });
});
