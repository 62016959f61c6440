/** Durations as people write them: 90s, 30m, 2h, 30d, 4w. */
import { InvalidArgumentError } from 'commander';

const UNITS_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds; throws InvalidArgumentError for what is none. */
export function readDurationMs(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([smhdw])$/.exec(text.trim()) ?? [];
  const ms = Math.round(Number(number) * (UNITS_MS[unit] ?? Number.NaN));
  if (!Number.isFinite(ms) || ms <= 0)
    throw new InvalidArgumentError(`"${text}" is no duration: 90s, 30m, 2h, 30d, 4w`);
  return ms;
}
