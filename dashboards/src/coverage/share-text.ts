/** A share as people read it: whole percents, and a digit more where little would become nothing. */
import type { Words } from '../words/english.ts';

export function formatShare(share: number, words: Words): string {
  const digits = share > 0 && share < 0.095 ? 1 : 0;
  const shown = share > 0.995 && share < 1 ? 0.99 : share;
  return new Intl.NumberFormat(words.locale, { style: 'percent', maximumFractionDigits: digits }).format(shown);
}
