import { gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { createCellFinder } from '#analytics/place/cell-finder.ts';
import { CELLS_MAX, createCellWeights, type Vague } from '#analytics/place/cell-weights.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import { gaussian } from '#test/models/registry/gaussian.ts';

const plane = tangentPlane(117.0009, 36.6758);
const findCell = createCellFinder();
const weigh = createCellWeights(findCell);
const always = () => true;

/** An ellipse of so many metres (1 sigma) along and across a line that is turned. */
function vague(eastM: number, northM: number, alongM: number, acrossM = alongM, turn = 0): Vague {
  const [lon, lat] = plane.toDegrees(eastM, northM);
  const [lon1, lat1] = plane.toDegrees(eastM + 1, northM + 1);
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)];
  const ee = (alongM * sin) ** 2 + (acrossM * cos) ** 2;
  const nn = (alongM * cos) ** 2 + (acrossM * sin) ** 2;
  const en = sin * cos * (alongM ** 2 - acrossM ** 2);
  const [perEast, perNorth] = [lon1 - lon, lat1 - lat];
  return { lon, lat, lonLon: ee * perEast ** 2, lonLat: en * perEast * perNorth, latLat: nn * perNorth ** 2 };
}

/** The mass in each cell, by throwing. */
function thrown(place: Vague, times: number): Map<string, number> {
  const random = gaussian(3);
  const root = Math.sqrt(place.lonLon);
  const lean = place.lonLat / root;
  const rest = Math.sqrt(place.latLat - lean * lean);
  const mass = new Map<string, number>();
  for (let time = 0; time < times; time++) {
    const [u, v] = [random(), random()];
    const { index } = findCell(place.lon + root * u, place.lat + lean * u + rest * v);
    mass.set(index, (mass.get(index) ?? 0) + 1000 / times);
  }
  return mass;
}

describe('weights of a vague place', () => {
  it('are whole thousandths that sum to 1000, in at most 37 cells, the middle first', () => {
    const random = gaussian(11);
    for (let time = 0; time < 2000; time++) {
      const [along, across] = [Math.abs(random()) * 5, Math.abs(random()) * 2];
      const place = vague(random() * 300, random() * 300, along, across, random());
      const { middle, cells, weights } = weigh(place, always);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(1000);
      expect(weights.every((weight) => Number.isInteger(weight) && weight >= 20)).toBe(true);
      expect(new Set(cells).size).toBe(weights.length);
      expect(cells.length).toBeLessThanOrEqual(CELLS_MAX);
      expect(cells[0]).toBe(BigInt(`0x${latLngToCell(place.lat, place.lon, 13)}`));
      expect(middle.index).toBe(latLngToCell(place.lat, place.lon, 13));
    }
  });

  it('are one cell where the ellipse lies in it, and more the wider it is', () => {
    const middle = findCell(...plane.toDegrees(0, 0));
    expect(weigh(vague(0, 0, 0.01), always)).toEqual({ middle, cells: middle.numbers, weights: [1000] });
    const counts = [1, 2, 4, 8].map((sigmaM) => weigh(vague(0, 0, sigmaM), always).cells.length);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts[3]).toBeGreaterThan(15);
  });

  it.each([
    [0.5, 0.2],
    [2, 0.3],
    [4, 1],
    [9, 3],
  ])('are the mass of an ellipse of %d m by %d m within a few hundredths', (alongM, acrossM) => {
    for (const [east, north] of [
      [0, 0],
      [2, 1],
      [3.3, -2.7],
    ] as const) {
      const place = vague(east, north, alongM, acrossM, 0.7);
      const mass = thrown(place, 20_000);
      const { cells, weights } = weigh(place, always);
      for (const [at, cell] of cells.entries()) {
        if (at === 0) continue;
        expect(Math.abs(weights[at]! - (mass.get(cell.toString(16)) ?? 0))).toBeLessThan(40);
      }
    }
  });

  it('stay on ground that is seen: the rest counts with the middle', () => {
    const place = vague(0, 0, 6);
    const { index } = findCell(place.lon, place.lat);
    const near = new Set(gridDisk(index, 1));
    const { cells, weights } = weigh(place, (cell) => near.has(cell));
    expect(cells.length).toBe(7);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(1000);
    expect(weights[0]).toBeGreaterThan(weigh(place, always).weights[0]!);
  });
});
