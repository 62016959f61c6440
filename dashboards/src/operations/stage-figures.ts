/** A stage's figures as people read them. */
import type { OperationFigure, StageNow } from '#models/schema/operations.ts';
import type { Words } from '../words/english.ts';
import { formatCompact, formatDuration, formatNumber, formatTime } from '../words/figures.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function formatBytes(bytes: number, words: Words): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${formatNumber(bytes / 1024 ** power, words)} ${UNITS[power]}`;
}

/** Before two samples there is no rate; after them only where nobody counts. */
export function rateText({ ratePerS }: StageNow, { words, windowS }: { words: Words; windowS: number | null }): string {
  if (ratePerS !== null) return formatCompact(ratePerS, words);
  return windowS === null ? words.operations.measuring : words.operations.uncounted;
}

/** What stands below the rate: how late, and what waits. */
export function delayText({ stage, lagS, backlog, figures }: StageNow, words: Words): string {
  if (stage === 'cameras') {
    const of = (name: OperationFigure['name']) => figures.find((one) => one.name === name)?.value ?? 0;
    return words.operations.live(formatNumber(of('cameras-live'), words), formatNumber(of('cameras-all'), words));
  }
  const lag = lagS === null ? [] : [formatDuration(lagS, words)];
  const waits = backlog === null || backlog === 0 ? [] : [words.operations.waits(formatCompact(backlog, words))];
  return [...lag, ...waits].join(' · ');
}

/** Only what went wrong; empty where nothing did. */
export function lossText({ dropped, errors }: StageNow, words: Words): string {
  const { lost, failed } = words.operations;
  return [
    ...(dropped === null || dropped === 0 ? [] : [lost(formatCompact(dropped, words))]),
    ...(errors === null || errors === 0 ? [] : [failed(formatCompact(errors, words))]),
  ].join(' · ');
}

export function figureText({ name, value }: OperationFigure, words: Words, zone: string): string {
  if (name === 'closed-hour') return formatTime(value, words, { zone });
  if (/seconds/.test(name)) return formatDuration(value, words);
  if (/bytes|disk|headroom/.test(name)) return formatBytes(value, words);
  return formatCompact(value, words);
}
