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

/** Clock time; with the day where it is not today. */
export function formatTime(atMs: number, words: Words, options: { withSeconds?: boolean } = {}): string {
  const at = new Date(atMs);
  const isToday = at.toDateString() === new Date().toDateString();
  return at.toLocaleString(words.locale, {
    ...(isToday ? {} : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    ...(options.withSeconds === true ? { second: '2-digit' } : {}),
    hour12: false,
  });
}

export function formatBitrate(kbps: number, words: Words): string {
  return kbps >= 1000 ? `${(kbps / 1000).toFixed(1)} ${words.units.mbps}` : `${Math.round(kbps)} ${words.units.kbps}`;
}
