/** Calibration points of a pinhole camera whose place, height and direction are known or guessed. */
import type { CalibrationPoint } from '#models/schema/calibration.ts';

const METRES_PER_DEGREE = 111_320;

/** A place in metres east and north of an origin → lon/lat; good to a millimetre over a few hundred metres. */
export function placeAt(
  origin: { lon: number; lat: number },
  eastM: number,
  northM: number,
): { lon: number; lat: number } {
  const lat = origin.lat + northM / METRES_PER_DEGREE;
  return { lon: origin.lon + eastM / (METRES_PER_DEGREE * Math.cos((origin.lat * Math.PI) / 180)), lat };
}

export type Pose = {
  lon: number;
  lat: number;
  heightM: number;
  /** Downwards from the horizontal. */
  tiltDeg: number;
  /** Clockwise from north. */
  bearingDeg: number;
  horizontalFovDeg: number;
  /** Width over height of the picture. */
  aspect: number;
};

/** Eight picture points from just below the horizon to the lower edge, each with the ground that it sees. */
export function calibrationOfPose(pose: Pose): CalibrationPoint[] {
  const rad = Math.PI / 180;
  const focal = 0.5 / Math.tan((pose.horizontalFovDeg / 2) * rad);
  const tilt = pose.tiltDeg * rad;
  const bearing = pose.bearingDeg * rad;
  const horizonY = 0.5 - focal * pose.aspect * Math.tan(tilt);
  const rows = [0.12, 0.3, 0.6, 0.95].map((share) => Math.max(0, horizonY) + (1 - Math.max(0, horizonY)) * share);
  return rows.flatMap((y) =>
    [0.15, 0.85].map((x) => {
      const right = (x - 0.5) / focal;
      const down = (y - 0.5) / (focal * pose.aspect);
      const drop = Math.sin(tilt) + down * Math.cos(tilt);
      const forwardM = (pose.heightM / drop) * (Math.cos(tilt) - down * Math.sin(tilt));
      const rightM = (pose.heightM / drop) * right;
      const eastM = forwardM * Math.sin(bearing) + rightM * Math.cos(bearing);
      const northM = forwardM * Math.cos(bearing) - rightM * Math.sin(bearing);
      return { x, y, ...placeAt(pose, eastM, northM) };
    }),
  );
}
