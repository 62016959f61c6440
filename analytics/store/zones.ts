/** Local time of an IANA zone: offsets, days and hours of the week, right across changes of the clock. */
import { HOUR_MS, type Range } from './time-ranges.ts';

export const DAY_MS = 24 * HOUR_MS;
export const WEEK_MS = 7 * DAY_MS;
const QUARTER_MS = HOUR_MS / 4;
/** 1970-01-05, the first Monday. */
const MONDAY_MS = 4 * DAY_MS;

/** Local time minus UTC at a moment, milliseconds. */
export type Zone = (atMs: number) => number;

const REMEMBERED_MAX = 20_000;

const zones = new Map<string, Zone>();

/** Throws RangeError for a name that the zone database does not have. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsetAt = (atMs: number) => {
    const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
  };
  // Asking the formatter costs some 20 us; offsets change at quarters of an hour at the finest.
  const offsets = new Map<number, number>();
  const zone: Zone = (atMs) => {
    const quarter = Math.floor(atMs / QUARTER_MS);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    if (offsets.size >= REMEMBERED_MAX) offsets.clear();
    const offset = offsetAt(quarter * QUARTER_MS);
    offsets.set(quarter, offset);
    return offset;
  };
  zones.set(name, zone);
  return zone;
}

export function isZone(name: string): boolean {
  try {
    return zoneOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** The moment at which clocks showed `localMs`; where they jumped over it, as much later; where twice, the first. */
export function momentOf(localMs: number, zone: Zone): number {
  const [before, after] = [zone(localMs - DAY_MS), zone(localMs + DAY_MS)];
  const first = localMs - Math.max(before, after);
  return zone(first) === Math.max(before, after) ? first : localMs - Math.min(before, after);
}

/** The same time on the clock a number of weeks earlier. */
export const weeksEarlier = (atMs: number, weeks: number, zone: Zone) =>
  momentOf(atMs + zone(atMs) - weeks * WEEK_MS, zone);

export const dayText = (atMs: number, zone: Zone) => new Date(atMs + zone(atMs)).toISOString().slice(0, 10);

/** A day, YYYY-MM-DD, as a range. */
export function rangeOfDay(day: string, zone: Zone): Range {
  const localMs = Date.parse(`${day}T00:00:00Z`);
  return [momentOf(localMs, zone), momentOf(localMs + DAY_MS, zone)];
}

/** Begins of the local days that a range touches, the first at or before its begin. */
export function daysOf([from, to]: Range, zone: Zone): number[] {
  const days: number[] = [];
  let local = Math.floor((from + zone(from)) / DAY_MS) * DAY_MS;
  for (let at = momentOf(local, zone); at < to; at = momentOf(local, zone)) {
    days.push(at);
    local += DAY_MS;
  }
  return days;
}

/** The parts of a range that lie in the given hours of the week, 0 is Monday from 00:00 to 01:00. */
export function weekHourRanges([from, to]: Range, hours: ReadonlySet<number>, zone: Zone): Range[] {
  const ranges: [number, number][] = [];
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < to; day += DAY_MS) {
    const [offset, next] = [zone(day), zone(day + DAY_MS)];
    // On most days one offset holds from end to end; where it changes, every quarter of an hour is asked for.
    const step = offset === next && offset % HOUR_MS === 0 ? HOUR_MS : QUARTER_MS;
    for (let at = day; at < day + DAY_MS; at += step) {
      const local = at + (offset === next ? offset : zone(at));
      if (!hours.has(((Math.floor((local - MONDAY_MS) / HOUR_MS) % 168) + 168) % 168)) continue;
      const [begin, end] = [Math.max(at, from), Math.min(at + step, to)];
      if (begin >= end) continue;
      const last = ranges.at(-1);
      if (last !== undefined && last[1] === begin) last[1] = end;
      else ranges.push([begin, end]);
    }
  }
  return ranges;
}
