/** Numbers, durations and times as people read them, in the language of `words`. */
import type { Words } from './english.ts';

/** 1234567 → "1,234,567"; small fractions keep two significant digits. */
export function formatNumber(value: number, words: Words): string {
  if (value === 0) return '0';
  const digits =
    Math.abs(value) >= 10 || Number.isInteger(value)
      ? { maximumFractionDigits: Math.abs(value) >= 10 ? 0 : 1 }
      : { maximumSignificantDigits: 2 };
  return new Intl.NumberFormat(words.locale, digits).format(value);
}

/** 1234567 → "1.2M" (or 123万): for places that must stay narrow. */
export function formatCompact(value: number, words: Words): string {
  if (value < 10_000) return formatNumber(value, words);
  return new Intl.NumberFormat(words.locale, { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
}

/** Seconds → "0.4 s", "42 s", "12 min", "3 h 20 min", "5 d 3 h". */
export function formatDuration(seconds: number, words: Words): string {
  const { second, minute, hour, day } = words.units;
  if (seconds < 60) return `${formatNumber(seconds < 10 ? seconds : Math.round(seconds), words)} ${second}`;
  const pair = (big: number, bigUnit: string, small: number, smallUnit: string) =>
    small === 0
      ? `${formatNumber(big, words)} ${bigUnit}`
      : `${formatNumber(big, words)} ${bigUnit} ${small} ${smallUnit}`;
  const minutes = Math.round(seconds / 60);
  if (seconds < 600) return pair(Math.floor(seconds / 60), minute, Math.floor(seconds % 60), second);
  if (minutes < 60) return `${minutes} ${minute}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return pair(hours, hour, minutes % 60, minute);
  return pair(Math.floor(hours / 24), day, hours % 24, hour);
}

/** For the `Intl` formats: the zone in which `words` say times. */
export const inZone = ({ zone }: Words): { timeZone?: string } => (zone === undefined ? {} : { timeZone: zone });

type TimeOptions = { withSeconds?: boolean; withDay?: boolean; zone?: string };

/** Clock time; with the day where it is not today. In the zone of `words`, unless one is given. */
export function formatTime(atMs: number, words: Words, options: TimeOptions = {}): string {
  const timeZone = options.zone ?? words.zone;
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = (of: number) => new Date(of).toLocaleDateString('en-GB', zone);
  const isToday = options.withDay !== true && day(atMs) === day(Date.now());
  return new Date(atMs).toLocaleString(words.locale, {
    ...zone,
    ...(isToday ? {} : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    ...(options.withSeconds === true ? { second: '2-digit' } : {}),
    hour12: false,
  });
}

/** A span as one reads it: the day once where both ends lie in it. */
export function formatSpan({ fromMs, toMs }: { fromMs: number; toMs: number }, words: Words, zone: string): string {
  const format = new Intl.DateTimeFormat(words.locale, {
    ...{ timeZone: zone, weekday: 'short', month: 'short', day: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', hour12: false },
  });
  return format.formatRange(fromMs, toMs);
}

/** 0.634 → "63 %"; what is not nothing is not called 0 %. */
export function formatShare(share: number, words: Words): string {
  const percent = share > 0 && share < 0.01 ? { maximumSignificantDigits: 1 } : { maximumFractionDigits: 0 };
  return new Intl.NumberFormat(words.locale, { style: 'percent', ...percent }).format(share);
}

export function formatBitrate(kbps: number, words: Words): string {
  return kbps >= 1000 ? `${(kbps / 1000).toFixed(1)} ${words.units.mbps}` : `${Math.round(kbps)} ${words.units.kbps}`;
}

/** Monday to Sunday, short. */
export function dayNames(words: Words): string[] {
  const format = new Intl.DateTimeFormat(words.locale, { weekday: 'short', timeZone: 'UTC' });
  const MONDAY_MS = Date.UTC(2024, 0, 1);
  return Array.from({ length: 7 }, (_, day) => format.format(MONDAY_MS + day * 86_400_000));
}
