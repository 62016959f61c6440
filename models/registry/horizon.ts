/** Where the ground of a picture ends, also where a lens bends the horizon. */
import type { Lens } from '../schema/calibration.ts';
import { horizonOf } from './homography.ts';
import { undistort } from './lens.ts';
import { apply, type Matrix } from './projective.ts';

const COLUMNS = 32;
const ROWS = 500;

/** Fraction of the picture's height below which every column shows ground. */
export function horizonThrough(homography: Matrix, lens: Lens | undefined): number {
  if (lens === undefined) return horizonOf(homography);
  let lowest = -10;
  for (let column = 0; column <= COLUMNS; column++) {
    for (let row = ROWS; row >= 0; row--) {
      const plain = undistort(lens, column / COLUMNS, row / ROWS);
      if (plain !== undefined && apply(homography, plain[0], plain[1])[2] > 1e-9) continue;
      lowest = Math.max(lowest, row / ROWS);
      break;
    }
  }
  return lowest;
}
