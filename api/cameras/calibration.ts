/** A camera's calibration, and the shape of its picture, as routes need them. */
import type { Calibration } from '#models/schema/calibration.ts';
import type { Camera } from '#models/schema/camera.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Context } from '../context.ts';

/** Where a camera has no picture yet. */
const USUAL_ASPECT = 16 / 9;

/** Throws FaultError `not-found`. */
export function calibrationOf(id: string, { calibrations }: Pick<Context, 'calibrations'>): Calibration {
  const calibration = calibrations.get(id);
  if (calibration !== undefined) return calibration;
  throw new FaultError('not-found', `camera "${id}" has no calibration`, {
    cure: 'Give at least four pairs of picture and map points, or a viewpoint: PUT to /calibration.',
  });
}

/** Width over height of its picture. */
export function aspectOf({ id }: Camera, { states }: Pick<Context, 'states'>): number {
  const { width, height } = states.get(id) ?? {};
  return width === undefined || height === undefined || height === 0 ? USUAL_ASPECT : width / height;
}
