/** Seconds and numbers per kind, and how they add up. */
import { KINDS, type Kind } from '#models/schema/kind.ts';

export type PerKind = Record<Kind, number>;

export const noneOfAny = (): PerKind => Object.fromEntries(KINDS.map((kind) => [kind, 0])) as PerKind;

export function addTo(sum: PerKind, more: PerKind, times = 1): void {
  for (const kind of KINDS) sum[kind] += more[kind] * times;
}

/** Adds `times` of every entry of one table to another. */
export function addTable(sum: Map<string, PerKind>, more: ReadonlyMap<string, PerKind>, times = 1): void {
  for (const [key, counts] of more) addTo(rowOf(sum, key), counts, times);
}

export function rowOf(table: Map<string, PerKind>, key: string): PerKind {
  const known = table.get(key);
  if (known !== undefined) return known;
  const row = noneOfAny();
  table.set(key, row);
  return row;
}
