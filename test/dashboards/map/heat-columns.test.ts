/** A heat map made ready to draw: columns, tones, scale and marks. */
import { expect, it } from 'vitest';
import { meshOf } from '#dashboards/src/map/cell-mesh.ts';
import {
  columnsOf,
  EMPTY,
  indexOfCell,
  rowOf,
  SELDOM,
  scalePlace,
  UNCERTAIN,
  UNKNOWN,
} from '#dashboards/src/map/heat-columns.ts';
import type { HeatCell, HeatMap } from '#models/schema/heat-map.ts';

const CELLS = ['8c31aa4b20a2dff', '8c31aa4b20a29ff', '8c31aa4b20a2bff'] as const;
const ASKED = { shown: 'value', cellSizeM: 22, elapsedS: 3600 } as const;

const answer = (cells: HeatCell[], measure: HeatMap['measure'] = 'presence'): HeatMap => ({
  ...{ fromMs: 0, toMs: 3_600_000, kind: null, measure, resolution: 12, cells },
});

it('finds each cell and its figures again, and no cell that was not watched', () => {
  const columns = columnsOf(
    answer(CELLS.map((cell, index) => ({ cell, value: index * 10, observedS: 1800, errorM: 3 }))),
    ASKED,
  );
  CELLS.forEach((cell, index) => {
    expect(rowOf(columns, indexOfCell(columns.cells, cell))).toMatchObject({ value: index * 10, observedS: 1800 });
  });
  expect(indexOfCell(columns.cells, '8c31aa4b20a03ff')).toBe(-1);
  expect(columns.observedShare).toBeCloseTo(0.5);
});

it('marks what is empty, seldom watched, or less sure than a cell is wide', () => {
  const { flags, marks } = columnsOf(
    answer([
      { cell: CELLS[1], value: 0, observedS: 3600, errorM: null },
      { cell: CELLS[2], value: 5, observedS: 300, errorM: 2 },
      { cell: CELLS[0], value: 5, observedS: 3600, errorM: 23 },
    ]),
    ASKED,
  );
  expect([...flags]).toEqual([EMPTY, SELDOM, UNCERTAIN]);
  expect(marks).toBe(EMPTY | SELDOM | UNCERTAIN);
});

it('passes on how many hours are counted anew', () => {
  expect(columnsOf(answer([]), ASKED).missingHours).toBe(0);
  expect(columnsOf({ ...answer([]), missingHours: 3 }, ASKED).missingHours).toBe(3);
});

it('compares sums by what they are per hour watched, so that half the watching is not half the traffic', () => {
  const { tones, scale } = columnsOf(
    answer([{ cell: CELLS[0], value: 60, observedS: 1800, compareValue: 120, compareObservedS: 3600 }]),
    { ...ASKED, shown: 'compare' },
  );
  expect(tones[0]).toBe(0);
  expect(scale.isDiverging).toBe(true);
});

it('knows no difference where one of the two spans was not watched, and no departure without a normal', () => {
  const unseen = { cell: CELLS[0], value: 60, observedS: 1800, compareValue: 0, compareObservedS: 0 };
  expect([...columnsOf(answer([unseen]), { ...ASKED, shown: 'compare' }).flags]).toEqual([UNKNOWN]);
  const early = { cell: CELLS[0], value: 60, observedS: 1800, normal: null, spread: null, departure: null };
  expect([...columnsOf(answer([early]), { ...ASKED, shown: 'normal' }).flags]).toEqual([UNKNOWN]);
});

it('puts less below and more above the middle of a diverging scale', () => {
  const scale = { end: 4, isDiverging: true, isRoot: false };
  expect([-8, -2, 0, 2, 4].map((tone) => scalePlace(tone, scale))).toEqual([0, 0.25, 0.5, 0.75, 1]);
});

it('ends the scale at a speed that reads well, which one runaway does not stretch', () => {
  const cells = Array.from({ length: 100 }, (_, index) => ({
    cell: (0x8c31aa4b20a2dffn + BigInt(index * 512)).toString(16),
    value: index === 99 ? 80 : 3,
    observedS: 3600,
  }));
  expect(columnsOf(answer(cells, 'speed'), ASKED).scale).toEqual({ end: 5, isDiverging: false, isRoot: false });
});

it('keeps corners of cells to a centimetre in single precision', () => {
  const ids = BigUint64Array.from(CELLS, (cell) => BigInt(`0x${cell}`)).sort();
  const { origin, corners } = meshOf(ids);
  expect(corners).toHaveLength(36);
  const EARTH_M = 40_075_016;
  const [x0, x3] = [corners[0]! + origin[0], corners[6]! + origin[0]];
  expect(Math.abs(x3 - x0) * EARTH_M).toBeGreaterThan(5);
  expect(Math.abs(Math.fround(corners[0]!) - corners[0]!) * EARTH_M).toBeLessThan(0.01);
});
