/** Local times by the time zone database: days, minutes and days of the week, with their daylight saving. */

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}

export type LocalTime = {
  /** YYYY-MM-DD */
  day: string;
  /** 1 is Monday. */
  weekday: number;
  /** Since local midnight, by the clock on the wall: an hour that daylight saving skips is not there, one that comes twice is there twice. */
  minute: number;
};

const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
const REMEMBERED_MAX = 20_000;

export type LocalClock = (atMs: number) => LocalTime;

/** A formatter takes a millisecond to make. */
const clocks = new Map<string, LocalClock>();

export function localClock(zone: string): LocalClock {
  const clock = clocks.get(zone) ?? makeClock(zone);
  clocks.set(zone, clock);
  return clock;
}

/** Offsets change at quarters of an hour at the finest; each is asked for once. */
function makeClock(zone: string): LocalClock {
  const offsets = new Map<number, number>();
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const offsetAt = (atMs: number) => {
    const quarter = Math.floor(atMs / QUARTER_MS);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    if (offsets.size >= REMEMBERED_MAX) offsets.clear();
    const offset = readOffset(format, quarter * QUARTER_MS);
    offsets.set(quarter, offset);
    return offset;
  };
  return (atMs) => {
    const localMs = atMs + offsetAt(atMs);
    const days = Math.floor(localMs / DAY_MS);
    const day = new Date(days * DAY_MS).toISOString().slice(0, 10);
    // 1970-01-01 was a Thursday.
    return { day, weekday: ((days + 3) % 7) + 1, minute: Math.floor((localMs - days * DAY_MS) / 60_000) };
  };
}

function readOffset(format: Intl.DateTimeFormat, atMs: number): number {
  const name = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes, seconds] = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?/.exec(name) ?? [];
  if (sign === undefined) return 0;
  const size = (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds ?? 0) * 1000;
  return sign === '-' ? -size : size;
}
