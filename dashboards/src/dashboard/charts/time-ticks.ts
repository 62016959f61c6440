/** Where a time axis has its ticks: at midnights and full hours of the site's zone, so many that their words have room. */
import type { Words } from '../../words/english.ts';
import type { Span } from '../../workspace/time-range.ts';
import { midnightBefore, shiftDays, zoneOffsetMs } from '../../workspace/zone-time.ts';

const HOUR_MS = 3_600_000;
const HOURS = [1, 2, 3, 6, 12];
const DAYS = [1, 2, 7, 14, 28, 91];
const TICK_PX = 84;

/** First whole hour of the zone's clock in the span, then every `hours`; the clock's own hours, also where it jumps. */
function hourTicks({ fromMs, toMs }: Span, hours: number, zone: string): number[] {
  const ticks: number[] = [];
  for (let atMs = Math.ceil(fromMs / HOUR_MS) * HOUR_MS; atMs <= toMs; atMs += HOUR_MS) {
    const wallHour = Math.floor(((atMs + zoneOffsetMs(atMs, zone)) / HOUR_MS) % 24);
    if (wallHour % hours === 0) ticks.push(atMs);
  }
  return ticks;
}

function dayTicks({ fromMs, toMs }: Span, days: number, zone: string): number[] {
  const ticks: number[] = [];
  let atMs = midnightBefore(fromMs, zone);
  if (atMs < fromMs) atMs = shiftDays(atMs, 1, zone);
  for (; atMs <= toMs; atMs = shiftDays(atMs, days, zone)) ticks.push(atMs);
  return ticks;
}

export type TimeTicks = { at: number[]; isDays: boolean };

export function timeTicks(span: Span, widthPx: number, zone: string): TimeTicks {
  const most = Math.max(Math.floor(widthPx / TICK_PX), 2);
  const spanH = (span.toMs - span.fromMs) / HOUR_MS;
  const hours = HOURS.find((each) => spanH / each <= most);
  if (hours !== undefined) return { at: hourTicks(span, hours, zone), isDays: false };
  const days = DAYS.find((each) => spanH / 24 / each <= most) ?? 91;
  return { at: dayTicks(span, days, zone), isDays: true };
}

/** The day at midnights, the clock otherwise. */
export function tickText(atMs: number, { isDays }: TimeTicks, { words, zone }: { words: Words; zone: string }): string {
  const isMidnight = midnightBefore(atMs, zone) === atMs;
  const day = { weekday: 'short', month: 'short', day: 'numeric' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(words.locale, { timeZone: zone, ...(isDays || isMidnight ? day : clock) }).format(
    atMs,
  );
}
