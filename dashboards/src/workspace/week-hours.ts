/** Hours of the week as the API and the address write them: "7-9,31-33"; 0 is Monday from midnight to one. */
import { HOURS_OF_WEEK } from './zone-time.ts';

export const ALL_HOURS: readonly number[] = [];

const tidy = (hours: Iterable<number>): readonly number[] => {
  const sorted = [...new Set(hours)].sort((a, b) => a - b);
  return sorted.length === HOURS_OF_WEEK ? ALL_HOURS : sorted;
};

export function writeHours(hours: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const hour of hours) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] + 1 === hour) last[1] = hour;
    else runs.push([hour, hour]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/** What cannot be read is left out: an address that somebody typed must not break the page. */
export function readHours(text: string): readonly number[] {
  const hours = text.split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map((hour) => (hour === '' ? Number.NaN : Number(hour)));
    if (from === undefined || to === undefined || !isHour(from) || !isHour(to) || to < from) return [];
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
  return tidy(hours);
}

const isHour = (value: number) => Number.isInteger(value) && value >= 0 && value < HOURS_OF_WEEK;

/** Every hour of the rectangle between two hours of the week: days by days, hours by hours. */
export function rectangle(from: number, to: number): number[] {
  const [dayA, dayB] = [Math.floor(from / 24), Math.floor(to / 24)].sort((a, b) => a - b) as [number, number];
  const [hourA, hourB] = [from % 24, to % 24].sort((a, b) => a - b) as [number, number];
  const hours: number[] = [];
  for (let day = dayA; day <= dayB; day++) for (let hour = hourA; hour <= hourB; hour++) hours.push(day * 24 + hour);
  return hours;
}

export const withHours = (hours: readonly number[], changed: readonly number[], isOn: boolean): readonly number[] =>
  tidy(isOn ? [...hours, ...changed] : hours.filter((hour) => !changed.includes(hour)));

const days = (which: readonly number[], from: number, to: number) =>
  which.flatMap((day) => Array.from({ length: to - from }, (_, index) => day * 24 + from + index));

const WORKDAYS = [0, 1, 2, 3, 4];

/** Choices that people make again and again. */
export const HOUR_PRESETS = {
  all: ALL_HOURS,
  workdays: days(WORKDAYS, 0, 24),
  weekend: days([5, 6], 0, 24),
  rush: tidy([...days(WORKDAYS, 7, 9), ...days(WORKDAYS, 17, 19)]),
  night: tidy([...days([0, 1, 2, 3, 4, 5, 6], 0, 6), ...days([0, 1, 2, 3, 4, 5, 6], 22, 24)]),
} as const;
