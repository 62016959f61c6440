import { beforeEach, describe, expect, it } from 'vitest';
import { createPlacer, type Placer } from '#analytics/place/placer.ts';
import type { Camera } from '#models/schema/camera.ts';
import { calibrationOf, messageOf, SQUARE, sightingAt } from '../counting-site.ts';

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
    expect(reasonOf({ sightings: [sightingAt(0.5, 0.01)] })).toEqual([['none', 'beyond-reach']]);
    const strict = createPlacer({ errorMaxM: 0.05 });
    strict.setCalibration('gate-3', calibrationOf('gate-3', 4));
    expect(reasonOf({ sightings: one }, strict)).toEqual([['none', 'vague']]);
    const [vague] = strict.place(messageOf({ ...message, sightings: one })).places;
    expect(vague).toMatchObject({ cells: [0n], weights: [1000] });
    expect(vague!.lon).toBeGreaterThan(116);
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

  it('tells of every cell how it is seen, and anew when a house comes to stand before it', () => {
    const hidden = () => placer.takeCoverage().filter(({ hiddenBy }) => hiddenBy === 'building');
    const first = placer.takeCoverage();
    expect(first.length).toBeGreaterThan(20);
    expect(first.every(({ personPx }) => personPx! > 5)).toBe(true);
    const corners = [
      [-60, 30],
      [60, 30],
      [60, 32],
      [-60, 32],
      [-60, 30],
    ].map(([east, north]) => SQUARE.toDegrees(east!, north!));
    placer.setBuildings([{ heightM: 30, geometry: { type: 'Polygon', coordinates: [corners] } }]);
    const behind = hidden();
    expect(behind.length).toBeGreaterThan(5);
    placer.setBuildings([]);
    expect(placer.takeCoverage().filter(({ cell }) => behind.some((row) => row.cell === cell))).toHaveLength(
      behind.length,
    );
    expect(placer.takeCoverage()).toEqual([]);
  });

  it('neither places nor plans where nobody drew ground, and says of those cells that a mask hides them', () => {
    placer.takeCoverage();
    const camera = {
      placement: {},
      groundMask: [
        [
          [0, 0],
          [1, 0],
          [1, 0.65],
          [0, 0.65],
        ],
      ],
    };
    placer.setCamera('gate-3', camera as unknown as Camera);
    const { places } = placer.place(messageOf(message));
    expect(places.map(({ unplacedReason }) => unplacedReason)).toEqual(['', 'outside-mask']);
    const rows = placer.takeCoverage();
    const near = rows.filter(({ hiddenBy }) => hiddenBy === 'mask');
    expect(near.length).toBeGreaterThan(2);
    expect(near.length).toBeLessThan(rows.length);
    placer.setCamera('gate-3', camera as unknown as Camera);
    expect(placer.takeCoverage()).toEqual([]);
  });
});
