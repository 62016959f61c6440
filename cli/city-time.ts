/** Reads a time as a person writes it: by the city's clock (UTC+8) where it names no zone. */
import { FaultError } from '#models/schema/fault.ts';

/** Milliseconds; throws FaultError `invalid-value` that names the option. */
export function readCityTime(text: string, option: string): number {
  const isZoned = /(Z|[+-]\d\d:?\d\d)$/.test(text);
  const atMs = Date.parse(isZoned ? text : `${text.length === 10 ? `${text}T00:00` : text}+08:00`);
  if (Number.isNaN(atMs))
    throw new FaultError('invalid-value', `--${option} expects a time like 2026-06-09T17:00, got ${text}`);
  return atMs;
}
