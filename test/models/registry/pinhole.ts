/** A made-up camera over the origin: 8 m up, looking north and 20° down, 60° wide, 16:9. */
import type { TangentPlane } from '#models/registry/tangent-plane.ts';
import type { CalibrationPoint } from '#models/schema/calibration.ts';

export const HEIGHT_M = 8;

/** Where a place that lies `upM` above the ground is in its picture. */
export function pinholeAt(plane: TangentPlane, east: number, north: number, upM = 0): CalibrationPoint {
  const [sin, cos] = [Math.sin(Math.PI / 9), Math.cos(Math.PI / 9)];
  const drop = HEIGHT_M - upM;
  const depth = north * cos + drop * sin;
  const focal = 0.5 / Math.tan(Math.PI / 6);
  const [lon, lat] = plane.toDegrees(east, north);
  return {
    x: 0.5 + (focal * east) / depth,
    y: 0.5 + (focal * (16 / 9) * (drop * cos - north * sin)) / depth,
    lon,
    lat,
  };
}
