/** A view's calibration as a careful engineer would click it: picture points with the ground that the camera sees there. */
import type { CalibrationPoint } from '#models/schema/calibration.ts';
import { PICTURE } from './camera.ts';
import { toLonLat } from './origin.ts';
import { toCity } from './placement.ts';
import { groundAt } from './sight.ts';
import type { View } from './view.ts';

const COLUMNS = [0.08, 0.36, 0.64, 0.92] as const;
/** Shares of the way from the highest row to the lower edge, in the picture. */
const ROWS = [0, 0.3, 0.62, 0.97] as const;
/** Nobody sees a mark on the ground farther away than this. */
const FARTHEST_M = 60;

/** Sixteen points, from 60 m away (or as far as the picture goes) to the lower edge. */
export function calibrationOf({ camera, stage }: View): CalibrationPoint[] {
  const top = highestRow((y) => {
    const reaches = COLUMNS.map((x) => groundAt(camera, stage, { x, y }));
    return reaches.every((at) => at !== undefined && Math.hypot(at[0] - camera.x, at[1] - camera.y) < FARTHEST_M);
  });
  return ROWS.flatMap((share) =>
    COLUMNS.map((x): CalibrationPoint => {
      const y = top + (1 - top) * share;
      const [lon, lat] = toLonLat(toCity(stage.place, groundAt(camera, stage, { x, y })!));
      return { x, y, lon, lat };
    }),
  );
}

function highestRow(isNearEnough: (y: number) => boolean): number {
  for (let row = 0; row < PICTURE.heightPx; row += 4) {
    if (isNearEnough(row / PICTURE.heightPx)) return row / PICTURE.heightPx;
  }
  throw new RangeError('the camera sees no ground');
}
