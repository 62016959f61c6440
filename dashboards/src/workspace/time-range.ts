/** Which span of time the figures are of: one that moves with the clock, or one with two ends. */
export const RANGE_NAMES = ['quarter', 'hour', 'today', 'day', 'custom'] as const;
export type RangeName = (typeof RANGE_NAMES)[number];

export type TimeRange = { name: Exclude<RangeName, 'custom'> } | { name: 'custom'; fromMs: number; toMs: number };

const LENGTH_MS = { quarter: 15 * 60_000, hour: 3_600_000, day: 24 * 3_600_000 } as const;

/** "Today" begins at midnight where the browser is. */
export function spanOf(range: TimeRange, nowMs = Date.now()): { fromMs: number; toMs: number } {
  if (range.name === 'custom') return { fromMs: range.fromMs, toMs: range.toMs };
  if (range.name === 'today') return { fromMs: new Date(nowMs).setHours(0, 0, 0, 0), toMs: nowMs };
  return { fromMs: nowMs - LENGTH_MS[range.name], toMs: nowMs };
}

export const rangeKey = (range: TimeRange): string =>
  range.name === 'custom' ? `${range.fromMs}-${range.toMs}` : range.name;

/** What `<input type="datetime-local">` reads and writes: local time without a zone. */
export function toLocalInput(atMs: number): string {
  const at = new Date(atMs);
  return new Date(atMs - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export const fromLocalInput = (text: string): number => new Date(text).getTime();
