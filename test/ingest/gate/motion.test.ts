/** Motion between two thumbnails. */
import { expect, it } from 'vitest';
import { hasMoved } from '#ingest/gate/motion.ts';
import type { Thumbnail } from '#ingest/gate/thumbnail.ts';

const COLUMNS = 160;
const ROWS = 90;

let state = 7;
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
const normals = Float32Array.from({ length: 65_521 }, () =>
  Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6),
);
let drawn = 0;
/** Pictures are a fraction of the table apart, so that no two get the same noise. */
const normal = () => normals[drawn++ % normals.length]!;

function scene(options: {
  noise: number;
  light?: number;
  thing?: { column: number; row: number; size: number };
}): Thumbnail {
  const cells = new Uint8Array(COLUMNS * ROWS);
  for (let cell = 0; cell < cells.length; cell++) {
    const [column, row] = [cell % COLUMNS, Math.floor(cell / COLUMNS)];
    const { thing } = options;
    const isThing =
      thing !== undefined &&
      column >= thing.column &&
      column < thing.column + thing.size &&
      row >= thing.row &&
      row < thing.row + thing.size;
    const base = 60 + ((column * 7 + row * 13) % 90) + (isThing ? 40 : 0) + (options.light ?? 0);
    cells[cell] = Math.max(0, Math.min(255, Math.round(base + options.noise * normal())));
  }
  return { columns: COLUMNS, rows: ROWS, cells };
}

it.each([0, 0.5, 1, 2])('is not seen in noise of %d grey levels', (noise) => {
  for (let time = 0; time < 100; time++) expect(hasMoved(scene({ noise }), scene({ noise }))).toBe(false);
});

it.each([0, 0.5, 1, 2])('is seen where a thing of two cells appears in noise of %d grey levels', (noise) => {
  const thing = { column: 50, row: 40, size: 2 };
  for (let time = 0; time < 50; time++) expect(hasMoved(scene({ noise }), scene({ noise, thing }))).toBe(true);
});

it('is not seen when the light of the whole picture changes a little, but when it changes much', () => {
  expect(hasMoved(scene({ noise: 0.5 }), scene({ noise: 0.5, light: 9 }))).toBe(false);
  expect(hasMoved(scene({ noise: 0.5 }), scene({ noise: 0.5, light: 40 }))).toBe(true);
});
