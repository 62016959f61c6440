/** The rows of a panel by what their columns are for, and what to draw them with. */
import type { PanelAnswer, PanelValue } from '#models/schema/dashboard.ts';
import type { PanelColumn } from '#models/schema/panel.ts';
import type { Words } from '../words/english.ts';
import { formatTime } from '../words/figures.ts';
import type { Language } from '../words/language.tsx';
import type { SubjectRef } from './asked.ts';
import { type Names, nameOf } from './names.ts';
import { asNumber, asTimeMs, unitText } from './value-text.ts';

/** What words, names and times are made of. */
export type Telling = {
  words: Words;
  names: Names;
  zone: string;
  fromMs: number;
  toMs: number;
  /** Somebody asked for another period beside it. */
  isCompared: boolean;
};

type Part = PanelColumn['part'];
export type Column = PanelColumn & { index: number };

export const columnsOf = ({ columns }: Pick<PanelAnswer, 'columns'>): Column[] =>
  columns.map((column, index) => ({ ...column, index }));

export const partsOf = (answer: Pick<PanelAnswer, 'columns'>, part: Part): Column[] =>
  columnsOf(answer).filter((column) => column.part === part);

export const partOf = (answer: Pick<PanelAnswer, 'columns'>, part: Part): Column | undefined =>
  partsOf(answer, part)[0];

export const languageOf = ({ locale }: Words): Language => (locale.startsWith('zh') ? 'zh' : 'en');

export const titleOf = (column: Pick<PanelColumn, 'title'>, words: Words): string => column.title[languageOf(words)];

/** One cell in words. */
export function cellText(value: PanelValue | undefined, column: PanelColumn, telling: Telling): string {
  const { words, zone } = telling;
  if (value === null || value === undefined || value === '') return words.dashboard.notKnown;
  if (column.part === 'time') {
    const atMs = asTimeMs(value);
    return atMs === null ? String(value) : formatTime(atMs, words, { zone, withDay: true });
  }
  if (column.part === 'hour-of-week') return hourName(Number(value), words);
  if (column.part === 'label' || column.part === 'series' || column.part === 'state')
    return nameOf(String(value), column.names, telling);
  const number = asNumber(value);
  if (number === null) return String(value);
  return unitText(number, column.part === 'observed-share' ? 'share' : column.unit, words);
}

const MONDAY_MS = Date.UTC(2024, 0, 1);

/** 41 → "Tue 17:00–18:00" */
export function hourName(hour: number, words: Words): string {
  const day = new Intl.DateTimeFormat(words.locale, { weekday: 'short', timeZone: 'UTC' }).format(
    MONDAY_MS + Math.floor(hour / 24) * 86_400_000,
  );
  const two = (of: number) => String(of).padStart(2, '0');
  return `${day} ${two(hour % 24)}:00–${two((hour % 24) + 1)}:00`;
}

/** Where a cell leads: the dashboard of the area, camera or rule that it names. */
export function leadsTo(value: PanelValue | undefined, { names }: PanelColumn): SubjectRef | null {
  if (typeof value !== 'string' || value === '') return null;
  return names === 'area' || names === 'camera' || names === 'rule' ? { type: names, id: value } : null;
}

/** Distinct values of a column, in the order in which they come. */
export const distinct = (answer: PanelAnswer, column: Column | undefined): string[] =>
  column === undefined ? [''] : [...new Set(answer.rows.map((row) => String(row[column.index] ?? '')))];
