/** Calibrations from elsewhere: their own ground frame, declared by whoever brings them, turned into ours. */
import type { CalibrationFrame, Lens } from '../../schema/calibration.ts';
import { FaultError } from '../../schema/fault.ts';
import { determinant, invert, type Matrix, multiply } from '../projective.ts';

/** `toPicture`: from metres or whatever unit on the frame's plane z = 0 to picture fractions without distortion. */
export type ForeignCalibration = { toPicture: Matrix; lens: Lens | undefined; aspect: number; isAbove: boolean };

const RADIANS = Math.PI / 180;

/** Picture fractions without distortion → metres east and north of the frame's origin. Throws FaultError `calibration-unfit`. */
export function toOurGround({ toPicture, isAbove }: ForeignCalibration, frame: CalibrationFrame): number[] {
  if (!isAbove) {
    throw new FaultError('calibration-unfit', 'by this frame the camera hangs below the ground', {
      cure: 'Its z axis points down, or left and right are exchanged: turn the frame so that z points up, and import again.',
    });
  }
  if (!(Math.abs(determinant(toPicture)) > 0) || toPicture.some((value) => !Number.isFinite(value)))
    throw new FaultError('calibration-unfit', 'the camera lies in the plane of the ground, so nothing can be placed');
  const [sin, cos] = [Math.sin(frame.headingDeg * RADIANS), Math.cos(frame.headingDeg * RADIANS)];
  const toEastNorth = [cos * frame.unitM, sin * frame.unitM, 0, -sin * frame.unitM, cos * frame.unitM, 0, 0, 0, 1];
  const homography = multiply(toEastNorth, invert(toPicture));
  // invert() divides by the determinant, so the sign is that of the distance in front of the camera.
  const scale = 1 / Math.hypot(homography[6]!, homography[7]!, homography[8]!);
  return homography.map((value) => value * scale);
}

/** Rows of a turn and a shift, world → camera, with focal lengths and middle as fractions. */
export function planeToPicture(
  turn: readonly number[],
  shift: readonly number[],
  lens: Pick<Lens, 'fx' | 'fy' | 'cx' | 'cy'>,
) {
  const pinhole = [lens.fx, 0, lens.cx, 0, lens.fy, lens.cy, 0, 0, 1];
  const camera = [0, 3, 6].flatMap((row) => [turn[row]!, turn[row + 1]!, shift[row / 3]!]);
  const heightOfCamera = -(turn[2]! * shift[0]! + turn[5]! * shift[1]! + turn[8]! * shift[2]!);
  return { toPicture: multiply(pinhole, camera), isAbove: heightOfCamera > 0 };
}
