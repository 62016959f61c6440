/** How far a calibrated camera counts: the ground of its picture within 150 m of what lies at its lower edge. */
import { cellToBoundary, cellToLatLng, gridDisk, latLngToCell } from 'h3-js';
import { groundProjector, toImage } from '#models/registry/homography.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import { CELL_RESOLUTION } from './cell-finder.ts';

/** Beyond this, 1 % of the picture's height is tens of metres on the ground: a cell would be a guess. */
export const REACH_M = 150;
/** Neighbouring cells of resolution 13 are about 7 m apart, at the least 6. */
const CELL_STEP_M = 6;

export type Reach = {
  isWithin: (lon: number, lat: number) => boolean;
  /** Cells (H3 indexes, hexadecimal) of which the camera sees the middle or a corner. */
  cells: () => string[];
};

export function reachOf(calibration: Calibration): Reach {
  const project = groundProjector(calibration);
  const near = project(0.5, 1) ?? { lon: calibration.originLon, lat: calibration.originLat };
  const plane = tangentPlane(near.lon, near.lat);
  const locate = toImage(calibration);
  const isWithin = (lon: number, lat: number) => Math.hypot(...plane.toMetres(lon, lat)) <= REACH_M;
  const isSeen = ([lat, lon]: readonly number[]) => {
    const at = locate(lon!, lat!);
    if (at === undefined || !isWithin(lon!, lat!)) return false;
    return at[0] >= 0 && at[0] <= 1 && at[1] >= 0 && at[1] <= 1 && project(at[0], at[1]) !== undefined;
  };
  return {
    isWithin,
    cells: () =>
      gridDisk(latLngToCell(near.lat, near.lon, CELL_RESOLUTION), Math.ceil(REACH_M / CELL_STEP_M)).filter(
        (cell) => isSeen(cellToLatLng(cell)) || cellToBoundary(cell).some(isSeen),
      ),
  };
}
