import { latLngToCell } from 'h3-js';
import { expect, it } from 'vitest';
import { createCellFinder } from '#analytics/place/cell-finder.ts';
import { randomFrom } from '../killable.ts';

it('finds the cell that H3 finds, anywhere on Earth, at the first and at every later asking', () => {
  const random = randomFrom(7);
  const find = createCellFinder();
  // Around a twelfth of the icosahedron's corners (pentagons), the date line, a pole's vicinity, and cities.
  const middles = [[117.0009, 36.6758], [-122.4, 37.77], [179.99999, 51.2], [10.536, 58.0], [24.9, 89.2], [-58.4, -34.6]]; // biome-ignore format: pairs
  for (const [lon, lat] of middles as [number, number][]) {
    for (let index = 0; index < 8000; index++) {
      const place = [lon + (random() - 0.5) * 2e-4, lat + (random() - 0.5) * 2e-4] as const;
      const { index: cell, numbers } = find(...place);
      expect(cell).toBe(latLngToCell(place[1], place[0], 13));
      expect(numbers[0].toString(16)).toBe(cell);
    }
  }
});
