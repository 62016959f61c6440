/** A change of a field in words, for the terminal. */
import type { FieldChange } from '#models/schema/camera-change.ts';

const LENGTH_MAX = 60;

/** "name: Gate → North gate", "area: + g-1", "model: − yolox-s", "password changed". */
export function changeText({ field, before, after }: FieldChange): string {
  if (field === 'password') return `password ${String(after)}`;
  if (before === undefined) return `${field}: + ${shown(after)}`;
  if (after === undefined) return `${field}: − ${shown(before)}`;
  return `${field}: ${shown(before)} → ${shown(after)}`;
}

function shown(value: unknown): string {
  const text = Array.isArray(value) ? value.join(' ') : String(value);
  return text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX)}…` : text;
}
