/** What the measures are: how a figure becomes a rate, which scale it stands on, and how it is written. */
import type { Measure } from '#models/schema/heat-map.ts';
import type { Words } from '../words/english.ts';
import { formatCompact, formatDuration, formatNumber } from '../words/figures.ts';

export const MEASURE_NAMES: readonly Measure[] = ['presence', 'tracks', 'concurrency', 'peak', 'speed', 'dwell'];

/** Sums grow with the time that was watched: only their rates can be compared. The others are means already. */
const SUMS: readonly Measure[] = ['presence', 'tracks'];
const DURATIONS: readonly Measure[] = ['presence', 'dwell'];
const S_PER_HOUR = 3600;

export const isSum = (measure: Measure): boolean => SUMS.includes(measure);

/** A sum per hour watched; what is a mean stays as it is. NaN where nothing is known. */
export function rateOf(value: number, observedS: number, measure: Measure): number {
  if (!(observedS > 0)) return Number.NaN;
  return isSum(measure) ? (value / observedS) * S_PER_HOUR : value;
}

/** Streets are full of cells with little and few with much; speeds and times of stay are not. */
export const isRoot = (measure: Measure): boolean => measure !== 'speed';

/** Ends that read well as durations, seconds: 1 s … 30 s, 1 min … 30 min, 1 h … 20 h, then days. */
const DURATION_ENDS = [1, 60, 3600].flatMap((unit) =>
  [1, 2, 5, 10, 20, 30].filter((step) => unit < 3600 || step <= 20).map((step) => step * unit),
);
const S_PER_DAY = 86_400;

/** The next of 1, 2, 5, 10, 20, 50 … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value * 0.999) ?? 10) * power;
}

/** The end of a scale that holds `high` and reads well. */
export function niceEnd(high: number, measure: Measure): number {
  if (!(high > 0)) return 1;
  if (measure === 'tracks') return Math.max(roundUp(high), 1);
  if (!DURATIONS.includes(measure)) return roundUp(high);
  return DURATION_ENDS.find((end) => end >= high * 0.999) ?? roundUp(high / S_PER_DAY) * S_PER_DAY;
}

/** A figure with its unit. */
export function measureText(value: number, measure: Measure, words: Words): string {
  if (DURATIONS.includes(measure)) return formatDuration(value, words);
  if (measure === 'speed') return `${formatNumber(value, words)} ${words.heat.metresPerSecond}`;
  return formatCompact(value, words);
}

/** A difference with its sign and unit. */
export function differenceText(value: number, measure: Measure, words: Words): string {
  const sign = value > 0 ? '+' : value < 0 ? '−' : '±';
  return `${sign}${measureText(Math.abs(value), measure, words)}`;
}

export const sigmasText = (value: number, words: Words): string =>
  `${value > 0 ? '+' : value < 0 ? '−' : '±'}${formatNumber(Math.abs(value), words)} σ`;

/** What a colour stands for, with sign and unit. */
export function toneText(
  tone: number,
  of: { measure: Measure; shown: 'value' | 'compare' | 'normal' },
  words: Words,
): string {
  if (Number.isNaN(tone)) return '–';
  if (of.shown === 'normal') return sigmasText(tone, words);
  return of.shown === 'compare' ? differenceText(tone, of.measure, words) : measureText(tone, of.measure, words);
}
