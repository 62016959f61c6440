/** A panel of headline figures: each value column begins one; what is normal, its spread and the share watched follow it. */
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import { type Column, columnsOf, type Telling, titleOf } from '../panel-rows.ts';
import { asNumber } from '../value-text.ts';

export type HeadlineFigure = {
  title: string;
  column: Column;
  value: number | null;
  /** The same figure in the compared period, where one is asked for. */
  before: number | null;
  normal: number | null;
  spread: number | null;
  share: number | null;
};

export function headlineFigures(answer: PanelAnswer, { words, isCompared }: Telling): HeadlineFigure[] {
  const [now = [], other] = answer.rows;
  const before = isCompared ? other : undefined;
  const figures: HeadlineFigure[] = [];
  for (const column of columnsOf(answer)) {
    const value = asNumber(now[column.index]);
    const last = figures.at(-1);
    if (column.part === 'value') {
      const was = before === undefined ? null : asNumber(before[column.index]);
      figures.push({
        title: titleOf(column, words),
        column,
        value,
        before: was,
        normal: null,
        spread: null,
        share: null,
      });
    } else if (column.part === 'normal' && last !== undefined) last.normal = value;
    else if (column.part === 'spread' && last !== undefined) last.spread = value;
    else if (column.part === 'compare' && isCompared && last !== undefined) last.before = value;
    else if (column.part === 'observed-share' && last !== undefined) last.share = value;
  }
  return figures;
}

/** −1 and 1: outside what is usual; 0 within, or not known. */
export function departureOf({ value, normal, spread }: HeadlineFigure): -1 | 0 | 1 {
  if (value === null || normal === null || spread === null || spread <= 0) return 0;
  const away = (value - normal) / spread;
  return away > 2 ? 1 : away < -2 ? -1 : 0;
}
