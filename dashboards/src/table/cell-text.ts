/** A figure of the table in words: its value with unit, its source, its age and the share observed. */
import type { TableCell, TableRow } from '#models/schema/area-table.ts';
import type { Words } from '../words/english.ts';
import { inZone } from '../words/figures.ts';

export function valueText({ value }: Pick<TableCell, 'value'>, { unit }: Pick<TableRow, 'unit'>, words: Words): string {
  if (value === null) return words.table.unknown;
  const number = value.toLocaleString(words.locale, { maximumFractionDigits: 2 });
  const shown = words.table.units[unit] ?? unit;
  return shown === '' ? number : `${number} ${shown}`;
}

export function sourceText(
  { source, parts, value }: TableCell,
  { origin }: Pick<TableRow, 'origin'>,
  words: Words,
): string {
  if (value === null) return '';
  const said =
    origin === 'imported' && source !== 'areas'
      ? source
      : words.table.origins[origin === 'imported' ? 'registry' : origin];
  if (parts === undefined) return said;
  return [words.table.sum(parts.known, parts.all), said].filter((part) => part !== '').join(' · ');
}

/** A day stays as it is; a moment is told in the reader's own time. */
export function ageText({ asOf, value }: TableCell, words: Words): string {
  if (asOf === null || value === null) return '';
  if (!asOf.includes('T')) return asOf;
  return new Date(asOf).toLocaleString(words.locale, { ...inZone(words), dateStyle: 'short', timeStyle: 'short' });
}

export function shareText({ observedShare, value }: TableCell, words: Words): string {
  if (observedShare === null || value === null) return '';
  return observedShare.toLocaleString(words.locale, { style: 'percent', maximumFractionDigits: 1 });
}
