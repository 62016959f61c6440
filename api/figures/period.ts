/** From the texts of a query to a period of time and a box on the map. */
import { FaultError } from '#models/schema/fault.ts';

export type Period = { fromMs: number; toMs: number };

const HOUR_MS = 3600_000;
const DAYS_MAX = 400;
/** 2001 in milliseconds: anything below was meant as seconds. */
const MS_MIN = 1e12;

/** ISO 8601 or milliseconds; without `to` it ends now, without `from` it is the hour before the end. */
export function readPeriod(
  { from, to }: { from?: string; to?: string },
  nowMs = Date.now(),
  [fromName, toName]: readonly [string, string] = ['from', 'to'],
): Period {
  const toMs = to === undefined ? nowMs : readTime(toName, to);
  const fromMs = from === undefined ? toMs - HOUR_MS : readTime(fromName, from);
  if (fromMs >= toMs) {
    throw new FaultError(
      'invalid-value',
      `query.${fromName} should be before query.${toName}, but ${iso(fromMs)} is not before ${iso(toMs)}`,
    );
  }
  if (toMs - fromMs > DAYS_MAX * 24 * HOUR_MS) {
    throw new FaultError('invalid-value', `query.${fromName} to query.${toName} are more than ${DAYS_MAX} days`, {
      cure: 'Ask for a shorter time.',
    });
  }
  return { fromMs, toMs };
}

function readTime(name: string, text: string): number {
  // A + that nobody encoded arrives as a space.
  const ms = /^\d+$/.test(text) ? Number(text) : Date.parse(text.replace(/ (?=\d\d:?\d\d$)/, '+'));
  if (Number.isFinite(ms) && ms >= MS_MIN && ms < 8e15) return ms;
  const isSeconds = /^\d{9,11}$/.test(text);
  throw new FaultError('invalid-value', `query.${name} should be ISO 8601 or milliseconds, but is "${text}"`, {
    cure: isSeconds
      ? `These are seconds; write ${text}000.`
      : 'Write for example 2026-03-01T08:00:00Z or 1772352000000.',
  });
}

const iso = (ms: number) => new Date(ms).toISOString();

export type Bbox = [west: number, south: number, east: number, north: number];

/** `w,s,e,n` in degrees. */
export function readBbox(text: string | undefined): Bbox | undefined {
  if (text === undefined) return undefined;
  const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN, ...more] = text
    .split(',')
    .map(Number);
  const isBox =
    west < east &&
    south < north &&
    Math.abs(west) <= 180 &&
    Math.abs(east) <= 180 &&
    Math.abs(south) <= 90 &&
    Math.abs(north) <= 90;
  if (isBox && more.length === 0) return [west, south, east, north];
  throw new FaultError('invalid-value', `query.bbox should be west,south,east,north in degrees, but is "${text}"`);
}
