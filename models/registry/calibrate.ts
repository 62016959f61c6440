/** Every way to a calibration: pairs of points, a pose, or a file from elsewhere; all end as the same thing, graded. */
import type { Calibration, CalibrationInput, CalibrationPoint, Lens, Viewpoint } from '../schema/calibration.ts';
import { FaultError } from '../schema/fault.ts';
import { type Graded, gradeOf } from './grade.ts';
import { toGround } from './homography.ts';
import { horizonThrough } from './horizon.ts';
import { readForeign } from './import/read.ts';
import { solveBentCalibration } from './solve-lens.ts';
import { homographyOf, lensOf, viewpointCovariance } from './viewpoint.ts';

/** `aspect`: width over height of the camera's picture; `position`: where it is registered. */
export type CalibrationAsked = {
  camera: string;
  version: number;
  createdAtMs: number;
  aspect: number;
  position: { lon: number; lat: number } | undefined;
};

export type Calibrated = { calibration: Calibration; graded: Graded };

/** Throws FaultError `calibration-unfit`, `calibration-collinear`, `calibration-poor` or `invalid-value`. */
export function calibrate(input: CalibrationInput, asked: CalibrationAsked): Calibrated {
  const given = [input.points, input.viewpoint, input.import].filter((way) => way !== undefined);
  if (given.length !== 1)
    throw new FaultError('invalid-value', 'one of body.points, body.viewpoint and body.import is expected');
  const solved = solve(input, asked);
  const graded = gradeOf(solved, asked.position);
  return { calibration: { ...solved, aspect: asked.aspect, grade: graded.grade, errors: graded.errors }, graded };
}

function solve(input: CalibrationInput, asked: CalibrationAsked): Calibration {
  if (input.points !== undefined) return solveBentCalibration(input.points, asked);
  if (input.viewpoint !== undefined) return ofViewpoint(input.viewpoint, asked);
  const foreign = readForeign(input.import!);
  if ('points' in foreign) return solveBentCalibration(foreign.points, asked);
  if ('viewpoint' in foreign) return ofViewpoint(foreign.viewpoint, asked);
  return ofHomography(foreign, { ...asked, method: 'imported' });
}

function ofViewpoint(viewpoint: Viewpoint, asked: CalibrationAsked): Calibration {
  const lens = lensOf(viewpoint);
  const made = ofHomography(
    { homography: homographyOf(viewpoint), lens, originLon: viewpoint.lon, originLat: viewpoint.lat },
    { ...asked, method: 'pose' },
  );
  return { ...made, viewpoint, covariance: viewpointCovariance(viewpoint) };
}

type Plain = { homography: number[]; lens: Lens | undefined; originLon: number; originLat: number };
type Making = CalibrationAsked & { method: 'pose' | 'imported' };

/** It goes through no points of its own: some on its ground stand for them. */
function ofHomography(
  { homography, lens, originLon, originLat }: Plain,
  { camera, version, createdAtMs, method }: Making,
) {
  const calibration: Calibration = {
    ...{ camera, version, points: [], originLon, originLat, homography, residualM: 0, createdAtMs, method },
    horizonY: horizonThrough(homography, lens),
    ...(lens === undefined ? {} : { lens }),
  };
  return { ...calibration, points: pointsOf(calibration) };
}

const ROWS = [0.12, 0.4, 0.7, 0.98] as const;
const COLUMNS = [0.15, 0.85] as const;

function pointsOf(calibration: Calibration): CalibrationPoint[] {
  const top = Math.max(0, calibration.horizonY);
  const points = ROWS.flatMap((share) =>
    COLUMNS.flatMap((x) => {
      const y = top + (1 - top) * share;
      const place = toGround(calibration, x, y);
      return place === undefined ? [] : [{ x, y, lon: place.lon, lat: place.lat }];
    }),
  );
  if (top < 0.98 && points.length >= 4) return points;
  throw new FaultError('calibration-unfit', 'by this the camera sees no ground', {
    cure: 'Tilt it further down, or correct its heading, its height and its frame.',
  });
}
