/** Times in one zone, the site's, wherever the browser is: offsets, midnights, hours of the week, and what inputs read and write. */

const HOUR_MS = 3_600_000;
export const HOURS_OF_WEEK = 168;

const readers = new Map<string, Intl.DateTimeFormat>();

/** Throws a RangeError where the browser does not know the zone. */
function readerOf(zone: string): Intl.DateTimeFormat {
  const kept = readers.get(zone);
  if (kept !== undefined) return kept;
  const part = '2-digit' as const;
  const fields = { year: 'numeric' as const, month: part, day: part, hour: part, minute: part, second: part };
  const reader = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...fields });
  readers.set(zone, reader);
  return reader;
}

/** The wall clock there, as if it were UTC: only for reading its fields. */
function wallMs(atMs: number, zone: string): number {
  const fields: Record<string, number> = {};
  for (const { type, value } of readerOf(zone).formatToParts(atMs)) fields[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** How far the zone's clocks are ahead of UTC at that time. */
export const zoneOffsetMs = (atMs: number, zone: string): number => wallMs(atMs, zone) - Math.floor(atMs / 1000) * 1000;

/** The time at which the zone's clocks show this; of two such times in autumn the first, of none in spring the later. */
function fromWall(wallClockMs: number, zone: string): number {
  const guess = wallClockMs - zoneOffsetMs(wallClockMs, zone);
  return wallClockMs - zoneOffsetMs(guess, zone);
}

export function midnightBefore(atMs: number, zone: string): number {
  const day = new Date(wallMs(atMs, zone)).setUTCHours(0, 0, 0, 0);
  return fromWall(day, zone);
}

export function midnightAfter(atMs: number, zone: string): number {
  const day = new Date(wallMs(atMs, zone)).setUTCHours(24, 0, 0, 0);
  return fromWall(day, zone);
}

/** The same time on the clock some days later, or earlier: across a change of the clocks that is not a multiple of 24 h. */
export const shiftDays = (atMs: number, days: number, zone: string): number =>
  fromWall(wallMs(atMs, zone) + days * 24 * HOUR_MS, zone) + (atMs - Math.floor(atMs / 1000) * 1000);

/** 0 is Monday. */
export const weekdayOf = (atMs: number, zone: string): number => (new Date(wallMs(atMs, zone)).getUTCDay() + 6) % 7;

export const dayOfMonth = (atMs: number, zone: string): number => new Date(wallMs(atMs, zone)).getUTCDate();

/** 0 is Monday from midnight to one. */
export function hourOfWeek(atMs: number, zone: string): number {
  const wall = new Date(wallMs(atMs, zone));
  return ((wall.getUTCDay() + 6) % 7) * 24 + wall.getUTCHours();
}

/** How much of a span lies in the chosen hours of the week, seconds; no hours means all. Walks hours, so spans end at a year. */
export function chosenS(span: { fromMs: number; toMs: number }, hours: readonly number[], zone: string): number {
  const { fromMs, toMs } = span;
  if (hours.length === 0 || hours.length === HOURS_OF_WEEK) return Math.max(toMs - fromMs, 0) / 1000;
  const wanted = new Set(hours);
  const endMs = Math.min(toMs, fromMs + 366 * 24 * HOUR_MS);
  let sumMs = 0;
  for (let atMs = fromMs; atMs < endMs; ) {
    const nextMs = Math.min((Math.floor(atMs / HOUR_MS) + 1) * HOUR_MS, endMs);
    if (wanted.has(hourOfWeek(atMs, zone))) sumMs += nextMs - atMs;
    atMs = nextMs;
  }
  return sumMs / 1000;
}

/** What `<input type="datetime-local">` reads and writes: the zone's wall clock. */
export const toZoneInput = (atMs: number, zone: string): string =>
  new Date(wallMs(atMs, zone)).toISOString().slice(0, 16);

export const fromZoneInput = (text: string, zone: string): number => fromWall(Date.parse(`${text}Z`), zone);

/** "UTC+08:00" */
export function offsetText(atMs: number, zone: string): string {
  const minutes = Math.round(zoneOffsetMs(atMs, zone) / 60_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
