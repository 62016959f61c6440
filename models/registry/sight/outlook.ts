/**
 * What ground a calibrated camera sees: cells of its picture within 150 m, each with what hides it, how tall a person is
 * there and how many of the people there a look finds, by day and by night.
 */
import { cellToBoundary, cellToLatLng, gridDisk, latLngToCell } from 'h3-js';
import type { Calibration } from '#models/schema/calibration.ts';
import { groundProjector, toImage } from '../homography.ts';
import { tangentPlane } from '../tangent-plane.ts';
import { type Eye, eyeOf, type Mounting } from './eye.ts';
import { recallAt } from './recall.ts';
import type { Walls } from './walls.ts';

/** H3 resolution that presence is counted at: 30 to 50 m² each. */
export const COUNTED_RESOLUTION = 13;
/** Beyond this, 1 % of the picture's height is tens of metres on the ground: a cell would be a guess. */
export const REACH_M = 150;
/** Neighbouring cells of resolution 13 are about 7 m apart, at the least 6. */
const CELL_STEP_M = 6;
const PICTURE_PX = 720;

/** `''`: it is seen. `mask`: it lies outside of the ground that was drawn, or where nobody may look. */
export type HiddenBy = '' | 'building' | 'mask';

export type CellSight = { hiddenBy: HiddenBy; personPx: number; recallDay: number; recallNight: number };

export type Surroundings = {
  mounting?: Mounting | undefined;
  walls?: Walls | undefined;
  /** Whether a place of the picture counts: inside the drawn ground and outside of what may not be looked at. */
  isAllowed?: ((x: number, y: number) => boolean) | undefined;
  /** As if it were turned on its pole, degrees clockwise; what was drawn into the picture no longer holds then. */
  turnDeg?: number | undefined;
};

export type Outlook = {
  eye: Eye;
  isWithin: (lon: number, lat: number) => boolean;
  /** Cells (H3 indexes, hexadecimal) of which the middle or a corner is in the picture, hidden ones as well. */
  cells: () => string[];
  look: (cell: string) => CellSight;
  /** What stands between, of a place on the ground; undefined where it is not in the picture. */
  hiddenBy: (lon: number, lat: number) => HiddenBy | undefined;
};

export function outlookOf(calibration: Calibration, surroundings: Surroundings = {}): Outlook {
  const { mounting, walls, isAllowed, turnDeg = 0 } = surroundings;
  const project = groundProjector(calibration);
  const near = project(0.5, 1) ?? { lon: calibration.originLon, lat: calibration.originLat };
  const plane = tangentPlane(near.lon, near.lat);
  const locate = toImage(calibration);
  const eye = eyeOf(calibration, mounting);
  const isFree = walls?.seenFrom(eye);
  const turned = turnAbout(eye, turnDeg);
  const back = turnAbout(eye, -turnDeg);
  const isWithin = (lon: number, lat: number) => Math.hypot(...plane.toMetres(...back(lon, lat))) <= REACH_M;
  const pictured = (lon: number, lat: number) => {
    const at = locate(...back(lon, lat));
    if (at === undefined || !isWithin(lon, lat)) return undefined;
    const isInside = at[0] >= 0 && at[0] <= 1 && at[1] >= 0 && at[1] <= 1;
    return isInside && project(at[0], at[1]) !== undefined ? at : undefined;
  };
  const hiddenBy = (lon: number, lat: number): HiddenBy | undefined => {
    const at = pictured(lon, lat);
    if (at === undefined) return undefined;
    if (turnDeg === 0 && isAllowed?.(at[0], at[1]) === false) return 'mask';
    return isFree?.(lon, lat) === false ? 'building' : '';
  };
  return {
    eye,
    isWithin,
    hiddenBy,
    cells: () =>
      gridDisk(cellAt(...turned(near.lon, near.lat)), Math.ceil(REACH_M / CELL_STEP_M)).filter((cell) =>
        samplesOf(cell).some(([lat, lon]) => pictured(lon!, lat!) !== undefined),
      ),
    look(cell) {
      const told = samplesOf(cell).map(([lat, lon]) => ({ lon: lon!, lat: lat!, by: hiddenBy(lon!, lat!) }));
      const best = told.find(({ by }) => by === '') ?? told.find(({ by }) => by !== undefined);
      // A thing was placed where the picture ends: the middle is as good as any.
      const { lon, lat, by = '' } = best ?? told[0]!;
      const personPx = eye.personShare(...back(lon, lat)) * PICTURE_PX;
      return { hiddenBy: by, personPx, recallDay: recallAt('day', personPx), recallNight: recallAt('night', personPx) };
    },
  };
}

const cellAt = (lon: number, lat: number) => latLngToCell(lat, lon, COUNTED_RESOLUTION);

/** Turns places of the ground round the foot of the pole, clockwise. */
function turnAbout(eye: Eye, degrees: number): (lon: number, lat: number) => [lon: number, lat: number] {
  if (degrees === 0) return (lon, lat) => [lon, lat];
  const plane = tangentPlane(eye.lon, eye.lat);
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return (lon, lat) => {
    const [east, north] = plane.toMetres(lon, lat);
    return plane.toDegrees(east * cos + north * sin, north * cos - east * sin);
  };
}

const samplesOf = (cell: string): number[][] => [cellToLatLng(cell), ...cellToBoundary(cell)];
