/** A figure of a panel with its unit, as people read it. */
import type { PanelValue } from '#models/schema/dashboard.ts';
import type { PanelColumn } from '#models/schema/panel.ts';
import type { Words } from '../words/english.ts';
import { formatCompact, formatDuration, formatNumber, formatShare } from '../words/figures.ts';

type Unit = PanelColumn['unit'];

const IN_SECONDS: Partial<Record<NonNullable<Unit>, number>> = { s: 1, min: 60, h: 3600 };
const SIGNIFICANT_DIGITS = 3;
const LONG_S = 48 * 3600;
const BYTES = ['B', 'kB', 'MB', 'GB', 'TB'];

export function formatBytes(bytes: number, words: Words): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), BYTES.length - 1);
  return `${formatNumber(bytes / 1000 ** power, words)} ${BYTES[power]}`;
}

/** Sums over many cameras are more than a calendar holds: hours, not days, from two days on. */
function durationText(seconds: number, words: Words): string {
  const size = Math.abs(seconds);
  const text =
    size < LONG_S ? formatDuration(size, words) : `${numberText(size / 3600, words)} ${words.dashboard.units.h}`;
  return `${seconds < 0 ? '−' : ''}${text}`;
}

/** As many digits as tell two figures of one sentence apart: 2.98, 33.8, 1,712. */
function numberText(value: number, words: Words): string {
  const digits =
    Math.abs(value) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: SIGNIFICANT_DIGITS };
  return new Intl.NumberFormat(words.locale, digits).format(value);
}

/** `isShort`: for the ends of axes and narrow places. */
export function unitText(value: number, unit: Unit, words: Words, { isShort = false } = {}): string {
  const number = isShort ? formatCompact(value, words) : numberText(value, words);
  if (unit === undefined || unit === 'count' || unit === 'at once') return number;
  const seconds = IN_SECONDS[unit];
  if (seconds !== undefined) return durationText(value * seconds, words);
  if (unit === 'share') return formatShare(value, words);
  if (unit === 'bytes') return formatBytes(value, words);
  return `${number} ${words.dashboard.units[unit]}`;
}

export const asNumber = (value: PanelValue | undefined): number | null => {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
};

/** UTC milliseconds, or a time as ClickHouse writes it, in UTC. */
export function asTimeMs(value: PanelValue | undefined): number | null {
  if (typeof value !== 'string') return asNumber(value);
  const atMs = /^\d+$/.test(value) ? Number(value) : Date.parse(`${value.replace(' ', 'T').replace(/Z$/, '')}Z`);
  return Number.isNaN(atMs) ? null : atMs;
}
