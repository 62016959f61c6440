/**
 * When a rule is awake: spans of local days. The clock on the wall counts: of a span in an hour that daylight saving
 * skips only what the clock shows is there, and in an hour that comes twice it is awake twice.
 */
import type { Schedule } from '#models/schema/rule.ts';
import { type LocalTime, localClock } from '#models/schema/time-zone.ts';

export type Awake = (atMs: number) => boolean;

const DAY_MIN = 1440;
const MINUTE_MS = 60_000;

/** `zone` is the configured one; `isHoliday` is asked with a local day, YYYY-MM-DD. */
export function awakeBy(
  schedule: Schedule | undefined,
  { zone, isHoliday }: { zone: string; isHoliday: (day: string) => boolean },
): Awake {
  if (schedule === undefined) return () => true;
  const local = localClock(schedule.zone ?? zone);
  const spans = schedule.spans.map(({ days, from, to }) => ({ days, from: minutes(from), to: minutes(to) }));
  const isDay = (days: readonly number[] | undefined, { day, weekday }: Pick<LocalTime, 'day' | 'weekday'>) => {
    const holiday = schedule.holidays ?? 'as-other-days';
    if (holiday !== 'as-other-days' && isHoliday(day) !== (holiday === 'only')) return false;
    return days === undefined || days.includes(weekday);
  };
  const isAwake = (atMs: number) => {
    const now = local(atMs);
    return spans.some(({ days, from, to }) => {
      if (to > from) return now.minute >= from && now.minute < to && isDay(days, now);
      if (now.minute >= from) return isDay(days, now);
      return now.minute < to && isDay(days, dayBefore(now));
    });
  };
  // Every camera asks at every look; a minute has one answer.
  let known = { minute: Number.NaN, isAwake: false };
  return (atMs) => {
    const minute = Math.floor(atMs / MINUTE_MS);
    if (minute !== known.minute) known = { minute, isAwake: isAwake(atMs) };
    return known.isAwake;
  };
}

const minutes = (clock: string) => {
  const [hours, rest] = clock.split(':');
  return Math.min(DAY_MIN, Number(hours) * 60 + Number(rest));
};

function dayBefore({ day, weekday }: LocalTime): Pick<LocalTime, 'day' | 'weekday'> {
  const before = new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MIN * MINUTE_MS).toISOString().slice(0, 10);
  return { day: before, weekday: weekday === 1 ? 7 : weekday - 1 };
}
