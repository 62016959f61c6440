/** Where the sun stands over the city, and the clock on its walls. */
import { CITY_ORIGIN } from './origin.ts';

/** China's one time, without summer time. */
export const CITY_OFFSET_MS = 8 * 3_600_000;

const DAY_MS = 86_400_000;

export type CityTime = {
  /** Days since 1970 by the city's clock. */
  day: number;
  /** 0 is Monday. */
  weekday: number;
  /** 1 is January. */
  month: number;
  /** Since the city's midnight. */
  minute: number;
  /** The same with its fraction, 0 to 24. */
  hour: number;
};

export function cityTime(atMs: number): CityTime {
  const local = atMs + CITY_OFFSET_MS;
  const day = Math.floor(local / DAY_MS);
  const sinceMidnightMs = local - day * DAY_MS;
  return {
    day,
    weekday: (((day + 3) % 7) + 7) % 7,
    month: new Date(local).getUTCMonth() + 1,
    minute: Math.floor(sinceMidnightMs / 60_000),
    hour: sinceMidnightMs / 3_600_000,
  };
}

/** Above the horizon, degrees; the equation of time is left out, so a quarter of an hour off at the most. */
export function sunHeightDeg(atMs: number): number {
  const rad = Math.PI / 180;
  const date = new Date(atMs);
  const dayOfYear = (atMs - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS;
  const declination = -23.44 * Math.cos(((dayOfYear + 10) / 365.24) * 2 * Math.PI) * rad;
  const solarHour = ((atMs % DAY_MS) / 3_600_000 + CITY_ORIGIN.lon / 15) % 24;
  const lat = CITY_ORIGIN.lat * rad;
  const height =
    Math.sin(lat) * Math.sin(declination) +
    Math.cos(lat) * Math.cos(declination) * Math.cos((solarHour - 12) * 15 * rad);
  return Math.asin(height) / rad;
}
