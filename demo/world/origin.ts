/** Where the invented city lies: metres east and north of its origin, and lon/lat. */

/** South-west corner. The place is invented, like every name in the city. */
export const CITY_ORIGIN = { lon: 117.03, lat: 36.66 };

const METRES_PER_LAT = 111_320;
const METRES_PER_LON = METRES_PER_LAT * Math.cos((CITY_ORIGIN.lat * Math.PI) / 180);

/** Metres in the city: x east, y north. */
export type Point = readonly [xM: number, yM: number];

/** To 1e-7 of a degree, about a centimetre. */
export function toLonLat([xM, yM]: Point): [lon: number, lat: number] {
  return [round(CITY_ORIGIN.lon + xM / METRES_PER_LON), round(CITY_ORIGIN.lat + yM / METRES_PER_LAT)];
}

export function toMetres(lon: number, lat: number): [xM: number, yM: number] {
  return [(lon - CITY_ORIGIN.lon) * METRES_PER_LON, (lat - CITY_ORIGIN.lat) * METRES_PER_LAT];
}

const round = (degrees: number) => Math.round(degrees * 1e7) / 1e7;
