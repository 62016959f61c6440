/** A file with a calibration, by its format, as what ours are made of. */
import Type from 'typebox';
import {
  Calibration,
  type CalibrationImport,
  CalibrationPoint,
  Lens,
  type CalibrationPoint as Pair,
  Viewpoint,
} from '../../schema/calibration.ts';
import { checker } from '../../schema/check.ts';
import { FaultError } from '../../schema/fault.ts';
import { toOurGround } from './frame.ts';
import { readOpenCv } from './opencv.ts';
import { readTsai } from './tsai.ts';

export type ReadCalibration =
  | { homography: number[]; lens: Lens | undefined; originLon: number; originLat: number }
  | { points: Pair[] }
  | { viewpoint: Viewpoint };

/** Throws FaultError `calibration-unfit`. */
export function readForeign({ format, text, frame }: CalibrationImport): ReadCalibration {
  if (format === 'json') return readOwn(text);
  if (frame === undefined) {
    throw new FaultError('calibration-unfit', `a ${format} file does not say where on earth its frame lies`, {
      cure: 'Declare it: the origin as lon,lat, the heading of its y axis, and its unit (--origin, --heading, --unit).',
    });
  }
  const foreign = format === 'tsai' ? readTsai(text) : readOpenCv(text);
  const homography = toOurGround(foreign, frame);
  return { homography, lens: foreign.lens, originLon: frame.lon, originLat: frame.lat };
}

const { homography, originLon, originLat } = Calibration.properties;
const Stored = Type.Object({ homography, originLon, originLat, lens: Type.Optional(Lens) });
const checks = {
  points: checker('points', Type.Array(CalibrationPoint, { minItems: 1, maxItems: 200 })),
  viewpoint: checker('viewpoint', Viewpoint),
  stored: checker('the calibration', Stored),
};

/** What `GET /cameras/:id/calibration` answers, or `{ viewpoint }`, or `{ points }`, or the points alone. */
function readOwn(text: string): ReadCalibration {
  const value = parse(text);
  try {
    if (Array.isArray(value)) return { points: checks.points(value) };
    const { viewpoint, points, homography: matrix, lens } = value as Record<string, unknown>;
    if (viewpoint !== undefined) return { viewpoint: checks.viewpoint(viewpoint) };
    if (matrix === undefined && points !== undefined) return { points: checks.points(points) };
    const { originLon: lon, originLat: lat } = value as Record<string, unknown>;
    const kept = checks.stored({
      homography: matrix,
      originLon: lon,
      originLat: lat,
      ...(lens === undefined ? {} : { lens }),
    });
    return { ...kept, lens: kept.lens };
  } catch (cause) {
    throw new FaultError('calibration-unfit', (cause as Error).message, { cause });
  }
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw new FaultError('calibration-unfit', `the file is no JSON: ${(cause as Error).message}`, { cause });
  }
  throw new FaultError('calibration-unfit', 'the file holds no calibration');
}
